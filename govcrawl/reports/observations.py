"""What one reader saw on a page: texts at places of the forms, and the places it could not be sure of.

Both readers, the one of grids and the one of text order, give this shape, so that they can be held against each other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Protocol

from govcrawl.models import Issue, Locator

CellKey = tuple[str, str, str]
"""`(table, row, column)` by the keys of the forms."""

_ROW_OF = itemgetter(0, 1)


@lru_cache(maxsize=1 << 10)
def cells_of_row(table: str, row: str, columns: tuple[str, ...]) -> tuple[CellKey, ...]:
    """The places of a row, column by column."""
    return tuple((table, row, column) for column in columns)


class SeenText(Protocol):
    """The text at a place and where it stands: a cell of a grid, or a piece of running text."""

    @property
    def raw(self) -> str:
        """The text without white space."""

    @property
    def locator(self) -> Locator:
        """The bytes of the text."""


@dataclass(slots=True)
class Observations:
    """Everything one reader saw. `doubts` are places with the reason why their text cannot be told.

    `shared` are those among them that the page itself leaves open, so that no other reader can tell them either.
    `shaky` are places of rows that begin with blanks, which may be cells of the label or of the figures.
    `units` are printed beside a `(table, row)`. `votes` counts, for each table, the heads that speak for each form.
    `splits` are the bytes, in rising order, at which a figure begins that stands apart from one before it in its cell.
    """

    cells: dict[CellKey, SeenText] = field(default_factory=dict)
    doubts: dict[CellKey, str] = field(default_factory=dict)
    shared: set[CellKey] = field(default_factory=set)
    shaky: set[CellKey] = field(default_factory=set)
    units: dict[tuple[str, str], str] = field(default_factory=dict)
    votes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    splits: tuple[int, ...] = ()
    issues: list[Issue] = field(default_factory=list)

    def add(self, place: CellKey, seen: SeenText) -> None:
        """Keep what was seen; the same place seen twice with different texts is a doubt."""
        before = self.cells.setdefault(place, seen)
        if before.raw != seen.raw:
            self.doubts[place] = f"stands twice on the page, as {before.raw!r} and {seen.raw!r}"
            self.shared.add(place)

    def add_row(self, row: Sequence[CellKey], seen: Sequence[SeenText]) -> None:
        """Keep what was seen at the places of a row."""
        if self.cells.keys().isdisjoint(row):
            self.cells.update(zip(row, seen, strict=True))
            return
        for place, each in zip(row, seen, strict=True):
            self.add(place, each)

    def doubt(self, place: CellKey, reason: str) -> None:
        """Remember that a place exists on the page and cannot be told."""
        self.doubts.setdefault(place, reason)

    def told(self) -> Mapping[CellKey, SeenText]:
        """What was seen for certain."""
        if not self.doubts:
            return self.cells
        return {place: seen for place, seen in self.cells.items() if place not in self.doubts}

    def rows(self) -> Mapping[str, set[str]]:
        """The keys of the rows met, told or not, by table."""
        rows: dict[str, set[str]] = defaultdict(set)
        for table, row in set(map(_ROW_OF, chain(self.cells, self.doubts))):
            rows[table].add(row)
        return rows
