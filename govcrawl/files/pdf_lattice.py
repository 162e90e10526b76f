"""The geometry of ruled tables: boxes of cells → rows, columns and spans. Lengths are in points from the top left."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from govcrawl.models import Box

Rectangle = tuple[float, float, float, float]
"""left, top, right, bottom"""

ONE_RULE = 5.0
"""Points. Rules that are closer count as one, since no text fits between. Browsers rule cells 3 points apart."""


@dataclass(frozen=True, slots=True)
class Area:
    """A cell: the places it covers, and its box, or one box for each page if the end of a page cuts it.

    `cut_above` and `cut_below` mean that no rule ends it there: it may continue on another page.
    """

    row: int
    column: int
    rowspan: int
    colspan: int
    boxes: tuple[Box, ...]
    cut_above: bool = False
    cut_below: bool = False

    def places(self) -> Iterator[tuple[int, int]]:
        """Yields each (row, column) that the cell covers."""
        for row in range(self.row, self.row + self.rowspan):
            for column in range(self.column, self.column + self.colspan):
                yield row, column

    def among(self, rows: Sequence[int]) -> Area:
        """Returns the area in a lattice reduced to these rows. Its rowspan is 0 if it covers none of them."""
        first, behind = bisect_left(rows, self.row), bisect_left(rows, self.row + self.rowspan)
        return replace(self, row=first, rowspan=behind - first)


@dataclass(frozen=True, slots=True)
class Lattice:
    """A ruled table. `columns` are the left edges and the last right one; `bands` the (page, top, bottom) of rows."""

    columns: tuple[float, ...]
    bands: tuple[tuple[int, float, float], ...]
    areas: tuple[Area, ...]

    @property
    def bbox(self) -> Rectangle:
        """The edges of a table on one page: left, top, right, bottom."""
        return self.columns[0], self.bands[0][1], self.columns[-1], self.bands[-1][2]

    def closed(self) -> Lattice:
        """Returns the lattice with one more cell for each place that no cell covers."""
        covered = {place for area in self.areas for place in area.places()}
        every = ((row, column) for row in range(len(self.bands)) for column in range(len(self.columns) - 1))
        return replace(self, areas=(*self.areas, *(self._alone(*place) for place in every if place not in covered)))

    def _alone(self, row: int, column: int) -> Area:
        page, top, bottom = self.bands[row]
        box = Box(page, (self.columns[column], top, self.columns[column + 1], bottom))
        return Area(row, column, 1, 1, (box,))

    def without_slivers(self, has_text: Callable[[Area], bool]) -> Lattice:
        """Returns the lattice with rows joined that a stray rule cuts in two. A joined row keeps the taller band.

        At a page break, the rules of a cell that spans rows may end inside a row.
        """
        cuts = _cuts([area for area in self.areas if has_text(area)])
        kept = [0] if self.bands else []
        for row in range(1, len(self.bands)):
            if row not in cuts:
                kept.append(row)
            elif self._height(row) > self._height(kept[-1]):
                kept[-1] = row
        areas = (area.among(kept) for area in self.areas)
        return replace(
            self, bands=tuple(self.bands[row] for row in kept), areas=tuple(area for area in areas if area.rowspan)
        )

    def _height(self, row: int) -> float:
        _, top, bottom = self.bands[row]
        return bottom - top


def _cuts(areas: Sequence[Area]) -> set[int]:
    """The rows that are the lower part of the row above, judged by the cells with text.

    In such a row no cell begins, and at least one cell lies in both parts. A cell that ends with the upper part began
    before the last of those that lie in both.
    """
    begun, lasting, ended = {area.row for area in areas}, dict[int, int](), dict[int, int]()
    for area in areas:
        *above, last = range(area.row + 1, area.row + area.rowspan + 1)
        for row in above:
            lasting[row] = max(lasting.get(row, 0), area.row)
        ended[last] = max(ended.get(last, 0), area.row)
    return {row for row, latest in lasting.items() if row not in begun and ended.get(row, -1) < latest}


def lattice(page: int, boxes: Iterable[Rectangle]) -> Lattice:
    """Returns the lattice of the cells with these boxes on a page."""
    boxes = [box for box in boxes if min(box[2] - box[0], box[3] - box[1]) > ONE_RULE]
    columns = _edges(edge for left, _, right, _ in boxes for edge in (left, right))
    rules = _edges(edge for _, top, _, bottom in boxes for edge in (top, bottom))
    bands = tuple((page, top, bottom) for top, bottom in pairwise(rules))
    areas = []
    for box in boxes:
        row, rowspan = _covered(rules, box[1], box[3])
        column, colspan = _covered(columns, box[0], box[2])
        areas.append(Area(row, column, rowspan, colspan, (Box(page, box),)))
    return Lattice(columns, bands, tuple(areas))


def _edges(places: Iterable[float]) -> tuple[float, ...]:
    edges: list[float] = []
    for place in sorted(places):
        if not edges or place - edges[-1] > ONE_RULE:
            edges.append(place)
    return tuple(edges)


def _covered(edges: Sequence[float], begin: float, end: float) -> tuple[int, int]:
    """The first interval between edges within a stretch, and the number of them."""
    first, last = (min(range(len(edges)), key=lambda number: abs(edges[number] - edge)) for edge in (begin, end))
    return first, max(last - first, 1)


def joins(upper: Lattice, lower: Lattice) -> bool:
    """Whether two tables may be parts of one: their left edges and their right edges agree."""
    ends = ((upper.columns[0], lower.columns[0]), (upper.columns[-1], lower.columns[-1]))
    return all(abs(above - below) <= ONE_RULE for above, below in ends)


def joined(upper: Lattice, lower: Lattice) -> Lattice:
    """Joins two parts of a table over the columns of both. The parts of a cell cut by the end of a page are joined."""
    columns = _edges((*upper.columns, *lower.columns))
    begun = {(area.column, area.colspan): area for area in _moved(upper.areas, columns, 0) if area.cut_below}
    areas = [area for area in _moved(upper.areas, columns, 0) if not area.cut_below]
    for area in _moved(lower.areas, columns, len(upper.bands)):
        start = begun.pop((area.column, area.colspan), None) if area.cut_above else None
        areas.append(_together(start, area) if start else area)
    return Lattice(columns, upper.bands + lower.bands, (*areas, *begun.values()))


def _moved(areas: Iterable[Area], columns: Sequence[float], rows: int) -> Iterator[Area]:
    """The cells expressed in other columns, and some rows further down."""
    for area in areas:
        left, _, right, _ = area.boxes[0].bbox
        column, colspan = _covered(columns, left, right)
        yield replace(area, row=area.row + rows, column=column, colspan=colspan)


def _together(upper: Area, lower: Area) -> Area:
    rowspan, boxes = lower.row + lower.rowspan - upper.row, upper.boxes + lower.boxes
    return replace(upper, rowspan=rowspan, boxes=boxes, cut_below=lower.cut_below)
