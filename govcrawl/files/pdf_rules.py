"""Finds the ruled tables on a page of a PDF file.

The rules are cut at gaps across the page, and each stretch is read alone, so the rules of one table never move those of
another. A stretch is closed at its top and bottom, since the end of a page leaves cells open there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any

from pdfplumber.page import Page

from govcrawl.files.pdf_lattice import ONE_RULE, Lattice, Rectangle, lattice

RulingLine = dict[str, Any]

_SHORTEST = 1.0  # points; a shorter edge is the end of a rule that is drawn as a thin box
_TOLERANCES = {"join_tolerance": ONE_RULE, "intersection_tolerance": ONE_RULE}
_EXPLICIT = {"vertical_strategy": "explicit", "horizontal_strategy": "explicit"}


def ruled_tables(page: Page) -> list[Lattice]:
    """Returns the ruled tables of a page. A cell with no rule at the top or bottom of its table is marked as cut."""
    rules = [rule for rule in page.edges if rule["orientation"] and max(rule["width"], rule["height"]) >= _SHORTEST]
    return [table for stretch in _stretches(rules) for table in _tables(page, stretch)]


def _stretches(rules: Iterable[RulingLine]) -> Iterator[list[RulingLine]]:
    """The runs of rules between gaps across the page."""
    stretch: list[RulingLine] = []
    end = float("-inf")
    for rule in sorted(rules, key=itemgetter("top")):
        if stretch and rule["top"] > end + ONE_RULE:
            yield stretch
            stretch = []
        stretch.append(rule)
        end = max(end, rule["bottom"])
    yield stretch


def _tables(page: Page, stretch: Sequence[RulingLine]) -> Iterator[Lattice]:
    upright, level = ([rule for rule in stretch if rule["orientation"] == orientation] for orientation in "vh")
    if not _is_apart(upright, "x0") or not _is_apart(level, "top"):
        return
    left, right = min(map(itemgetter("x0"), upright)), max(map(itemgetter("x1"), upright))
    ends = min(map(itemgetter("top"), upright)), max(map(itemgetter("bottom"), upright))
    closing = [{**level[0], "x0": left, "x1": right, "width": right - left, "top": end, "bottom": end} for end in ends]
    lines = {"explicit_vertical_lines": upright, "explicit_horizontal_lines": [*level, *closing]}
    for table in page.find_tables({**_EXPLICIT, **_TOLERANCES, **lines}):
        made = lattice(page.page_number, table.cells)
        if made.areas:
            yield _with_cuts(made, level)


def _is_apart(rules: Sequence[RulingLine], place: str) -> bool:
    """Whether the rules have more than one position."""
    places = [rule[place] for rule in rules]
    return bool(places) and max(places) - min(places) > ONE_RULE


def _with_cuts(table: Lattice, level: Sequence[RulingLine]) -> Lattice:
    last = len(table.bands)
    areas = (
        replace(
            area,
            cut_above=not area.row and not _is_ruled(area.boxes[0].bbox, 1, level),
            cut_below=area.row + area.rowspan == last and not _is_ruled(area.boxes[0].bbox, 3, level),
        )
        for area in table.areas
    )
    return replace(table, areas=tuple(areas))


def _is_ruled(box: Rectangle, side: int, level: Sequence[RulingLine]) -> bool:
    """Whether a rule covers at least half of the upper (`side` 1) or lower (`side` 3) edge of a box."""
    left, _, right, _ = box
    shares = (
        min(rule["x1"], right) - max(rule["x0"], left) for rule in level if abs(rule["top"] - box[side]) <= ONE_RULE
    )
    return max(shares, default=0.0) >= (right - left) / 2
