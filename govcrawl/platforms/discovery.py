"""From a portal's front page to its column of annual reports, by what links say: the main path for most portals.

A link is scored by its name and its address; the signs and their points are data. Links named as the reports' column
are all followed; gates on the way to it (政府信息公开, 政务公开 …) only the best few, only near the front page; years,
frames, groups of organs and folders below from the column itself. Columns on hosts that the portal does not list are
told apart: whether they may be asked is not decided here.
"""

import re
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from urllib.parse import urlsplit

from parsel import Selector

from govcrawl import zh
from govcrawl.models import Elsewhere, Exchange, ListPage, Portal, Request, Response
from govcrawl.platforms.addresses import canonical, column_address, folder, is_front_page, is_own, parameters
from govcrawl.platforms.crawl_context import Stage, Trail, column_request
from govcrawl.platforms.headings import heading_around, says_more, under_report_headings
from govcrawl.platforms.links import Link, page_links
from govcrawl.platforms.markup import base_of, meta, title_of, tree_of
from govcrawl.platforms.report_links import FILE, is_organ_name
from govcrawl.titles import REPORT_NOUN, names_organ_group, names_report_column, names_year_column
from govcrawl.vocabulary import Role

MAX_DEPTH = 8
"""Steps from the first page; no column lies deeper, a trap of ever-new pages does."""
GATES_TO_DEPTH = 1
MAX_GATES = 6
MAX_COLUMNS = 200
MAX_GROUPS = 20
MAX_ELSEWHERE = 20
MAX_ENTRANCES = 3
"""Links of a front page that is but a picture with the way in."""

REPORTS = 100
"""The points of a link to the reports' column; only its name gives them, or a heading above an organ's name."""
GATE = 30
"""The points from which a link may lead nearer to it."""


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

FRAME = "<frame>"
"""The name of a link that is a frame: what it holds is part of the page."""
MAX_FRAMED = 3
"""Frames in frames that are followed."""

_LOADS = re.compile(r"""\.load\(\s*["']([^"'\s<>+]{1,300})["']\s*[,)]""")
_NO_COLUMN = re.compile(rf"{FILE.pattern}|\.(?:jpe?g|png|gif|bmp|mp4|apk|css|js|json|xml)$", re.IGNORECASE)
_PUBLIC = re.compile(r"\.(?:gov\.cn|xn--zfr164b)$")
_NATIONAL = frozenset({"www.gov.cn", "gov.cn"})
_REPORT_COLUMN_TYPE = re.compile(rf"信息公开{REPORT_NOUN}")
_REPORT_FOLDER = re.compile(r"[a-z]*(?:nb|ndbg)(?:_\d+)?")


def discover_columns(
    exchange: Exchange, portal: Portal, is_document: Callable[[str], bool], *, is_menu: bool = False
) -> ListPage:
    """The columns a page leads to, as requests of role COLUMN; `elsewhere` those on hosts that are not its portal's.

    `is_document` tells the addresses of documents, which no column has. `is_menu` says that the page has no list of its
    own: if it is the reports' column, the organs that it names are the ways to their reports.
    """
    trail = Trail.of(exchange.request)
    if trail.depth >= MAX_DEPTH:
        return ListPage()
    inside = is_report_column(tree_of(exchange.response), trail)
    links = [
        link
        for link in _column_links(exchange.response, portal)
        if not is_document(link.url) and (link.name != FRAME or trail.framed < MAX_FRAMED)
    ]
    own = [link for link in links if is_own(link.url, portal)]
    other = [link for link in links if _is_elsewhere(link.url, portal)]
    return ListPage(
        requests=tuple(_ways(exchange, own, trail, inside=inside, is_menu=is_menu)),
        elsewhere=tuple(islice(_elsewhere(exchange, other, trail, inside=inside), MAX_ELSEWHERE)),
    )


def is_report_column(tree: Selector, trail: Trail) -> bool:
    """Whether a page is the reports' column: the way to it says so, or its national meta tags or its title do."""
    return (
        trail.reports
        or names_report_column(meta(tree, "ColumnType"))
        or names_report_column(meta(tree, "ColumnName"))
        or names_report_column(title_of(tree))
        or _REPORT_COLUMN_TYPE.search(zh.fold(meta(tree, "ColumnType"))) is not None
    )


@lru_cache(maxsize=2)
def column_links(response: Response, portal: Portal) -> tuple[Link, ...]:
    """The links of a page to what may be columns of its portal, each with each of its names, in document order.

    Files and the front page are no columns.
    """
    return tuple(link for link in _column_links(response, portal) if is_own(link.url, portal))


def score(link: Link) -> int:
    """The points of a link: `REPORTS` for what is named as the reports' column, from `GATE` on for a way to it."""
    name, path = zh.fold(link.name), urlsplit(link.url).path
    if link.is_headed or names_report_column(name):
        return REPORTS
    return min(_points(NAME_SIGNS, name) + _points(PATH_SIGNS, path), REPORTS - 1)


def outermost_report_folder(path: str) -> str | None:
    """The outermost folder of a path whose name ends like annual reports (…nb, …ndbg); None where there is none."""
    parts = path.split("/")
    ends = (depth for depth, name in enumerate(parts) if _REPORT_FOLDER.fullmatch(name))
    return next(("/".join(parts[: depth + 1]) + "/" for depth in ends), None)


@lru_cache(maxsize=2)
def _column_links(response: Response, portal: Portal) -> tuple[Link, ...]:
    """The links that may be to columns, on any host, without the page itself and without their places."""
    here = column_address(canonical(response.url, portal) or "")
    links = [
        link
        for link in (*_frames(response, portal), *page_links(response, portal))
        if _may_be_column(link.url, portal) and column_address(link.url) != here
    ]
    organs = (link.element for link in links if link.element is not None and is_organ_name(link.name))
    headed = under_report_headings(organs)
    return tuple(dict.fromkeys(_named_by_place(link, headed) for link in links))


def _named_by_place(link: Link, headed: Container[object]) -> Link:
    """A link with what its place says of it: one that only says that there is more has the heading there as name."""
    if link.element is None:
        return link
    name = (says_more(link.name) and heading_around(link.element)) or link.name
    return Link(link.url, name, is_headed=link.element.root in headed)


def _frames(response: Response, portal: Portal) -> Iterator[Link]:
    """The pages framed or loaded by a page: some portals keep a list in one."""
    tree = tree_of(response)
    loaded = (match[1] for text in tree.xpath("//script[not(@src)]/text()").getall() for match in _LOADS.finditer(text))
    for address in (*tree.xpath("//iframe/@src | //frame/@src | //object/@data").getall(), *loaded):
        if url := canonical(address, portal, base_of(response)):
            yield Link(url, FRAME)


def _may_be_column(url: str, portal: Portal) -> bool:
    parts = urlsplit(url)
    return not _NO_COLUMN.search(parts.path) and not (is_front_page(url) and parts.hostname == portal.host)


def _is_elsewhere(url: str, portal: Portal) -> bool:
    host = urlsplit(url).hostname or ""
    return _PUBLIC.search(host) is not None and host not in _NATIONAL and not is_own(url, portal)


def _points(signs: tuple[Sign, ...], text: str) -> int:
    return sum(sign.points for sign in signs if sign.pattern.search(text))


def _ways(exchange: Exchange, links: list[Link], trail: Trail, *, inside: bool, is_menu: bool) -> Iterator[Request]:
    """The requests for columns by their addresses as linked; a folder and its index page are asked for once."""
    frames = {link.url for link in links if link.name == FRAME} | _entrances(exchange, links)
    stages = _stages(exchange, links, trail, inside=inside, is_menu=is_menu)
    asked = {column_address(url): url for url in reversed(stages)}
    for url, stage in stages.items():
        if asked[column_address(url)] == url:
            way = trail.within(stage) if url in frames else trail.onward(stage)
            yield column_request(exchange.request, url, way)


def _stages(exchange: Exchange, links: list[Link], trail: Trail, *, inside: bool, is_menu: bool) -> dict[str, Stage]:
    """The addresses that a page leads to and how near they are, the reports' own first."""
    columns = islice(_columns(links, exchange, inside=inside), MAX_COLUMNS)
    stages = dict.fromkeys(columns, Stage.REPORTS)
    others = _parts(links, stages, is_menu=is_menu) if inside else _gates(links, trail)
    others = others or ([] if stages else list(_entrances(exchange, links)))
    return stages | {url: Stage.PART if inside else Stage.GATE for url in others if url not in stages}


def _entrances(exchange: Exchange, links: list[Link]) -> set[str]:
    """The ways in from a front page that shows nothing else: they lead to the front page itself, as a frame does."""
    ways = {link.url for link in links}
    is_cover = exchange.request.role is Role.HOME and len(ways) <= MAX_ENTRANCES
    return ways if is_cover and all(score(link) < GATE for link in links) else set()


def _columns(links: Iterable[Link], exchange: Exchange, *, inside: bool) -> Iterator[str]:
    """The addresses of the reports' column, and on that column itself of its frames, years, organs, what lies below."""
    for link in links:
        if score(link) == REPORTS or (inside and _is_part_of_column(link, exchange.response.url)):
            yield link.url


def _is_part_of_column(link: Link, here: str) -> bool:
    return link.name == FRAME or names_year_column(link.name) or _is_below(link, here) or _is_of_organ(link, here)


def _is_below(link: Link, here: str) -> bool:
    """Whether a link leads to a folder below the reports' own, or below the column's to that of a group of organs."""
    of_reports, own = outermost_report_folder(folder(here)), folder(here)
    path = urlsplit(column_address(link.url)).path
    if of_reports and path.startswith(of_reports) and path.endswith("/"):
        return path != of_reports
    return own != "/" and path.startswith(own) and names_organ_group(link.name)


def _is_of_organ(link: Link, here: str) -> bool:
    """Whether a link named as one organ leads to its reports: by a folder of that name, or by its query."""
    if not is_organ_name(link.name):
        return False
    asks, own = parameters(link.url), parameters(here)
    asks_alike = asks.keys() == own.keys() or own.items() <= asks.items()
    is_same_list = urlsplit(link.url).path == urlsplit(here).path and asks != own and asks_alike
    return is_same_list or outermost_report_folder(folder(link.url)) is not None


def _parts(links: list[Link], known: dict[str, Stage], *, is_menu: bool) -> list[str]:
    """On the reports' column, what is named like a group of organs: part of it, or the menu's entry of that name.

    On a column without a list it is what is named as one organ, too (fixture `printed/menu_of_organs`).
    """
    new = [link for link in links if link.url not in known]
    groups = islice((link.url for link in new if names_organ_group(link.name)), MAX_GROUPS)
    organs = islice((link.url for link in new if is_menu and is_organ_name(link.name)), MAX_COLUMNS)
    return [*groups, *organs]


def _gates(links: Iterable[Link], trail: Trail) -> list[str]:
    """The best few ways nearer to the column, from pages near the front page, and what a page on the way frames."""
    if trail.stage not in {Stage.FRONT, Stage.GATE}:
        return []
    near = trail.depth <= GATES_TO_DEPTH
    points = {link.url: GATE if link.name == FRAME else score(link) * near for link in sorted(links, key=score)}
    gates = sorted((url for url in points if GATE <= points[url] < REPORTS), key=points.__getitem__, reverse=True)
    return gates[:MAX_GATES]


def _elsewhere(exchange: Exchange, links: list[Link], trail: Trail, *, inside: bool) -> Iterator[Elsewhere]:
    """The columns on other hosts, each once with its first name, those of reports first."""
    points = {link: REPORTS * inside if link.name == FRAME else score(link) for link in links}
    least = GATE if exchange.request.role is Role.HOME or trail.stage is Stage.GATE else REPORTS
    named: dict[str, Link] = {}
    for link in sorted(links, key=points.__getitem__, reverse=True):
        if points[link] >= least and link.url not in named:
            named[link.url] = link
            stage = Stage.REPORTS if points[link] == REPORTS else Stage.GATE
            yield Elsewhere(link.name, column_request(exchange.request, link.url, trail.onward(stage)))
