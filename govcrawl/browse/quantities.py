"""The quantities, outcomes and rates that charts and comparisons show, and the cells of every form that give them.

A row that a form names otherwise gives a quantity only where it counts the same thing. Everything comes from the rows
of the forms, so that a new form needs a line here at most.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from govcrawl import forms
from govcrawl.forms.form import FormItem, FormTable

QUANTITY_CELLS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "new_received": (
        ("applications", "new_received", "total"),
        ("statistics_2014", "c1_received", "value"),
        ("legacy_annex", "l_received", "current"),
    ),
    "carried_over": (("applications", "carried_over", "total"),),
    "carried_forward": (("applications", "carried_forward", "total"),),
}
"""Quantity → the cells that give it, as `(table, row, column)`."""

APPLICATION_OUTCOMES = ("granted", "partially_granted", "refused", "unable", "not_processed", "otherwise_handled")
"""What becomes of applications, in the order of the form."""

_RESULTS = "results"  # the group of rows that holds every outcome of an application

_SHARES = {
    "granted": ("granted", "partially_granted"),
    "refused": ("refused",),
    "unable": ("unable",),
    "not_processed": ("not_processed",),
}
_REVIEWS = ("reconsideration", "litigation_direct", "litigation_after_reconsideration")


@dataclass(frozen=True, slots=True)
class RateDefinition:
    """A share from 0 to 1: the sum of some items over the sum of others, as item numbers of all forms."""

    numerator: tuple[int, ...]
    denominator: tuple[int, ...]


@cache
def quantity_items() -> Mapping[int, str]:
    """Item number → the quantity of `QUANTITY_CELLS` that it gives."""
    names = {cell: name for name, cells in QUANTITY_CELLS.items() for cell in cells}
    return {item.number: names[_cell(item)] for item in _items() if _cell(item) in names}


@cache
def outcome_items() -> Mapping[int, str]:
    """Item number → the outcome of `APPLICATION_OUTCOMES` that it belongs to."""
    groups = {
        (form.key, row.key): _outcome_group(form.table("applications"), row.key)
        for form in forms.load_forms().values()
        if "applications" in form.table_keys
        for row in form.table("applications").rows
    }
    found = {item.number: groups.get((item.form, item.row)) for item in _items() if _is_total(item)}
    return {number: group for number, group in found.items() if group in APPLICATION_OUTCOMES}


@cache
def rate_definitions() -> Mapping[str, RateDefinition]:
    """The rates by which organs are compared, by name."""
    results = _numbers("applications", "result_total", "total")
    shares = {
        name: RateDefinition(tuple(number for number, group in outcome_items().items() if group in wanted), results)
        for name, wanted in _SHARES.items()
    }
    corrected = {f"{review}_corrected": f"{review}_total" for review in _REVIEWS}
    return shares | {name: RateDefinition(_cases(name), _cases(total)) for name, total in corrected.items()}


def _cases(column: str) -> tuple[int, ...]:
    return _numbers("review_litigation", "cases", column)


def _numbers(table: str, row: str, column: str) -> tuple[int, ...]:
    return tuple(item.number for item in _items() if _cell(item) == (table, row, column))


def _outcome_group(table: FormTable, key: str) -> str | None:
    """The row right below `results` that a row belongs to; None for a row that is no outcome."""
    row = next(row for row in table.rows if row.key == key)
    if row.parent in {None, _RESULTS}:
        return row.key if row.parent else None
    return _outcome_group(table, row.parent or "")


def _items() -> Iterator[FormItem]:
    return iter(forms.load_forms().by_number.values())


def _cell(item: FormItem) -> tuple[str, str, str]:
    return item.table, item.row, item.column


def _is_total(item: FormItem) -> bool:
    return item.table == "applications" and item.column == "total"
