"""The further pages of a printed list, whatever product numbers them.

Two addresses are pages of one list if they differ in the page's number alone: `gb_2.jhtml`, `list-61891-2.html`,
`page_2.html`, `2.html`, `?pageIndex=2`; the first page may have none. All numbers between those a pager links to are
pages too, since pagers leave out the middle; where the page says how many there are (共9页), as many. A page asks only
for those behind itself, so that a pager which shows ten numbers at a time is followed to its end.

Pagers that a script draws are read from the script's call or from its variables (see `script_pagers`), some
send a form of the page again (see `page_forms`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

from govcrawl.errors import PlatformError
from govcrawl.models import Exchange, Portal
from govcrawl.platforms import paging
from govcrawl.platforms.addresses import canonical, column_address, folder, is_own
from govcrawl.platforms.links import Link, page_links
from govcrawl.platforms.markup import base_of, text_of, tree_of
from govcrawl.platforms.page_forms import sent_pages
from govcrawl.platforms.paging import MAX_PAGES, NEXT_LINK, PAGE_LINK, pager_name
from govcrawl.platforms.script_pagers import script_pager
from govcrawl.vocabulary import Role

NUMBERS = (
    re.compile(
        r"(?i)(?<=[?&])((?:page(?:_?index|_?no|_?num|_?number)?|curr?(?:ent)?_?page(?:_?no|_?num)?|pn|pg|p)=)(\d{1,6})(?=&|$)"
    ),
    re.compile(r"(/page[_/-]?)(\d{1,6})(?=\.s?html?$|/?$)"),
    re.compile(r"(/list(?:-\w{1,20})?[-_]?)(\d{1,5})(?=\.s?html?$)"),
    re.compile(r"(?<=[^/_])(_)(\d{1,4})(?=\.(?:s?html?|jhtml|aspx|jsp)$)"),
    re.compile(r"(/)(\d{1,3})(?=\.s?html?$)"),
)
"""Where an address holds the number of a page, behind what."""

BARE_NUMBER = NUMBERS[-1]
"""The weakest: a page whose name is a number is a page of a list only where a pager's link says so."""

_COUNT = re.compile(r"共\s*(\d{1,6})\s*页|页次[:：]?\s*\d{1,6}\s*/\s*(\d{1,6})|\b\d{1,6}\s*/\s*(\d{1,6})\s*页")
_ROWS = re.compile(r"(?:共|总计|总数)[^\d<]{0,6}(\d{1,6})\s*(?:条|篇|项|件)")
_INDEX = re.compile(r"/index\.\w+$")
_ENDING = re.compile(r"(?:\.s?html?|/)$")
_NUMBER = r"{0}|第{0}页|\[{0}\]"
"""What a pager's link to a page is called by its number."""
_SECOND = re.compile(rf"{_NUMBER.format(2)}|{NEXT_LINK.pattern}", re.IGNORECASE)
_NEXT_LINK = "//*[self::a or self::span or self::li or self::button or self::input or self::div][not(*)]"
_DEAD = re.compile(r"disable|(?:^|[\s_-])(?:no|none|cur|current|active|off|gray|grey)(?:[\s_-]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Turn:
    """A further page of a list: its address, the form that is posted to it if it is, and the last page then known."""

    url: str
    body: bytes = b""
    last: int = 0


@dataclass(frozen=True, slots=True)
class NumberedAddress:
    """An address as a page of a list: what all pages of the list have in common, and its number, if it shows one."""

    frame: str
    number: int | None
    is_bare: bool = False

    @classmethod
    def of(cls, url: str) -> "NumberedAddress":
        """The address without its page's number, and that number."""
        for pattern in NUMBERS:
            if found := pattern.search(url):
                kept = "" if found[1].endswith("=") else found[1].rstrip("-_")
                rest = url[: found.start()] + kept + url[found.end() :]
                return cls(_frame(rest), int(found[2]), is_bare=pattern is BARE_NUMBER)
        return cls(_frame(url), None)


def turns_of(exchange: Exchange, portal: Portal) -> tuple[Turn, ...]:
    """The pages of the list that a page asks for: those linked to, those its script counts, those its form posts for.

    Raises:
        PlatformError: For a list that claims more than `MAX_PAGES` pages.
    """
    if numbered := later_pages(exchange, portal):
        return tuple(map(Turn, numbered.values()))
    pager = script_pager(exchange) if exchange.request.role is not Role.LIST else None
    if pager is None:
        sent = tuple(Turn(one.url, one.body, one.last) for one in sent_pages(exchange))
        return sent or tuple(_named_next(exchange, portal))
    _refuse_too_many(exchange, pager.count)
    addresses = (canonical(pager.address(page), portal, pager.base) for page in range(2, pager.count + 1))
    return tuple(Turn(url) for url in addresses if url)


def later_pages(exchange: Exchange, portal: Portal) -> Mapping[int, str]:
    """The linked pages of the same list behind this one, by number: those linked to, those between, those counted.

    Raises:
        PlatformError: For a list that claims more than `MAX_PAGES` pages.
    """
    here = NumberedAddress.of(canonical(exchange.response.url, portal) or "")
    linked = _pager_links(exchange, portal, here)
    if not linked:
        return {}
    if _counts_down(linked, here):
        return _earlier(linked, here)
    current = _first(linked) if here.number is None else here.number
    counted = 0 if exchange.request.role is Role.LIST else _counted(exchange, min(current, 1))
    last = max(*linked, counted)
    _refuse_too_many(exchange, last, last - current)
    sample = linked[max(linked)].url
    return {number: numbered_as(sample, number) for number in range(current + 1, last + 1)}


def numbered_as(url: str, number: int) -> str:
    """The address with another number as its page's."""
    pattern = next(pattern for pattern in NUMBERS if pattern.search(url))
    return pattern.sub(lambda found: f"{found[1]}{number}", url, count=1)


def shows_more_pages(exchange: Exchange, rows: int) -> bool:
    """Whether a first page that shows some rows has a pager with more pages, as far as what stands on it tells."""
    text = text_of(exchange.response.body)
    if said := _COUNT.search(text):
        return int(next(filter(None, said.groups()))) > 1
    if said := _ROWS.search(text):
        return int(said[1]) > rows
    live = (one for one in tree_of(exchange.response).xpath(_NEXT_LINK) if not _is_dead(one.attrib))
    return any(
        _SECOND.fullmatch(pager_name(one.xpath("string()").get("") or one.attrib.get("value", ""))) for one in live
    )


def _is_below(page: NumberedAddress, here: NumberedAddress) -> bool:
    return page.frame.startswith(f"{here.frame}/")


def _is_dead(attributes: Mapping[str, str]) -> bool:
    """Whether an element of a pager leads nowhere: it is marked so, or has neither an address nor a script."""
    href = attributes.get("href", "").strip()
    leads = (
        href
        and not href.startswith("#")
        and href.lower() not in {"javascript:;", "javascript:void(0)", "javascript:void(0);"}
    )
    return (
        bool(_DEAD.search(attributes.get("class", "")))
        or "disabled" in attributes
        or not (leads or attributes.get("onclick"))
    )


def _pager_links(exchange: Exchange, portal: Portal, here: NumberedAddress) -> dict[int, Link]:
    """By number the links to pages of this list: of its own frame, else of the one frame that a pager leads to."""
    frames = {here.frame, NumberedAddress.of(base_of(exchange.response)).frame}
    found = [(NumberedAddress.of(link.url), link) for link in page_links(exchange.response, portal)]
    numbered = [(page, link) for page, link in found if page.number is not None]
    own = {
        page.number: link
        for page, link in numbered
        if page.frame in frames and (not page.is_bare or _is_named(link)) and page.number is not None
    }
    if own:
        return own
    named = [(page, link) for page, link in numbered if _is_named(link) and (not page.is_bare or _is_below(page, here))]
    turned = {
        page.frame for page, link in named if page.number is not None and pager_name(link.name) == str(page.number)
    }
    if len(turned) != 1:
        return {}
    (frame,) = turned
    return {page.number: link for page, link in named if page.frame == frame and page.number is not None}


def _named_next(exchange: Exchange, portal: Portal) -> Iterator[Turn]:
    """The page that a pager calls the next one or by the next number, where its address shows none that is known."""
    here, place = canonical(exchange.response.url, portal) or "", folder(exchange.response.url)
    number = re.compile(_NUMBER.format(paging.place(exchange.request).page + 1))
    others = [link for link in page_links(exchange.response, portal)
              if is_own(link.url, portal) and column_address(link.url) != column_address(here)]  # fmt: skip
    called = (link for link in others if NEXT_LINK.fullmatch(pager_name(link.name)))
    counted = (
        link for link in others if number.fullmatch(pager_name(link.name)) and folder(link.url).startswith(place)
    )
    yield from (Turn(link.url) for link in islice((*called, *counted), 1))


def _is_named(link: Link) -> bool:
    return PAGE_LINK.fullmatch(pager_name(link.name)) is not None


def _counts_down(linked: Mapping[int, Link], here: NumberedAddress) -> bool:
    """Whether the pages of a list count down to its oldest, as where the second of nine pages is `8.htm`."""
    ahead = [number for number, link in linked.items() if NEXT_LINK.fullmatch(pager_name(link.name))]
    second = [number for number, link in linked.items() if pager_name(link.name) == "2"]
    if here.number is not None:
        return bool(ahead) and max(ahead) < here.number
    return any(number > 2 for number in (second or ahead)) and min(second or ahead) == max(linked)


def _earlier(linked: Mapping[int, Link], here: NumberedAddress) -> Mapping[int, str]:
    """The pages behind this one of a list that counts down."""
    top = max(linked) if here.number is None else here.number - 1
    last = min(linked) if here.number is None else min(number for number in linked if number < here.number)
    sample = linked[max(linked)].url
    return {number: numbered_as(sample, number) for number in range(top, last - 1, -1)}


def _first(linked: Mapping[int, Link]) -> int:
    """The number of a first page that shows none: 0 where the second page is linked to as 1, else 1."""
    named_second = 1 in linked and _SECOND.fullmatch(pager_name(linked[1].name))
    return 0 if 0 in linked or named_second else 1


def _counted(exchange: Exchange, first: int) -> int:
    """The number of the last page by what the page says, from the number of the first; 0 where it says nothing."""
    found = _COUNT.search(text_of(exchange.response.body))
    return first + int(next(filter(None, found.groups()))) - 1 if found else 0


def _refuse_too_many(exchange: Exchange, count: int, behind: int | None = None) -> None:
    if (count if behind is None else behind) > MAX_PAGES:
        raise PlatformError(f"{exchange.request.url}: the list claims {count} pages, more than {MAX_PAGES}; not walked")


def _frame(url: str) -> str:
    """The address without what may stand or not: the index page's name, joints that a removed number left."""
    parts = urlsplit(url)
    path = _ENDING.sub("", _INDEX.sub("/", parts.path)).rstrip("/")
    query = "&".join(_of_pages(parts.query))
    return parts._replace(path=path, query=query).geturl()


def _of_pages(query: str) -> Iterable[str]:
    return (pair for pair in query.split("&") if pair)
