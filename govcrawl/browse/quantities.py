"""The figures that charts and comparisons speak of, and the cells of every form that give them.

What a form calls otherwise counts under the same name only where it counts the same thing. All come from the rows of
`reports/forms`, so that a new form needs a line here at most.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from govcrawl import forms
from govcrawl.forms.form import FormItem, FormTable

_RESULTS = "results"  # the group of rows that holds every outcome of an application

SERIES: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "new_received": (
        ("applications", "new_received", "total"),
        ("statistics_2014", "c1_received", "value"),
        ("legacy_annex", "l_received", "current"),
    ),
    "carried_over": (("applications", "carried_over", "total"),),
    "carried_forward": (("applications", "carried_forward", "total"),),
}
"""Quantity → the cells that give it, as `(table, row, column)`."""

OUTCOMES = ("granted", "partially_granted", "refused", "unable", "not_processed", "otherwise_handled")
"""What becomes of applications, in the order of the form."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A share between 0 and 1: the sum of some items over another's, as item numbers of all forms."""

    numerator: tuple[int, ...]
    denominator: tuple[int, ...]


@cache
def series() -> Mapping[int, str]:
    """Item number → the quantity of `SERIES` that it gives."""
    names = {place: name for name, places in SERIES.items() for place in places}
    return {item.number: names[_place(item)] for item in _items() if _place(item) in names}


@cache
def outcomes() -> Mapping[int, str]:
    """Item number → the outcome of `OUTCOMES` that it belongs to."""
    groups = {
        (form.key, row.key): _group(form.table("applications"), row.key)
        for form in forms.load_forms().values()
        if "applications" in form.table_keys
        for row in form.table("applications").rows
    }
    found = {item.number: groups.get((item.form, item.row)) for item in _items() if _is_total(item)}
    return {number: group for number, group in found.items() if group in OUTCOMES}


@cache
def rates() -> Mapping[str, Rate]:
    """The rates that organs are compared by."""
    all_results = _numbers("applications", ("result_total",), "total")
    shares = {name: Rate(tuple(n for n, group in outcomes().items() if group in wanted), all_results)
              for name, wanted in _SHARES.items()}  # fmt: skip
    reviews = {
        f"{review}_corrected": Rate(_cases(f"{review}_corrected"), _cases(f"{review}_total"))
        for review in ("reconsideration", "litigation_direct", "litigation_after_reconsideration")
    }
    return shares | reviews


_SHARES = {
    "granted": ("granted", "partially_granted"),
    "refused": ("refused",),
    "unable": ("unable",),
    "not_processed": ("not_processed",),
}


def _cases(column: str) -> tuple[int, ...]:
    return _numbers("review_litigation", ("cases",), column)


def _numbers(table: str, rows: tuple[str, ...], column: str) -> tuple[int, ...]:
    return tuple(i.number for i in _items() if i.table == table and i.row in rows and i.column == column)


def _group(table: FormTable, key: str) -> str | None:
    """The row right below `results` that a row belongs to; None for a row that is no outcome."""
    row = next(row for row in table.rows if row.key == key)
    if row.parent in {None, _RESULTS}:
        return row.key if row.parent else None
    return _group(table, row.parent or "")


def _items() -> Iterator[FormItem]:
    return iter(forms.load_forms().by_number.values())


def _place(item: FormItem) -> tuple[str, str, str]:
    return item.table, item.row, item.column


def _is_total(item: FormItem) -> bool:
    return item.table == "applications" and item.column == "total"
