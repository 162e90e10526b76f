"""What is refused before it is read: limits that no honest page comes near, counted in linear passes over the page.

Nothing in this package takes more than linear time or memory within them. A page beyond one is not read in part: it
is refused whole, with the name of the limit and the figure, so that nobody takes a cut page for a complete one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from govcrawl.errors import LimitError
from govcrawl.pages.html_tag import SELF_ENDING, VOID, Tag
from govcrawl.pages.markup import Markup


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is read of one page. The largest real report seen has some 6,000 tags and 20 levels."""

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
        """Nothing, or the refusal of the page.

        Raises:
            LimitError: `figure` is beyond the limit of that name.
        """
        limit = getattr(self, name)
        if figure > limit:
            raise LimitError(f"page refused: {figure:,} {name.replace('_', ' ')}, limit {limit:,}; read it by hand")


PAGE_LIMITS = Limits()


def check_bytes(body: bytes, limits: Limits = PAGE_LIMITS) -> None:
    """What the bytes alone tell: size, NUL bytes, entities, and tags, which no page has more of than `<`.

    Raises:
        LimitError: one of them is beyond its limit.
    """
    limits.allow("bytes", len(body))
    limits.allow("nul_bytes", body.count(b"\0"))
    limits.allow("entities", body.count(b"&"))
    limits.allow("tags", body.count(b"<"))


def check_markup(markup: Markup, limits: Limits = PAGE_LIMITS) -> None:
    """What the tags tell: their size, and how deep they nest.

    Raises:
        LimitError: one of them is beyond its limit.
    """
    sizes = (len(tag.source) for tag in markup.kinds if tag.name and not tag.opaque)
    limits.allow("tag_bytes", max(sizes, default=0))
    # A rough count first: only a page that fails it is walked, to see what its unclosed elements end with.
    if _rough_depth(markup) > limits.depth:
        limits.allow("depth", _depth(markup.every_tag(), limits.depth))


def _rough_depth(markup: Markup) -> int:
    """No less than the most elements open at once that need an end tag."""
    deepest = max(fragment.deepest for fragment in markup.fragment_kinds)
    opened = sum(fragment.opened * times for fragment, times in markup.fragment_kinds.items())
    return deepest + opened + markup.codes.count("t")


_WALLS = frozenset({"table", "ul", "ol", "menu", "dl", "select", "datalist", "object", "button"})
"""Elements behind which a start tag ends nothing that was opened before them."""


def _depth(tags: Iterable[Tag], enough: int) -> int:
    """The most elements open at once, up to one more than `enough`."""
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
    """An end tag ends everything that was left open inside its element; without one it is ignored."""
    if kind in stack:
        while stack.pop() != kind:
            pass


def _end_last(stack: list[str], kind: str) -> None:
    """A start tag ends the element of its kind that is open without a wall between."""
    for height in range(len(stack) - 1, -1, -1):
        if stack[height] == kind:
            del stack[height:]
            return
        if stack[height] in _WALLS:
            return
