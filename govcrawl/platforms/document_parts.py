"""Documents that stand in several pages: which pages belong to one, and what they are together.

A report may be cut into numbered pages (`t20250120_1_2.shtml`, 下一页), into a page for each section, or be in a frame.
The parts are asked for with the first page, and one page is made of them: the first one, with what each part
adds to it behind its own content. What a page adds is told by its text: what the first page does not show as well.
"""

import re
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from urllib.parse import urlsplit

from parsel import Selector

from govcrawl import zh
from govcrawl.models import Exchange, Portal, Response
from govcrawl.platforms.addresses import canonical, is_own
from govcrawl.platforms.links import Link, page_links
from govcrawl.platforms.markup import base_of, fragment, text_of, tree_of
from govcrawl.platforms.pagers import NUMBERS, numbered_as
from govcrawl.platforms.paging import PAGE_LINK, pager_name
from govcrawl.platforms.script_pagers import script_pager
from govcrawl.vocabulary import Role

MAX_PARTS = 20
WHOLE_TABLES = 3
"""Tables of a whole report: proactive disclosure, applications, review and litigation."""
FRAMED_PROSE = 300
"""Characters; a page with more text of its own is not its frame's mere surrounding."""

_PAGE = re.compile(r"(?P<stem>/[^/?]+?)(?P<ending>\.(?:s?html?|jhtml))$")
_SECTION = re.compile(
    r"(?:第?[一二三四五六1-6](?:部分|章)?[、.:])?.{0,6}(?:总体情况|主动公开.{0,10}情况|收到和处理.{0,16}|行政复议.{0,12}|存在的?主?要?问题.{0,12}|其他需要报告.{0,8}|概述)"
)
_TABLE = re.compile(rb"<table\b", re.IGNORECASE)
_FILE = re.compile(r"\.(?:pdf|docx?|wps|ofd|xlsx?|png|jpe?g|gif)(?:$|[?#&])", re.IGNORECASE)
_PROSE = "//body//text()[not(ancestor::a or ancestor::script or ancestor::style or ancestor::noscript)]"
_SHOWN = "//body//*[text()][not(self::script or self::style or ancestor-or-self::noscript)]"
_BLOCK = "self::div or self::td or self::section or self::article or self::body or self::ul"


def parts_of(exchange: Exchange, portal: Portal, first: str = "") -> tuple[str, ...]:
    """The addresses of the further pages of a document, in their order; none where it stands in one page.

    `first` is the address of the document's first page where the exchange is of a further one.
    """
    if exchange.request.role is not Role.DOCUMENT or exchange.response.status != HTTPStatus.OK:
        return ()
    first = canonical(first or exchange.response.url, portal) or exchange.response.url
    numbered = tuple(_numbered(exchange, portal, first)) if _may_be_numbered(exchange.response, first) else ()
    if numbered or sum(1 for _ in _TABLE.finditer(exchange.response.body)) >= WHOLE_TABLES:
        return numbered[:MAX_PARTS]
    return tuple(dict.fromkeys(_named(exchange, portal, first)))[:MAX_PARTS]


def joined_parts(first: Response, parts: Iterable[Response]) -> bytes:
    """One page of the first and of what each part adds to it, as UTF-8, without scripts, frames and pagers."""
    page = fragment(text_of(first.body))
    place = None
    for part in parts:
        other = fragment(text_of(part.body))
        place = _content(page, other) if place is None else place
        place.root.append(_content(other, page).root)
    page.xpath("//script | //iframe | //frame | //noscript | //meta[@charset or @http-equiv]").drop()
    for link in page.xpath("//a[@href]"):
        name = pager_name(link.xpath("string()").get(""))
        if PAGE_LINK.fullmatch(name) or _SECTION.fullmatch(name):
            del link.root.attrib["href"]
    return f"<!DOCTYPE html>\n{page.get()}".encode()


def _may_be_numbered(response: Response, first: str) -> bool:
    """Whether a page names others after the first one, with a number or in a pager's call: a look at its bytes."""
    named = _PAGE.search(first)
    stem = re.escape(named["stem"][1:]).encode() if named else b"(?!)"
    return re.search(stem + rb"""(?:_\d|["'])""", response.body) is not None


def _numbered(exchange: Exchange, portal: Portal, first: str) -> Iterator[str]:
    """The pages that bear the first one's name and a number, those between included."""
    named = _PAGE.search(first)
    if named is None:
        return
    stem = first[: named.start("stem")] + named["stem"]
    shape = re.compile(rf"{re.escape(stem)}_(\d{{1,2}}){re.escape(named['ending'])}")
    linked = (shape.fullmatch(link.url) for link in page_links(exchange.response, portal))
    numbers = {int(found[1]) for found in linked if found}
    if pager := script_pager(exchange):
        drawn = (shape.fullmatch(canonical(pager.address(page), portal) or "") for page in range(2, pager.count + 1))
        numbers |= {int(found[1]) for found in drawn if found}
    for number in range(min(numbers), max(numbers) + 1) if numbers else ():
        yield f"{stem}_{number}{named['ending']}"


def _named(exchange: Exchange, portal: Portal, first: str) -> Iterator[str]:
    """The pages linked to as sections of a report, those a pager turns by its address, or those in frames."""
    sections = [
        link for link in page_links(exchange.response, portal) if _is_section(link, portal) and link.url != first
    ]
    if len(sections) > 1:
        yield from (link.url for link in sections)
    elif turned := list(_turned(exchange, portal, first)):
        yield from turned
    elif len(_prose(tree_of(exchange.response))) <= FRAMED_PROSE:
        yield from _framed(exchange, portal)


def _turned(exchange: Exchange, portal: Portal, first: str) -> Iterator[str]:
    """The pages whose number stands in the query of the document's address, those between included."""
    of_document = (link.url for link in page_links(exchange.response, portal) if _turns(link, first))
    linked = {int(found[2]): url for url in of_document if (found := NUMBERS[0].search(url))}
    for number in range(2, max(linked, default=0) + 1):
        yield numbered_as(linked[max(linked)], number)


def _turns(link: Link, first: str) -> bool:
    return urlsplit(link.url).path == urlsplit(first).path and PAGE_LINK.fullmatch(pager_name(link.name)) is not None


def _is_section(link: Link, portal: Portal) -> bool:
    return is_own(link.url, portal) and _SECTION.fullmatch(zh.fold(link.name)) is not None


def _framed(exchange: Exchange, portal: Portal) -> Iterator[str]:
    """The own pages in a document's frames; a viewer that shows a file is none."""
    for address in tree_of(exchange.response).xpath("//iframe/@src | //frame/@src").getall():
        url = canonical(address, portal, base_of(exchange.response))
        if url and is_own(url, portal) and not _FILE.search(url):
            yield url


def _prose(tree: Selector) -> str:
    return zh.fold(" ".join(tree.xpath(_PROSE).getall()))


def _content(page: Selector, other: Selector) -> Selector:
    """The element of a page that holds what another page of the same document does not show."""
    shown = {zh.squeeze(text) for text in other.xpath("//text()").getall()}
    own = (element for element in page.xpath(_SHOWN) if _says_more(element, shown))
    ways = [element.xpath("ancestor-or-self::*") for element in own]
    body = next(iter(page.xpath("//body")), page)
    common = body
    for level in zip(*ways, strict=False):
        if any(element.root is not level[0].root for element in level):
            break
        common = level[0]
    return next(iter(common.xpath(f"ancestor-or-self::*[{_BLOCK}][1]")), body)


def _says_more(element: Selector, shown: set[str]) -> bool:
    """Whether an element itself says something that is not shown elsewhere."""
    return any(said not in shown for text in element.xpath("text()").getall() if (said := zh.squeeze(text)))
