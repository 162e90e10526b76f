"""The statutory forms: one TOML file each, loaded once and checked.

`load()` gives them by key. To teach the reader a new spelling of a label, add it to the `variants` of that label in the
TOML file; keys and the order of rows and columns are promises to users and stay.
"""

from functools import cache

from govcrawl.forms.form import (
    Form,
    FormColumn,
    FormIdentity,
    FormItem,
    FormRow,
    Forms,
    FormSection,
    FormTable,
    FormTerm,
    Subsection,
    TableBlock,
)
from govcrawl.forms.loading import parse_forms, read_forms

__all__ = [
    "Form",
    "FormColumn",
    "FormIdentity",
    "FormItem",
    "FormRow",
    "FormSection",
    "FormTable",
    "FormTerm",
    "Forms",
    "Subsection",
    "TableBlock",
    "load_forms",
    "parse_forms",
]


@cache
def load_forms() -> Forms:
    """The forms by key (`f2021`, `f2019`, `f2014_stat`, `f2008_narrative`); raises FormError where a file is wrong."""
    return read_forms()
