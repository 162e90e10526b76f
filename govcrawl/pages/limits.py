"""Limits on the size of a page, far above any real one, counted in linear passes.

Within the limits, every function of this package takes linear time and memory. A page beyond a limit is refused as a
whole, with the name of the limit and the figure, so that a partial reading is never taken for a complete one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from govcrawl.errors import LimitError
from govcrawl.pages.html_tag import SELF_ENDING, VOID, Tag
from govcrawl.pages.markup import Markup


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest page that is read. The largest real report so far has 6,000 tags in 20 levels."""

    bytes: int = 10_000_000
    nul_bytes: int = 1_000
    entities: int = 100_000
    tags: int = 60_000
    tokens: int = 150_000
    tag_bytes: int = 65_536  # of one tag with its attributes
    depth: int = 250  # elements open at once
    tables: int = 5_000
    table_depth: int = 50  # tables in cells of tables
    cell_bytes: int = 30_000_000  # text of all cells; that of a nested table counts in every cell around it
    grid_places: int = 300_000  # places of all grids, spans expanded

    def allow(self, name: str, figure: int) -> None:
        """Refuses the page if `figure` is beyond the limit `name`.

        Raises:
            LimitError: it is.
        """
        limit = getattr(self, name)
        if figure > limit:
            raise LimitError(f"page refused: {figure:,} {name.replace('_', ' ')}, limit {limit:,}; read it by hand")


PAGE_LIMITS = Limits()


def check_bytes(body: bytes, limits: Limits = PAGE_LIMITS) -> None:
    """Checks what can be counted in the bytes: size, NUL bytes, entities, and `<` as an upper bound of the tags.

    Raises:
        LimitError: one of them is beyond its limit.
    """
    limits.allow("bytes", len(body))
    limits.allow("nul_bytes", body.count(b"\0"))
    limits.allow("entities", body.count(b"&"))
    limits.allow("tags", body.count(b"<"))


def check_markup(markup: Markup, limits: Limits = PAGE_LIMITS) -> None:
    """Checks the size of each tag, and how deep elements nest.

    Raises:
        LimitError: one of them is beyond its limit.
    """
    sizes = (len(tag.source) for tag in markup.kinds if tag.name and not tag.opaque)
    limits.allow("tag_bytes", max(sizes, default=0))
    # A cheap upper bound comes first. Only a page beyond it is walked tag by tag.
    if _rough_depth(markup) > limits.depth:
        limits.allow("depth", _depth(markup.every_tag(), limits.depth))


def _rough_depth(markup: Markup) -> int:
    """An upper bound of the elements that are open at once."""
    deepest = max(fragment.deepest for fragment in markup.fragment_kinds)
    opened = sum(fragment.opened * times for fragment, times in markup.fragment_kinds.items())
    return deepest + opened + markup.codes.count("t")


_WALLS = frozenset({"table", "ul", "ol", "menu", "dl", "select", "datalist", "object", "button"})
"""A start tag never ends an element that was opened outside the innermost of these."""


def _depth(tags: Iterable[Tag], enough: int) -> int:
    """The most elements that are open at once. The count stops at `enough` + 1."""
    stack: list[str] = []
    deepest = 0
    for tag in tags:
        if tag.name in VOID or tag.opaque:
            continue
        kind = SELF_ENDING.get(tag.name, tag.name)
        if tag.closing:
            _end(stack, kind)
        else:
            if tag.name in SELF_ENDING:
                _end_last(stack, kind)
            stack.append(kind)
            deepest = max(deepest, len(stack))
            if deepest > enough:
                break
    return deepest


def _end(stack: list[str], kind: str) -> None:
    """Applies an end tag: it closes its element and all within it. It is ignored if no such element is open."""
    if kind in stack:
        while stack.pop() != kind:
            pass


def _end_last(stack: list[str], kind: str) -> None:
    """Applies a start tag: it closes an open element of its kind, unless an element of `_WALLS` stands between."""
    for height in range(len(stack) - 1, -1, -1):
        if stack[height] == kind:
            del stack[height:]
            return
        if stack[height] in _WALLS:
            return
