"""The structure that a browser builds for tables whose mark-up omits tags.

A cell's content is located in the bytes, its row and table in a tree. The tree is built from a skeleton that holds only
the tags that shape tables, each stamped with its number in the page. No text and no attribute of the page reaches the
tree builder: no stamp can break a tag, no attribute can imitate a stamp, and 100,000 levels of `<div>` add no depth.
"""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser, LexborNode

from govcrawl.pages.html_tag import Tag
from govcrawl.pages.limits import Limits
from govcrawl.pages.markup import Markup
from govcrawl.pages.table_modes import TableModes
from govcrawl.pages.table_shape import Shape, TableRow, TableShape

_STAMP = "o"  # the attribute of a skeleton's tag that holds its number in the page


def built_shape(markup: Markup, limits: Limits) -> Shape:
    """Returns the shape that the HTML standard gives the tables of a page.

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
    """The tables of the skeleton's tree, in document order."""
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
    """The parent of a cell, a row or a group of rows. The tree builder supplies it where the page omits it."""
    parent = node.parent
    assert parent is not None
    return parent
