"""The statutory forms: one TOML file each, loaded once and checked.

`load_forms()` returns them by key. To teach the reader a new spelling of a label, add it to the `variants` of that
label in the TOML file. Keys and the order of rows and columns are public and never change.
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
    "APPLICATIONS",
    "FIRST_REPORT_YEAR",
    "PROACTIVE",
    "REVIEW_LITIGATION",
    "STATUTORY_TABLES",
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


FIRST_REPORT_YEAR = 2008
"""The Regulation came into force on 1 May 2008, so the first reports cover 2008."""

PROACTIVE, APPLICATIONS, REVIEW_LITIGATION = "proactive", "applications", "review_litigation"
STATUTORY_TABLES = (PROACTIVE, APPLICATIONS, REVIEW_LITIGATION)
"""The keys of the three tables of the forms since 2019, in form order."""


@cache
def load_forms() -> Forms:
    """Returns the forms by key (`f2021`, `f2019`, `f2014_stat`, `f2008_narrative`).

    Raises:
        FormError: a TOML file is inconsistent.
    """
    return read_forms()
