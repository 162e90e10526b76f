"""Tables whose mark-up leaves tags out: the structure that a browser builds for them.

A cell's content is found in the bytes, a cell's row and table in a tree. The two meet here: a tree is built from a
skeleton that holds nothing but the tags that shape tables, and each cell in it carries the number of its tag. Nothing
of a page's own text or attributes reaches the tree builder, so no stamp can break a tag, no attribute can imitate a
stamp, and a page of 100,000 levels of `<div>` is no deeper than its tables.
"""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from govcrawl.pages.html_tag import Tag
from govcrawl.pages.limits import Limits
from govcrawl.pages.markup import Markup
from govcrawl.pages.table_modes import TableModes
from govcrawl.pages.table_shape import Shape, TableRow, TableShape

_STAMP = "o"  # the attribute of a skeleton's tags: the number of the tag in the page


def built_shape(markup: Markup, limits: Limits) -> Shape:
    """The shape that the HTML standard gives any tables.

    Raises:
        LimitError: there are more tables in tables than the limits allow.
    """
    modes = TableModes(limits)
    for place, tag in enumerate(markup.tags):
        modes.tag(place, tag)
    modes.finish(len(markup.tags))
    skeleton = "".join(_stamped(place, tag) for place, tag in enumerate(markup.tags) if tag.code != ".")
    return Shape(_tables(skeleton, modes), modes.inside)


def _stamped(place: int, tag: Tag) -> str:
    return f"</{tag.name}>" if tag.closing else f"<{tag.name} {_STAMP}={place}>"


def _tables(skeleton: str, modes: TableModes) -> list[TableShape]:
    """The tables of the tree that a skeleton makes, in document order."""
    tables: dict[int, TableShape] = {}
    rows: dict[int, TableRow] = {}
    for node in LexborHTMLParser(skeleton).css("table,tr,td,th"):
        stamp = node.attributes.get(_STAMP)
        place = int(stamp) if stamp else None
        if node.tag == "tr":
            group = _parent(node)
            rows[node.mem_id] = row = TableRow(place, group.mem_id, [])
            tables[_parent(group).mem_id].rows.append(row)
        elif place is not None and node.tag == "table":
            number = modes.inside[place]
            assert number is not None
            tables[node.mem_id] = TableShape(number, place, modes.table_ends[number], [])
        elif place is not None:
            rows[_parent(node).mem_id].cells.append((place, modes.ends[place]))
    return list(tables.values())


def _parent(node: LexborNode) -> LexborNode:
    """The parent of a cell, a row or a group of rows: the tree builder gives each of them the one it needs."""
    parent = node.parent
    assert parent is not None
    return parent
