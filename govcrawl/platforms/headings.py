"""Headings: what names a part of a page, for links and lists that do not say themselves what they lead to."""

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from parsel import Selector

from govcrawl import zh
from govcrawl.platforms.paging import pager_name
from govcrawl.titles import mentions_reports, names_report_column, names_year_column

_MORE_WORDS = r"(?:查看|点击)?更多[>»+.]*|more[>»+.]*|\+|>+|»|\.{3}|…"
"""What a link says that leads to the rest of its list."""
_LEVELS = 3
"""Elements around a list in which its heading is looked for."""

_MORE = re.compile(_MORE_WORDS, re.IGNORECASE)
_BEHIND = re.compile(rf"\s*(?:{_MORE_WORDS})\s*$", re.IGNORECASE)
_LONGEST, _PIECES = 40, 12
"""Characters of a heading, and pieces of text in it; what has more is none, and is read no further."""
_TABS = 12
_IS_TITLE = (
    "self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::dt or self::th or contains(@class, 'tit')"
)
"""What is a heading by its element or its class."""
_DEFINITIONS = 60
"""Definitions of one term behind it."""
_INSIDE = (
    f".//*[{_IS_TITLE}]//text()[not(ancestor::li)]"
    " | ./text() | ./*[self::span or self::b or self::strong or self::p]/text()"
)
_AROUND = f"ancestor-or-self::*[position() <= {_LEVELS}]"
_BLOCK = (
    "ancestor::*[self::ul or self::ol or self::dl or self::dd or self::td or self::p or self::div or self::section][1]"
)


def says_more(name: str) -> bool:
    """Whether a link's name only says that there is more."""
    return _MORE.fullmatch(pager_name(name)) is not None


def heading_around(element: Selector) -> str:
    """The first heading in the elements around a link (更多 beside the title of a list); empty for none."""
    around = element.xpath("ancestor::*[self::li or self::div or self::dl or self::tr or self::section]")
    for block in list(around)[-_LEVELS:][::-1]:
        texts = (zh.squeeze(text) for text in block.xpath(_INSIDE).getall())
        if heading := next(filter(None, texts), None):
            return heading
    return ""


def report_heading_before(element: Selector) -> str:
    """What names an element, or one of those around it, as the reports' column; empty where nothing does.

    That is what stands right before it, the term of a definition, or the tab that belongs to it. On pages of JPAAS the
    tag of each unit may be the same, and only the line above it names its list.
    """
    return next(filter(None, map(_report_heading_of, reversed(element.xpath(_AROUND)))), "")


def under_report_headings(elements: Iterable[Selector]) -> frozenset[object]:
    """The elements, of those given, that stand in a block under a heading that names the reports' column.

    Fixture `printed/organs_under_a_heading`: under 部门年报 stand the names of organs, and each leads to its column.
    """
    headed: dict[object, bool] = {}

    def is_headed(part: Selector) -> bool:
        if part.root not in headed:
            headed[part.root] = _report_heading_of(part) != ""
        return headed[part.root]

    return frozenset(each.root for each in elements if any(map(is_headed, each.xpath(f"{_BLOCK}/{_AROUND}"))))


def _report_heading_of(part: Selector) -> str:
    return next(filter(_names_reports, _names_of(part)), "")


def _names_reports(heading: str) -> bool:
    """Whether a heading names the reports' column, or a year's part of it (2024年部门年报)."""
    return names_report_column(heading) or (names_year_column(heading) and mentions_reports(heading))


def _names_of(part: Selector) -> Iterator[str]:
    """What may be the heading of a part of a page, the nearest first."""
    before = part.root.itersiblings("*", preceding=True)
    nearest = list(islice(before, _DEFINITIONS if part.root.tag == "dd" else 1))
    yield from (_short_text(each) for each in nearest[:1] if _may_name(each))
    yield from (_short_text(each) for each in nearest[1:] if each.tag == "dt")
    yield _tab_of(part.root)


def _may_name(element: Any) -> bool:
    """Whether what stands before a block may name it; a link to the reports does so only as part of a title.

    Elsewhere it is an entry of a menu, which leads to the column itself.
    """
    if element.tag == "head":
        return False
    return bool(element.xpath(f"self::*[{_IS_TITLE}]")) or not any(
        mentions_reports("".join(link.itertext())) for link in element.iter("a")
    )


def _tab_of(pane: Any) -> str:
    """The name of the tab for a pane, where as many tabs as panes stand before them; else empty."""
    parent = pane.getparent()
    tabs = None if parent is None or parent.tag == "body" else next(parent.itersiblings("*", preceding=True), None)
    while tabs is not None and len(tabs) == 1:
        tabs = tabs[0]
    panes, names = _few_children(parent), _few_children(tabs)
    return _short_text(names[panes.index(pane)]) if 1 < len(panes) == len(names) else ""


def _few_children(element: Any) -> list[Any]:
    """The elements in an element; none where they are more than tabs could be."""
    children = [] if element is None else list(islice(element.iterchildren("*"), _TABS + 1))
    return children if len(children) <= _TABS else []


def _short_text(element: Any) -> str:
    """The text of an element without the words for more; empty where it is too long for a heading."""
    pieces = tuple(islice(element.itertext(), _PIECES + 1))
    text = zh.squeeze("".join(pieces))
    return _BEHIND.sub("", text) if len(pieces) <= _PIECES and len(text) <= _LONGEST else ""
