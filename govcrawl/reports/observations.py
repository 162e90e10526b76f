"""The observations of one reader: a text for each cell of the form, and the cells it is not certain of.

Both readers return this shape, so that their results can be compared.
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
    """Returns the places of a row, column by column."""
    return tuple((table, row, column) for column in columns)


class SeenText(Protocol):
    """A text and its bytes: a cell of a grid, or a piece of running text."""

    @property
    def raw(self) -> str:
        """The text without white space."""

    @property
    def locator(self) -> Locator:
        """The bytes of the text."""


@dataclass(slots=True)
class Observations:
    """Everything one reader saw. `doubts` maps a place to the reason why its text is not certain.

    `shared` holds the doubted places that the page itself leaves open, so that no other reader can decide them.
    `shaky` holds the places of rows that begin with blanks, which may be cells of the label or of the figures.
    `units` maps `(table, row)` to the unit printed beside it. `votes` counts the heads of each form, by table.
    `unheaded` holds the `(table, row)` of labels with figures beside them under no head of the table.
    `glued` holds the digits of rows in which figures touch, and the columns of the row.
    `splits` holds the ascending byte offsets at which a figure begins behind another figure of the same cell.
    """

    cells: dict[CellKey, SeenText] = field(default_factory=dict)
    doubts: dict[CellKey, str] = field(default_factory=dict)
    shared: set[CellKey] = field(default_factory=set)
    shaky: set[CellKey] = field(default_factory=set)
    units: dict[tuple[str, str], str] = field(default_factory=dict)
    votes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    glued: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    unheaded: set[tuple[str, str]] = field(default_factory=set)
    splits: tuple[int, ...] = ()
    issues: list[Issue] = field(default_factory=list)

    def add(self, place: CellKey, seen: SeenText) -> None:
        """Adds a text at a place. A second, different text at the place makes it a doubt."""
        before = self.cells.setdefault(place, seen)
        if before.raw != seen.raw:
            self.doubts[place] = f"stands twice on the page, as {before.raw!r} and {seen.raw!r}"
            self.shared.add(place)

    def add_row(self, row: Sequence[CellKey], seen: Sequence[SeenText]) -> None:
        """Adds the texts of a row, in the order of its places."""
        if self.cells.keys().isdisjoint(row):
            self.cells.update(zip(row, seen, strict=True))
            return
        for place, each in zip(row, seen, strict=True):
            self.add(place, each)

    def doubt(self, place: CellKey, reason: str) -> None:
        """Records that a place exists on the page and its text is not certain."""
        self.doubts.setdefault(place, reason)

    def told(self) -> Mapping[CellKey, SeenText]:
        """Returns the texts of all places without a doubt."""
        if not self.doubts:
            return self.cells
        return {place: seen for place, seen in self.cells.items() if place not in self.doubts}

    def rows(self) -> Mapping[str, set[str]]:
        """Returns the keys of all rows met, doubted ones included, by table."""
        rows: dict[str, set[str]] = defaultdict(set)
        for table, row in set(map(_ROW_OF, chain(self.cells, self.doubts))):
            rows[table].add(row)
        return rows
