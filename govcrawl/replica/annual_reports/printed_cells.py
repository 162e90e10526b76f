"""How a figure is printed in its cell, and what a reader must make of it.

A habit is how a publisher prints cells: zeros left blank, a slash where a row does not apply, full-width digits,
amounts with their unit. The printed text and what it says (number, blank, slash, text) are made together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from govcrawl.forms import FormItem
from govcrawl.replica.annual_reports.figures import FigureValue, YearFigures
from govcrawl.vocabulary import Status


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """A cell as printed: `text` is on the page, `value` and `status` are what it says, `unit` is the printed one."""

    text: str
    value: FigureValue | None
    status: Status = Status.NUMBER
    unit: str | None = None

    @property
    def truth(self) -> FigureValue | str:
        """The number, or the status where there is none; the manifest has it so."""
        return self.status if self.value is None else self.value


_Habit = Callable[[FormItem, FigureValue], PrintedCell]

_FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")


def _plain(_: FormItem, value: FigureValue) -> PrintedCell:
    return PrintedCell(str(value), value)


def _spaced(_: FormItem, value: FigureValue) -> PrintedCell:
    return PrintedCell(f"\u00a0{value}\u3000", value)


def _full_width(_: FormItem, value: FigureValue) -> PrintedCell:
    return PrintedCell(str(value).translate(_FULL_WIDTH), value)


def _thousands(_: FormItem, value: FigureValue) -> PrintedCell:
    return PrintedCell(f"{value:,}", value)


def _blank_zeros(item: FormItem, value: FigureValue) -> PrintedCell:
    if value == 0 and item.table == "applications" and item.column != "total":
        return PrintedCell("", None, Status.BLANK)
    return _plain(item, value)


def _slashed_rules(item: FormItem, value: FigureValue) -> PrintedCell:
    return PrintedCell("/", None, Status.SLASH) if item.row == "rules" else _plain(item, value)


def _words(item: FormItem, value: FigureValue) -> PrintedCell:
    if item.column == "items_delta" and value:
        return PrintedCell(f"减少{-value}" if value < 0 else f"+{value}", value)
    if item.column == "amount" and value:
        return PrintedCell(f"{value}万元", value, unit="万元")
    if item.column == "fee_amount_10k_yuan" and not value:
        return PrintedCell("无", None, Status.TEXT)
    return _plain(item, value)


_HABITS: Mapping[str, _Habit] = {
    "plain": _plain,
    "spaced": _spaced,
    "full-width": _full_width,
    "thousands": _thousands,
    "blank-zeros": _blank_zeros,
    "slashed-rules": _slashed_rules,
    "words": _words,
}


def print_cells(items: Mapping[str, FormItem], figures: YearFigures, habit: str) -> dict[str, PrintedCell]:
    """Every cell of a report as a publisher of that habit prints it, by place, in the order of the form."""
    return {place: _HABITS[habit](item, figures.get(place, 0)) for place, item in items.items()}
