"""Every link of a page, wherever it is written, as the page's reader or its script would follow it.

Anchors, image maps, options, whatever `onclick` or a `data-url` sends on, markup inside scripts, pairs of a name and an
address in scripts, objects of JSON. A piece of an address that a script goes on building is no address.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from parsel import Selector

from govcrawl import zh
from govcrawl.models import Portal, Response
from govcrawl.platforms.addresses import canonical
from govcrawl.platforms.markup import base_of, fragment, tree_of
from govcrawl.platforms.moving_calls import MovingFunction, address_called, moving_functions
from govcrawl.titles import looks_like_report

_DATA = ("data-url", "data-href", "data-link", "data-src-url")
_LINKING = ".//a | .//area[@href] | .//*[@onclick or @data-url or @data-href or @data-link][not(self::a)]"
_LITERAL = re.compile(r"""\\?["']([^"'\\<>{}\s]{1,500})\\?["'](?!\s*\+)""")
_DAY = r"[\[(]?20\d\d[-/.年]\d\d?[-/.月]\d\d?日?[\])]?|\d\d?\s{0,2}20\d\d[-/.]\d\d?"
_CUT = re.compile(r"[.…]+$")
_DATED = re.compile(rf"^\s*(?:{_DAY})\s+|\s+(?:{_DAY})\s*(?:\d\d:\d\d(?::\d\d)?)?\s*$|(?<=[报告结])(?:{_DAY})$")
_DATE_ALONE = re.compile(rf"{_DAY}|\d\d?日?|\d\d?[-/.月]\d\d?日?|20\d\d[-/.]\d\d?|\d\d:\d\d(?::\d\d)?")
_ADDRESS = re.compile(r"/|^[\w-]+\.(?:s?html?|jhtml|jspx?|aspx?|php|pdf|docx?|wps|ofd)(?:[?#]|$)", re.IGNORECASE)
_BUILT = re.compile(r"""['"+<>{}()\s]""")
_TEXT = r"""["']([^"'<>]{2,60})["']"""
_PLACE = (
    r"""["']((?:https?:)?/[^"'\s<>{}]{1,300}|[\w./-]{1,100}\.(?:s?html?|jspx?|aspx?|php)(?:\?[^"'\s<>{}]{0,200})?)["']"""
    r"(?!\s*\+)"
)
_ARGUMENTS = re.compile(rf"{_TEXT}\s*,\s*{_PLACE}")
"""A name and an address as arguments of a call: `d.add(3, 1, '政府信息公开年报', 'nb.html')`."""
_PAIR = re.compile(
    r"""["']?([A-Za-z][\w-]{0,40})["']?\s*:\s*(?:"((?:\\.|[^"\\]){0,500})"|'((?:\\.|[^'\\]){0,500})')(?!\s*\+)"""
)
_NAMING = re.compile(r"(?:\w*(?:name|title|text|label|caption))", re.IGNORECASE)
_ADDRESSING = re.compile(r"(?:\w*(?:url|link|href|path))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page: its canonical address as it is linked, one name it is given, and where it stands.

    `element` is None for a link that stands in a script. `is_headed` says that it stands under a heading that names the
    reports' column, where somebody looked.
    """

    url: str
    name: str
    element: Selector | None = None
    is_headed: bool = False


@lru_cache(maxsize=2)
def page_links(response: Response, portal: Portal) -> tuple[Link, ...]:
    """The links of a page to web pages on any host, in document order, those of its scripts behind the others."""
    return tuple(links_in(tree_of(response), portal, base_of(response)))


def links_in(tree: Selector, portal: Portal, base: str) -> Iterator[Link]:
    """The links of a tree, or of a part of one, whose relative addresses are joined to `base`."""
    for name, address, element in _written(tree):
        if url := canonical(address, portal, base):
            yield Link(url, name, element)


def title_of_link(link: Selector) -> str:
    """A link's full title: its `title`, since lists cut the visible text short, else that text, else its image's.

    A `title` that says less than the visible text (点击查看) is passed over where that text is a report's title. A date
    that stands in the link, before or behind the title, is no part of it.
    """
    own, visible = zh.squeeze(link.attrib.get("title", "")), _undated(link.xpath(".//text()").getall())
    is_cut = own.startswith(_CUT.sub("", visible))
    if own and not is_cut and looks_like_report(visible) and not looks_like_report(own):
        return visible
    return own or visible or zh.squeeze(link.xpath("string(.//img/@alt | .//img/@title)").get(""))


def _undated(pieces: list[str]) -> str:
    """A link's visible text, without the dates that stand in pieces of their own or at its ends."""
    text = zh.squeeze("".join(pieces))
    titled = [piece for piece in pieces if piece.strip()]
    while titled and _DATE_ALONE.fullmatch(titled[0].strip()):
        del titled[0]
    while titled and _DATE_ALONE.fullmatch(titled[-1].strip()):
        del titled[-1]
    return _DATED.sub("", zh.squeeze("".join(titled))).strip() or text


def _written(tree: Selector) -> Iterator[tuple[str, str, Selector | None]]:
    """(name, address, element) of everything that leads somewhere, as written."""
    yield from _marked(tree)
    for script in tree.xpath(".//script[not(@src)]/text()").getall():
        text = script.replace("\\/", "/")
        yield from ((match[1], match[2], None) for match in _ARGUMENTS.finditer(text))
        yield from _objects(text)
        if "<a" in text:
            pieces = _marked(fragment(text.replace('\\"', '"').replace("\\'", "'")))
            yield from ((name, address, None) for name, address, _ in pieces if not _BUILT.search(address))


def _marked(tree: Selector) -> Iterator[tuple[str, str, Selector]]:
    functions = moving_functions(tree)
    for element in tree.xpath(_LINKING):
        if address := _address_of(element, functions):
            yield title_of_link(element), address, element
    for option in tree.xpath(".//option[contains(@value, '/') or contains(@value, '.htm')]"):
        yield title_of_link(option), option.attrib["value"], option


def _address_of(element: Selector, functions: Mapping[str, MovingFunction]) -> str | None:
    """Where an element leads to: by its `href`, else by its data or by the address in its script."""
    href = element.attrib.get("href", "").strip()
    if href and not href.lower().startswith(("#", "javascript:")):
        return href
    data = next(filter(None, map(element.attrib.get, _DATA)), None)
    scripts = (element.attrib.get("onclick", ""), href)
    moved = (_moved(script) or address_called(script, functions) for script in scripts if script)
    return data or next(filter(None, moved), None)


def _moved(script: str) -> str | None:
    """The address that a short script goes to: the first of its texts that looks like one."""
    found = (match[1] for match in _LITERAL.finditer(script) if not script.startswith("+", match.start() - 1))
    return next((address for address in found if _ADDRESS.search(address)), None)


def _objects(text: str) -> Iterator[tuple[str, str, None]]:
    """(name, address) of the objects in a script that have both: nodes of a menu, rows of a list."""
    for piece in re.split(r"[{}]", text):
        if ":" not in piece:
            continue
        name = address = ""
        for key, double, single in _PAIR.findall(piece):
            value = double or single
            if not name and _NAMING.fullmatch(key):
                name = _unescaped(value)
            elif not address and _ADDRESSING.fullmatch(key) and _ADDRESS.search(value):
                address = _unescaped(value)
        if name and address and not _BUILT.search(address):
            yield name, address, None


def _unescaped(value: str) -> str:
    if "\\" not in value:
        return value
    try:
        text = json.loads(f'"{value}"')
    except ValueError:
        return value
    return str(text).encode("utf-8", "replace").decode()
