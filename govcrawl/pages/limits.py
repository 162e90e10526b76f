"""What is refused before it is read: limits that no honest page comes near, counted in linear passes over the page.

Nothing in this package takes more than linear time or memory within them. A page beyond one is not read in part: it
is refused whole, with the name of the limit and the figure, so that nobody takes a cut page for a complete one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from govcrawl.errors import LimitError
from govcrawl.pages.markup import Markup, Tag


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is read of one page. The largest real report seen has some 6,000 tags and 20 levels."""

    bytes: int = 10_000_000
    nul_bytes: int = 1_000
    entities: int = 200_000
    tags: int = 300_000
    attribute_bytes: int = 65_536  # of one tag
    depth: int = 250  # open elements
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


LIMITS = Limits()


def check_bytes(body: bytes, limits: Limits = LIMITS) -> None:
    """What the bytes alone tell: size, NUL bytes, entities.

    Raises:
        LimitError: one of them is beyond its limit.
    """
    limits.allow("bytes", len(body))
    limits.allow("nul_bytes", body.count(b"\0"))
    limits.allow("entities", body.count(b"&"))


def check_markup(markup: Markup, limits: Limits = LIMITS) -> None:
    """What the tags tell: their number, their size, and how deep a tree they would make.

    Raises:
        LimitError: one of them is beyond its limit.
    """
    limits.allow("tags", len(markup.tags))
    limits.allow("attribute_bytes", max((len(tag.source) for tag in markup.tags if _plain(tag)), default=0))
    _check_depth(markup.tags, limits)


def _plain(tag: Tag) -> bool:
    return len(tag.source) > 1_000 and tag.name != "" and not tag.opaque


VOID = frozenset(
    ("", "area", "base", "basefont", "bgsound", "br", "col", "embed", "frame", "hr", "img", "input", "keygen", "link")
    + ("meta", "param", "source", "track", "wbr")
)
"""Elements without content; the empty name is that of comments."""

# An element that needs no end tag: a start tag of the first set ends the nearest open element of the first set,
# unless one of the second stands between them.
_ENDED_BY_NEXT = {
    name: (frozenset(names), frozenset(walls))
    for names, walls in (
        (("p",), ("td", "th", "caption", "button", "table", "object")),
        (("li",), ("ul", "ol", "menu", "table", "td", "th")),
        (("dt", "dd"), ("dl", "table", "td", "th")),
        (("option", "optgroup"), ("select", "datalist")),
        (("td", "th"), ("tr", "table")),
        (("tr",), ("table",)),
        (("thead", "tbody", "tfoot"), ("table",)),
    )
    for name in names
}


def _check_depth(tags: Sequence[Tag], limits: Limits) -> None:
    """Holds the number of open elements to its limit, with elements that need no end tag ended as a tree would."""
    stack: list[str] = []
    deepest = limits.depth
    for tag in tags:
        name = tag.name
        if name in VOID:
            continue
        if tag.closing:
            _end(stack, name)
            continue
        if name in _ENDED_BY_NEXT:
            _end_before(stack, *_ENDED_BY_NEXT[name])
        stack.append(name)
        if len(stack) > deepest:
            limits.allow("depth", len(stack))


def _end(stack: list[str], name: str) -> None:
    """The open elements after an end tag: it ends what is open inside its element; without one it is ignored."""
    if stack and stack[-1] == name:
        stack.pop()
    elif name in stack:
        while stack.pop() != name:
            pass


def _end_before(stack: list[str], names: frozenset[str], walls: frozenset[str]) -> None:
    for height in range(len(stack) - 1, -1, -1):
        if stack[height] in names:
            del stack[height:]
            return
        if stack[height] in walls:
            return
