"""The geometry of ruled tables: boxes of cells → rows, columns and spans. Lengths are points from the top left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from govcrawl.models import Box

Rectangle = tuple[float, float, float, float]
"""left, top, right, bottom"""

_ONE_RULE = 2.0  # two rules closer than this are one
_ONE_COLUMN = 4.0  # on the next page the rules of a column may stand this far off


@dataclass(frozen=True, slots=True)
class Area:
    """A cell: the places it covers, and its box."""

    row: int
    column: int
    rowspan: int
    colspan: int
    box: Box

    def places(self) -> Iterator[tuple[int, int]]:
        """Each (row, column) it covers."""
        for row in range(self.row, self.row + self.rowspan):
            for column in range(self.column, self.column + self.colspan):
                yield row, column


@dataclass(frozen=True, slots=True)
class Lattice:
    """A ruled table. `columns` are the left edges and the last right one; `bands` the (page, top, bottom) of rows."""

    columns: tuple[float, ...]
    bands: tuple[tuple[int, float, float], ...]
    areas: tuple[Area, ...]

    def closed(self) -> Lattice:
        """The same with a cell of its own at each place that none covers."""
        covered = {place for area in self.areas for place in area.places()}
        every = ((row, column) for row in range(len(self.bands)) for column in range(len(self.columns) - 1))
        return replace(self, areas=(*self.areas, *(self._alone(*place) for place in every if place not in covered)))

    def _alone(self, row: int, column: int) -> Area:
        page, top, bottom = self.bands[row]
        box = Box(page, (self.columns[column], top, self.columns[column + 1], bottom))
        return Area(row, column, 1, 1, box)


def lattice(page: int, boxes: Iterable[Rectangle]) -> Lattice:
    """The table whose cells have these boxes on a page."""
    boxes = list(boxes)
    columns = _edges((edge for left, _, right, _ in boxes for edge in (left, right)), _ONE_RULE)
    rules = _edges((edge for _, top, _, bottom in boxes for edge in (top, bottom)), _ONE_RULE)
    bands = tuple((page, top, bottom) for top, bottom in pairwise(rules))
    areas = []
    for box in boxes:
        row, rowspan = _covered(rules, box[1], box[3])
        column, colspan = _covered(columns, box[0], box[2])
        areas.append(Area(row, column, rowspan, colspan, Box(page, box)))
    return Lattice(columns, bands, tuple(areas))


def _edges(places: Iterable[float], tolerance: float) -> tuple[float, ...]:
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > tolerance:
            edges.append(place)
    return tuple(edges)


def _covered(edges: Sequence[float], begin: float, end: float) -> tuple[int, int]:
    """The first place between edges that lies in a stretch, and how many do."""
    first, last = (min(range(len(edges)), key=lambda number: abs(edges[number] - edge)) for edge in (begin, end))
    return first, max(last - first, 1)


def joins(upper: Lattice, lower: Lattice) -> bool:
    """Whether a table may go on in another: it begins and ends at the same places across the page."""
    ends = ((upper.columns[0], lower.columns[0]), (upper.columns[-1], lower.columns[-1]))
    return all(abs(above - below) <= _ONE_COLUMN for above, below in ends)


def joined(upper: Lattice, lower: Lattice) -> Lattice:
    """Two parts of a table as one, over the columns of both."""
    columns = _edges((*upper.columns, *lower.columns), _ONE_COLUMN)
    below = (replace(area, row=area.row + len(upper.bands)) for area in lower.areas)
    areas = (_moved(area, columns) for area in (*upper.areas, *below))
    return Lattice(columns, upper.bands + lower.bands, tuple(areas))


def _moved(area: Area, columns: Sequence[float]) -> Area:
    left, _, right, _ = area.box.bbox
    column, colspan = _covered(columns, left, right)
    return replace(area, column=column, colspan=colspan)
