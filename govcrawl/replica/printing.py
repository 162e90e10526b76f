"""How a figure is printed in its cell, and what a reader must make of it.

A habit is a publisher's way with cells: zeros left blank, a slash where a row does not apply, full-width digits,
amounts with their unit. The printed text and the truth about it (number, blank, slash, text) are made together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from govcrawl.forms import FormItem
from govcrawl.replica.figures import Figures, Number
from govcrawl.vocabulary import Status


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell as printed: `text` stands on the page, `value` and `status` are what it says, `unit` as printed."""

    text: str
    value: Number | None
    status: Status = Status.NUMBER
    unit: str | None = None

    @property
    def truth(self) -> Number | str:
        """The number, or the status where there is none: the form the manifest uses."""
        return self.status if self.value is None else self.value


Habit = Callable[[FormItem, Number], Shown]

FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")


def _plain(_: FormItem, value: Number) -> Shown:
    return Shown(str(value), value)


def _spaced(_: FormItem, value: Number) -> Shown:
    return Shown(f"\u00a0{value}\u3000", value)


def _full_width(_: FormItem, value: Number) -> Shown:
    return Shown(str(value).translate(FULL_WIDTH), value)


def _thousands(_: FormItem, value: Number) -> Shown:
    return Shown(f"{value:,}", value)


def _blank_zeros(item: FormItem, value: Number) -> Shown:
    if value == 0 and item.table == "applications" and item.column != "total":
        return Shown("", None, Status.BLANK)
    return _plain(item, value)


def _slashed_rules(item: FormItem, value: Number) -> Shown:
    return Shown("/", None, Status.SLASH) if item.row == "rules" else _plain(item, value)


def _words(item: FormItem, value: Number) -> Shown:
    if item.column == "items_delta" and value:
        return Shown(f"减少{-value}" if value < 0 else f"+{value}", value)
    if item.column == "amount" and value:
        return Shown(f"{value}万元", value, unit="万元")
    if item.column == "fee_amount_10k_yuan" and not value:
        return Shown("无", None, Status.TEXT)
    return _plain(item, value)


HABITS: Mapping[str, Habit] = {
    "plain": _plain,
    "spaced": _spaced,
    "full-width": _full_width,
    "thousands": _thousands,
    "blank-zeros": _blank_zeros,
    "slashed-rules": _slashed_rules,
    "words": _words,
}


def print_cells(items: Mapping[str, FormItem], figures: Figures, habit: str) -> dict[str, Shown]:
    """Every cell of a report as printed by a publisher of that habit, by place, in form order."""
    return {place: HABITS[habit](item, figures.get(place, 0)) for place, item in items.items()}
