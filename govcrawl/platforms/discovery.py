"""From a portal's front page to its column of annual reports, by what links say: the main path for most portals.

A link is scored by its name and its address; the signs and their points are data. Links named as the reports' column,
or as one report, are all followed; gates on the way to it (政府信息公开, 政务公开 …) only the best few, only near the
front page; years, frames and groups of organs from the column itself. Only the portal's own hosts are followed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from urllib.parse import urlsplit

from parsel import Selector

from govcrawl import zh
from govcrawl.models import Exchange, ListPage, Portal, Request, Response
from govcrawl.platforms.addresses import canonical, column_address, is_front_page, is_own
from govcrawl.platforms.markup import fragment, meta, title_of, tree_of
from govcrawl.platforms.rows import title_of_link
from govcrawl.platforms.trail import Stage, Trail, page_request
from govcrawl.titles import names_one_report, names_organ_group, names_report_column, names_year_column
from govcrawl.vocabulary import Role

MAX_DEPTH = 8
"""Steps from the first page; no column lies deeper, a trap of ever-new pages does."""
GATES_TO_DEPTH = 1
MAX_GATES = 6
MAX_COLUMNS = 60

REPORTS = 100
"""The points of a link to the reports' column; only a name gives them."""
GATE = 30
"""The points from which a link may lead nearer to it."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link on a page, wherever it was written: its absolute address and one name it is given there."""

    url: str
    name: str


@dataclass(frozen=True, slots=True)
class Sign:
    """A pattern in a link's folded name or its path, and the points it gives."""

    pattern: re.Pattern[str]
    points: int


NAME_SIGNS = (
    Sign(re.compile(r"政府信息公开"), 45),
    Sign(re.compile(r"信息公开(?:专栏|目录|平台|专题)?$"), 40),
    Sign(re.compile(r"政务公开"), 35),
    Sign(re.compile(r"法定主动公开"), 30),
    Sign(re.compile(r"^(?:信息|政务)?公开$"), 30),
    Sign(re.compile(r"依申请|指南|意见|投诉|举报|解读|新闻|招聘|预算|决算|登录"), -60),
)
PATH_SIGNS = (
    Sign(re.compile(r"/[a-z]*(?:xxgk|gk)?(?:nb|ndbg)(?:_\d+)?/(?:index\.s?html?)?$"), 60),
    Sign(re.compile(r"/zfxxgk(?:_\d+)?/(?:index\.s?html?)?$"), 25),
    Sign(re.compile(r"/(?:xxgk|xxxgk|zwgk|gk)(?:_\d+)?/(?:index\.s?html?)?$"), 10),
    Sign(re.compile(r"/col/col\d+/"), 5),
)

_ARTICLE = re.compile(
    r"/art/\d|/art_|/t\d{8}_\d+|/t\d{6,}\.s?html?|/t_\d+\.|content_\d+|post_\d+|xxgkAnnualReport\.jsp"
)
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|wps|ofd|zip|rar|jpe?g|png|gif|mp4|apk|css|js)$", re.IGNORECASE)
_MOVES = re.compile(r"""(?:location(?:\.href)?\s*=|window\.open\s*\(|href\s*=)\s*\\?["']([^"'\\]+)""")
_NAMED_IN_SCRIPT = re.compile(r"""["']([^"'<>]{2,60})["']\s*,\s*["']((?:https?:/)?/[^"'\s]{1,300})["']""")


def discover(exchange: Exchange, portal: Portal) -> ListPage:
    """The columns that a page leads to, as requests of role COLUMN."""
    tree, trail = tree_of(exchange.response), Trail.of(exchange.request)
    if trail.depth >= MAX_DEPTH:
        return ListPage()
    here = column_address(canonical(exchange.response.url, portal) or "")
    links = [link for link in links_of(exchange.response, portal) if link.url != here]
    inside = is_report_column(tree, trail)
    columns = [*(_frames(tree, portal, exchange.response.url) if inside else ()), *_columns(links, inside=inside)]
    others = _parts(links) if inside else _gates(links, trail)
    stage = Stage.PART if inside else Stage.GATE
    stages = dict.fromkeys(columns, Stage.REPORTS) | {url: stage for url in others if url not in columns}
    return ListPage(requests=tuple(_way(exchange, portal, url, trail.onward(stages[url])) for url in stages))


def _way(exchange: Exchange, portal: Portal, url: str, trail: Trail) -> Request:
    return page_request(portal, exchange.request.platform, Role.COLUMN, url, urlsplit(url).path, trail)


def is_report_column(tree: Selector, trail: Trail) -> bool:
    """Whether a page is the reports' column: the way to it says so, or its national meta tags or its title do."""
    return (
        trail.reports
        or names_report_column(meta(tree, "ColumnType"))
        or names_report_column(meta(tree, "ColumnName"))
        or names_report_column(title_of(tree))
    )


@lru_cache(maxsize=2)
def links_of(response: Response, portal: Portal) -> tuple[Link, ...]:
    """The links of a page to what may be columns of its portal, each with each of its names, in document order.

    Anchors, image maps, options, elements moved by `onclick`, markup inside scripts, and pairs of a name and an
    address in scripts (the nodes of a tree menu). Articles, files and the front page are no columns.
    """
    found = (
        Link(column_address(url), name)
        for name, address in _written_links(tree_of(response))
        if not _ARTICLE.search(address)
        and (url := canonical(address, portal, response.url))
        and _may_be_column(url, portal)
    )
    return tuple(dict.fromkeys(found))


def score(link: Link) -> int:
    """The points of a link: `REPORTS` for what is named as the reports' column, from `GATE` on for a way to it."""
    name, path = zh.fold(link.name), urlsplit(link.url).path
    if names_report_column(name) or names_one_report(name):
        return REPORTS
    return min(_points(NAME_SIGNS, name) + _points(PATH_SIGNS, path), REPORTS - 1)


def _points(signs: tuple[Sign, ...], text: str) -> int:
    return sum(sign.points for sign in signs if sign.pattern.search(text))


def _columns(links: Iterable[Link], *, inside: bool) -> list[str]:
    """The addresses of the reports' column, and on that column itself of its years."""
    leading = (link for link in links if score(link) == REPORTS or (inside and names_year_column(link.name)))
    return [link.url for link in islice(leading, MAX_COLUMNS)]


def _parts(links: Iterable[Link]) -> list[str]:
    """On the reports' column, what is named like a group of organs: part of it, or the menu's entry of that name."""
    return [link.url for link in islice((link for link in links if names_organ_group(link.name)), MAX_GATES)]


def _gates(links: Iterable[Link], trail: Trail) -> list[str]:
    """The best few ways nearer to the column, from pages near the front page."""
    points = {link.url: score(link) for link in sorted(links, key=score)}
    gates = sorted((url for url in points if GATE <= points[url] < REPORTS), key=points.__getitem__, reverse=True)
    may_search = trail.stage in {Stage.FRONT, Stage.GATE} and trail.depth <= GATES_TO_DEPTH
    return gates[:MAX_GATES] if may_search else []


def _may_be_column(url: str, portal: Portal) -> bool:
    return (
        is_own(url, portal)
        and not _ARTICLE.search(url)
        and not _FILE.search(urlsplit(url).path)
        and not (is_front_page(url) and urlsplit(url).hostname == portal.host)
    )


def _frames(tree: Selector, portal: Portal, base: str) -> Iterator[str]:
    """The own pages framed by a column: some portals keep the list in one."""
    for address in tree.xpath("//iframe/@src | //frame/@src").getall():
        url = canonical(address, portal, base)
        if url and _may_be_column(url, portal):
            yield column_address(url)


def _written_links(tree: Selector) -> Iterator[tuple[str, str]]:
    """(name, address) of everything on a page that leads somewhere, as written."""
    yield from _marked_links(tree)
    for script in tree.xpath("//script[not(@src)]/text()").getall():
        text = script.replace("\\/", "/").replace('\\"', '"')
        yield from ((match[1], match[2]) for match in _NAMED_IN_SCRIPT.finditer(text))
        if "<a" in text:
            yield from _marked_links(fragment(text))


def _marked_links(tree: Selector) -> Iterator[tuple[str, str]]:
    for link in tree.xpath("//a[@href] | //area[@href]"):
        address = link.attrib["href"]
        moved = _MOVES.search(link.attrib.get("onclick", "")) if _goes_nowhere(address) else None
        yield title_of_link(link), moved[1] if moved else address
    for moving in tree.xpath("//*[@onclick][not(self::a[@href])]"):
        if match := _MOVES.search(moving.attrib["onclick"]):
            yield title_of_link(moving), match[1]
    for option in tree.xpath("//option[contains(@value, '/')]"):
        yield title_of_link(option), option.attrib["value"]


def _goes_nowhere(address: str) -> bool:
    return address.strip().lower().startswith(("#", "javascript:")) or not address.strip()
