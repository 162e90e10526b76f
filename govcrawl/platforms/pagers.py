"""The further pages of a list whose addresses are numbered, whatever product numbers them.

Two addresses are pages of one list if they differ in the page's number alone: `gb_2.jhtml`, `list-61891-2.html`,
`page_2.html`, `?pageIndex=2`; the first page may have none. All numbers between those a pager links to are pages too,
since pagers leave out the middle; where the page says how many there are (共9页), as many. A page asks only for those
behind itself, so that a pager which shows ten numbers at a time is followed to its end and none is asked for twice.
"""

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from govcrawl import zh
from govcrawl.errors import PlatformError
from govcrawl.models import Exchange, Portal
from govcrawl.platforms.addresses import canonical
from govcrawl.platforms.discovery import Link, links_of
from govcrawl.platforms.markup import text_of
from govcrawl.platforms.paging import MAX_PAGES

NUMBERS = (
    re.compile(r"(?i)(?<=[?&])((?:page(?:_?index|_?no|_?num|_?number)?|curr(?:ent)?_?page|pn|p)=)(\d{1,6})(?=&|$)"),
    re.compile(r"(/page_?)(\d{1,6})(?=\.s?html?$|/$)"),
    re.compile(r"(/list(?:-\w{1,20})?[-_]?)(\d{1,5})(?=\.s?html?$)"),
    re.compile(r"(?<=[^/_])(_)(\d{1,4})(?=\.(?:s?html?|jhtml|aspx|jsp)$)"),
)
"""Where an address holds the number of a page, behind what."""

_SCRIPT = re.compile(
    r"""createPageHTML\(\s*(['"][^'"]*['"]\s*,\s*)?(\d{1,6})\s*,\s*(\d{1,6})\s*,\s*['"]([\w-]+)['"]\s*,\s*['"](\w+)['"]"""
)
_COUNT = re.compile(r"共\s*(\d{1,6})\s*页|页次[:：]?\s*\d{1,6}\s*/\s*(\d{1,6})|\b\d{1,6}\s*/\s*(\d{1,6})\s*页")
_INDEX = re.compile(r"/index\.\w+$")
_SECOND = re.compile(r"2|第2页|下一?页|>|>>|»|next", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ScriptPager:
    """The pager of a static list as a script call: how many pages there are, and how they are numbered and named."""

    count: int
    from_one: bool
    name: str
    ending: str

    @classmethod
    def of(cls, text: str) -> "ScriptPager | None":
        """The pager a page's text holds; one that names the element to fill counts its pages from 1."""
        found = _SCRIPT.search(text)
        return cls(int(found[2]), bool(found[1]), found[4], found[5]) if found else None

    def address(self, page: int, base: str) -> str:
        """The address of a page, counted from 1, of the list at `base`."""
        return urljoin(base, f"{self.name}_{page if self.from_one else page - 1}.{self.ending}")


@dataclass(frozen=True, slots=True)
class Numbered:
    """An address as a page of a list: what all pages of the list have in common, and its number, if it shows one."""

    frame: str
    number: int | None

    @classmethod
    def of(cls, url: str) -> "Numbered":
        """The address without its page's number, and that number."""
        for pattern in NUMBERS:
            if found := pattern.search(url):
                kept = "" if found[1].endswith("=") else found[1].rstrip("-_")
                return cls(_bare(url[: found.start()] + kept + url[found.end() :]), int(found[2]))
        return cls(_bare(url), None)


def later_pages(exchange: Exchange, portal: Portal) -> dict[int, str]:
    """The pages of the same list behind this one, by number: those linked to, those between, those counted.

    Raises:
        PlatformError: For a list that claims more than `MAX_PAGES` pages.
    """
    here = Numbered.of(canonical(exchange.response.url, portal) or "")
    numbered = ((Numbered.of(link.url), link) for link in links_of(exchange.response, portal))
    linked = {page.number: link for page, link in numbered if page.frame == here.frame and page.number is not None}
    if not linked:
        return {}
    sample = linked[max(linked)].url
    current = _first(linked) if here.number is None else here.number
    last = max(*linked, _counted(exchange, current) if here.number is None else 0)
    if last - current > MAX_PAGES:
        raise PlatformError(f"{exchange.request.url}: the list claims {last} pages, more than {MAX_PAGES}; not walked")
    return {number: numbered_as(sample, number) for number in range(current + 1, last + 1)}


def numbered_as(url: str, number: int) -> str:
    """The address with another number as its page's."""
    pattern = next(pattern for pattern in NUMBERS if pattern.search(url))
    return pattern.sub(lambda found: f"{found[1]}{number}", url, count=1)


def _first(linked: dict[int, Link]) -> int:
    """The number of a first page that shows none: 0 where the second page is linked to as 1, else 1."""
    named_second = 1 in linked and _SECOND.fullmatch(zh.fold(linked[1].name))
    return 0 if 0 in linked or named_second else 1


def _counted(exchange: Exchange, first: int) -> int:
    """The number of the last page by what the page says, from the number of the first; 0 where it says nothing."""
    found = _COUNT.search(text_of(exchange.response.body))
    return first + int(next(filter(None, found.groups()))) - 1 if found else 0


def _bare(url: str) -> str:
    """The address without what may stand or not: the index page's name, joints that a removed number left."""
    parts = urlsplit(url)
    path = _INDEX.sub("/", parts.path)
    query = "&".join(pair for pair in parts.query.split("&") if pair)
    return parts._replace(path=path, query=query).geturl()
