"""From a piece of a list's markup to a row: the link, the full title, the date that stands beside it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from parsel import Selector

from govcrawl import zh
from govcrawl.models import Listing, ListPage, Portal, Response
from govcrawl.platforms.addresses import canonical
from govcrawl.platforms.markup import tree_of
from govcrawl.titles import is_wanted

EXCERPT = 80

_ITEM = "ancestor::*[self::li or self::tr or self::dd or self::p or self::div][1]"


def row_in(piece: Selector, portal: Portal, base: str) -> Listing | None:
    """The row that a list item holds: its first link to a web page; None where it holds none or one without a title."""
    rows = (row_of(link, portal, base) for link in piece.xpath(".//a[@href]"))
    row = next(filter(None, rows), None)
    return replace(row, listed_on=date_beside(piece)) if row else None


def row_of(link: Selector, portal: Portal, base: str) -> Listing | None:
    """The row that a link alone gives, without a date; None where it leads to no web page or has no title."""
    url = canonical(link.attrib["href"], portal, base)
    title = title_of_link(link)
    return Listing(portal.id, url, title) if url and title else None


def linked_rows(response: Response, portal: Portal, is_article: Callable[[str], bool]) -> Iterator[Listing]:
    """The rows of a page by its links to articles, with the date beside each where the item is the link's alone."""
    for group in grouped_rows(response, portal, is_article):
        yield from group


def grouped_rows(
    response: Response, portal: Portal, is_article: Callable[[str], bool]
) -> tuple[tuple[Listing, ...], ...]:
    """The same rows, those that stand in one place of the page together: a list, and what stands beside it."""
    items = [(row, item) for row, item in _titled_links(response, portal) if is_article(row.url)]
    shared = Counter(item.root for _, item in items)
    groups: dict[object, list[Listing]] = {}
    for row, item in items:
        dated = replace(row, listed_on=date_beside(item)) if shared[item.root] == 1 else row
        groups.setdefault(item.root.getparent(), []).append(dated)
    return tuple(map(tuple, groups.values()))


@lru_cache(maxsize=2)
def _titled_links(response: Response, portal: Portal) -> tuple[tuple[Listing, Selector], ...]:
    """Every link that could be a row, with the item it stands in; kept, since each family looks at the same page."""
    found = ((link, row_of(link, portal, response.url)) for link in tree_of(response).xpath("//a[@href]"))
    return tuple((row, next(iter(link.xpath(_ITEM)), link)) for link, row in found if row)


def title_of_link(link: Selector) -> str:
    """A link's full title: its `title`, since lists cut the visible text short, else that text, else its image's."""
    own, visible = zh.squeeze(link.attrib.get("title", "")), zh.squeeze(link.xpath("string()").get(""))
    return own or visible or zh.squeeze(link.xpath("string(.//img/@alt | .//img/@title)").get(""))


def date_beside(piece: Selector) -> str | None:
    """The first date of an item outside its links: a title may hold a date of its own."""
    return zh.date(" ".join(piece.xpath(".//text()[not(ancestor::a)]").getall()))


def excerpt(piece: str) -> str:
    """A short, one-line piece of markup that could not be used, for the record."""
    return zh.squeeze(piece)[:EXCERPT]


def kept(rows: Iterable[Listing], *, dedicated: bool) -> tuple[Listing, ...]:
    """The rows that are, or may be, annual reports, each address once.

    Rows of any year stay. Rows whose titles are clearly something else are left out, and in a list that is not known
    to be the reports' own, all whose titles do not say that they are reports.
    """
    return tuple(row for row in _first_of_each(rows) if is_wanted(row.title, dedicated=dedicated))


def mostly_reports(rows: Iterable[Listing]) -> bool:
    """Whether at least half of some rows have titles of annual reports, and there are any."""
    judged = [is_wanted(row.title, dedicated=False) for row in rows]
    return bool(judged) and 2 * sum(judged) >= len(judged)


def merged(pages: Iterable[ListPage]) -> ListPage:
    """What several readers found on one page as one answer: every row, request and piece of debris once."""
    found = tuple(pages)
    return ListPage(
        rows=_first_of_each(row for page in found for row in page.rows),
        requests=tuple({request.id: request for page in found for request in page.requests}.values()),
        total=next((page.total for page in found if page.total is not None), None),
        debris=tuple(dict.fromkeys(piece for page in found for piece in page.debris)),
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
        found.setdefault(row.url, row)
    return tuple(found.values())
