"""From a piece of a list's markup to a row: the link, the full title, the date that stands beside it."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from parsel import Selector

from govcrawl import zh
from govcrawl.models import Listing, ListPage, Portal, Response, identity_of
from govcrawl.platforms.links import Link, links_in, page_links
from govcrawl.platforms.report_links import may_be_report
from govcrawl.titles import is_something_else, is_wanted

EXCERPT = 80
DATE_LEVELS = 3
"""Elements above a row's own that its date may stand in, as long as they hold no other link."""

_ITEM = "ancestor-or-self::*[self::li or self::tr or self::dd or self::p or self::div][1]"
_TEXT = ".//text()[not(ancestor::a or ancestor::script or ancestor::style)]"
_SAYS_NOTHING = re.compile(
    r"(?:点击|请)?(?:查看|详细|详情|阅读|下载|浏览|打开|正文|全文|更多|进入|链接|预览|附件\d*|pdf|word|docx?|html?|>|»|\[|\])+"
    r"(?:全文|详情|内容|正文|附件|文件|版)?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^\d{1,4}[.、]?\s+")
_DAY = re.compile(r"[(\[]?20\d\d[-/.年]\d\d?[-/.月]\d\d?日?[)\]]?")


def row_in(piece: Selector, portal: Portal, base: str) -> Listing | None:
    """The row that a list item holds: its first link to a web page; None where it holds none or one without a title."""
    row = next(iter(rows_in(piece, portal, base)), None)
    return replace(row, listed_on=row.listed_on or date_beside(piece)) if row else None


def rows_in(tree: Selector, portal: Portal, base: str) -> tuple[Listing, ...]:
    """The row of every titled link of a tree or of a part of one, with the date beside it."""
    return tuple(row for group in _grouped(links_in(tree, portal, base), portal) for row in group)


@lru_cache(maxsize=2)
def grouped_rows(response: Response, portal: Portal) -> tuple[tuple[Listing, ...], ...]:
    """The row of every titled link of a page, those that stand in one place of it together.

    A list is such a group; what stands beside it is of other groups, what stands in scripts of the last one. Kept for
    the last two pages, since several readers look at the same one.
    """
    return tuple(tuple(group) for group in _grouped(page_links(response, portal), portal))


def _grouped(links: Iterable[Link], portal: Portal) -> Iterator[list[Listing]]:
    placed = [(link, _item_of(link)) for link in links]
    shared: dict[object, set[str]] = defaultdict(set)
    for link, item in placed:
        if item is not None:
            shared[item.root].add(identity_of(link.url))
    groups: dict[object, list[Listing]] = {}
    for link, item in placed:
        is_alone = item is not None and len(shared[item.root]) == 1
        title = _title(link, item)
        if title:
            date = _date_near(item) if item is not None and is_alone else None
            row = Listing(portal.id, link.url, title, listed_on=date or _date_inside(link))
            groups.setdefault(None if item is None else item.root.getparent(), []).append(row)
    yield from groups.values()


def _item_of(link: Link) -> Selector | None:
    return None if link.element is None else next(iter(link.element.xpath(_ITEM)), link.element)


def _title(link: Link, item: Selector | None) -> str:
    """A link's name, or what stands beside the link where the name only says that there is something to see."""
    name = zh.fold(link.name)
    if item is None or (name and not _SAYS_NOTHING.fullmatch(name)):
        return link.name
    beside = zh.squeeze(_DAY.sub(" ", " ".join(item.xpath(_TEXT).getall())))
    return _NUMBER.sub("", beside) or link.name


def _date_near(item: Selector) -> str | None:
    """The date of a row: in its own element, or in one of those around it that hold no other link."""
    for _ in range(DATE_LEVELS + 1):
        if found := date_beside(item):
            return found
        around = item.xpath("parent::*[not(self::body) and count(.//a) = 1]")
        if not around:
            return None
        item = around[0]
    return None


def _date_inside(link: Link) -> str | None:
    """The date that stands in a link as a piece of its own."""
    pieces = link.element.xpath(".//text()").getall() if link.element is not None else []
    return next((found for piece in pieces if _DAY.fullmatch(piece.strip()) and (found := zh.date(piece))), None)


def date_beside(piece: Selector) -> str | None:
    """The first date of an item outside its links: a title may hold a date of its own."""
    return zh.date(" ".join(piece.xpath(_TEXT).getall()))


def excerpt(piece: str) -> str:
    """A short, one-line piece of markup that could not be used, for the record."""
    return zh.squeeze(piece)[:EXCERPT]


def kept(rows: Iterable[Listing], *, dedicated: bool) -> tuple[Listing, ...]:
    """The rows that are, or may be, annual reports, each address once.

    Rows of any year stay. Rows whose titles tell them to be something else are left out, and in a list that is not
    known to be the reports' own, all whose titles do not say that they are reports. In the reports' own list a row with
    an index number stays whatever else it may be: its number tells which serials beside the reports are taken.
    """
    is_kept = _is_kept if dedicated else _is_report
    return tuple(row for row in _first_of_each(rows) if is_kept(row))


def is_asked_for(row: Listing) -> bool:
    """Whether a row's document is wanted, and not only its index number."""
    return row.index_number is None or may_be_report(row.title)


def _is_kept(row: Listing) -> bool:
    return may_be_report(row.title) or (row.index_number is not None and is_wanted(row.title, dedicated=True))


def _is_report(row: Listing) -> bool:
    return is_wanted(row.title, dedicated=False) and not is_something_else(row.title)


def mostly_reports(rows: Iterable[Listing]) -> bool:
    """Whether at least half of some rows have titles of annual reports, and there are any."""
    judged = [is_wanted(row.title, dedicated=False) for row in rows]
    return bool(judged) and 2 * sum(judged) >= len(judged)


def merged_pages(pages: Iterable[ListPage]) -> ListPage:
    """What several readers found on one page as one answer: every row, request and piece of debris once."""
    found = tuple(pages)
    return ListPage(
        rows=_first_of_each(row for page in found for row in page.rows),
        requests=tuple({request.id: request for page in found for request in page.requests}.values()),
        total=next((page.total for page in found if page.total is not None), None),
        debris=tuple(dict.fromkeys(piece for page in found for piece in page.debris)),
        elsewhere=tuple({one.request.id: one for page in found for one in page.elsewhere}.values()),
        open_ended=any(page.open_ended for page in found),
    )


def with_details(row: Listing, link: Selector) -> Listing:
    """The row with what a Hanweb disclosure list says of it in the link's own attributes."""
    attributes = {name: zh.squeeze(link.attrib.get(name, "")) or None for name in ("syh", "mc", "wh", "rq")}
    return replace(
        row,
        title=attributes["mc"] or row.title,
        index_number=attributes["syh"],
        document_number=attributes["wh"],
        listed_on=zh.date(attributes["rq"] or "") or row.listed_on,
    )


def _first_of_each(rows: Iterable[Listing]) -> tuple[Listing, ...]:
    found: dict[str, Listing] = {}
    for row in rows:
        found.setdefault(identity_of(row.url), row)
    return tuple(found.values())
