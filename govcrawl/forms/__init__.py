"""The statutory forms: one TOML file each, loaded once and checked.

`load_forms()` returns them by key. To teach the reader a new spelling of a label, add it to the `variants` of that
label in the TOML file. Keys and the order of rows and columns are public and never change. A new form is a new TOML
file and no code (`docs/forms.md`).
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
    "in_force",
    "load_forms",
    "narrative_form",
    "national_tables",
    "parse_forms",
]


FIRST_REPORT_YEAR = 2008
"""The Regulation came into force on 1 May 2008, so the first reports cover 2008."""

PROACTIVE, APPLICATIONS, REVIEW_LITIGATION = "proactive", "applications", "review_litigation"
STATUTORY_TABLES = (PROACTIVE, APPLICATIONS, REVIEW_LITIGATION)
"""The keys of the three tables of the forms since 2019, in form order."""


@cache
def load_forms() -> Forms:
    """Returns the forms by key, one for each TOML file of this package.

    Raises:
        FormError: a TOML file is inconsistent.
    """
    return read_forms()


def national_tables() -> frozenset[str]:
    """Returns the keys of all tables of the national forms, those with the three statutory tables."""
    national = (form for form in load_forms().values() if set(STATUTORY_TABLES) <= set(form.table_keys))
    return frozenset(table for form in national for table in form.table_keys)


def narrative_form() -> Form:
    """Returns the form of reports without any prescribed table."""
    return next(form for form in load_forms().values() if form.narrative)


def in_force(year: int) -> Form:
    """Returns the form that a report of a year must follow: the last one that began by then."""
    begun = [form for form in load_forms().values() if form.first_year <= year]
    return max(begun, key=lambda form: form.first_year, default=narrative_form())
