"""Lists printed as plain pages: rows as dated links, and a pager of numbered links or of a script call.

Where each organ has a list of its own, every list links to all organs, but not to their annual reports: a crawler must
know that an organ's list and a category go together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from urllib.parse import parse_qsl, urlsplit

from govcrawl.replica.annual_reports.index_numbers import code_on_portal
from govcrawl.replica.lists.addresses import address_templates, list_address
from govcrawl.replica.lists.entries import ChannelLists, ListEntry, list_page_count, rows_of_page
from govcrawl.replica.page_templates import column_page, fill_template
from govcrawl.replica.plan import Channel, PortalPlan, PublishingOrgan
from govcrawl.replica.request_response import ReplicaRequest, ReplicaResponse, ReplicaRoute, cached_route

_NOT_FOUND = ReplicaResponse(fill_template("not_found.html").encode(), status=404)
_FIRST_PAGE = {("page", "1"), ("pageIndex", "1")}
"""Parameters that name a list's first page, whose own address has none."""


def printed_list_kinds() -> tuple[str, ...]:
    """The kinds of channel whose lists are printed."""
    return tuple(kind for kind, templates in address_templates().items() if templates.further)


def printed_list_routes(plan: PortalPlan, lists: ChannelLists) -> dict[str, ReplicaRoute]:
    """Every page of every list by path; pages that differ in their query share one route."""
    by_path: dict[str, dict[frozenset[tuple[str, str]], ReplicaRoute]] = {}
    for address, route in _pages(plan, lists):
        parts = urlsplit(address)
        by_path.setdefault(parts.path, {})[frozenset(parse_qsl(parts.query))] = route
        if not parts.query:
            by_path.setdefault(_other_name(parts.path), {})[frozenset()] = route
    return {path: partial(_route_by_query, pages) for path, pages in by_path.items()}


def _other_name(path: str) -> str:
    """A folder under its index page's name, and the reverse."""
    return f"{path}index.html" if path.endswith("/") else path.removesuffix("index.html")


def _route_by_query(
    pages: Mapping[frozenset[tuple[str, str]], ReplicaRoute], request: ReplicaRequest
) -> ReplicaResponse:
    """The page that the query names; parameters that no page of the path has make no difference."""
    known = {name for query in pages for name, _ in query}
    query = frozenset((name, value) for name, value in request.parameters.items() if name in known)
    route = pages.get(query) or pages.get(query - _FIRST_PAGE)
    return route(request) if route else _NOT_FOUND


def _pages(plan: PortalPlan, lists: ChannelLists) -> Iterator[tuple[str, ReplicaRoute]]:
    for channel, entries in lists.items():
        for organ, rows in _rows_by_organ(plan, channel, entries):
            count = list_page_count(len(rows), channel.per_page)
            for number in range(1, count + 1):
                shown = rows_of_page(rows, number, channel.per_page)
                route = cached_route(partial(_list_page, plan, channel, organ, shown, (number, count)))
                yield list_address(plan, channel, organ, number), route


def _rows_by_organ(
    plan: PortalPlan, channel: Channel, entries: Sequence[ListEntry]
) -> Iterator[tuple[PublishingOrgan | None, Sequence[ListEntry]]]:
    """The lists of a channel: one, or one for each organ. Rows of no organ are in the first organ's list."""
    if not (address_templates()[channel.kind].by_organ and plan.organs):
        yield None, entries
        return
    organs = {code_on_portal(plan, organ): organ for organ in plan.organs}
    for organ in plan.organs:
        yield organ, [entry for entry in entries if organs.get(entry.organ, plan.organs[0]) is organ]


def _list_page(
    plan: PortalPlan, channel: Channel, organ: PublishingOrgan | None, rows: Sequence[ListEntry], place: tuple[int, int]
) -> ReplicaResponse:
    """A page of a list; `place` is its number and how many pages there are."""
    content = fill_template(
        "printed.html",
        title=channel.title,
        organs=_organ_links(plan, channel),
        rows="\n".join(map(_row, rows)),
        pager=_pager(plan, channel, organ, *place),
    )
    return column_page(plan, channel.title, content)


def _row(entry: ListEntry) -> str:
    return f'<li><a href="{entry.address}" target="_blank">{entry.title}</a><span>{entry.listed_on}</span></li>'


def _organ_links(plan: PortalPlan, channel: Channel) -> str:
    """The menu of organs, each linked to its general list."""
    if not address_templates()[channel.kind].by_organ:
        return ""
    links = ((list_address(plan, channel, organ).partition("&catId=")[0], organ.name) for organ in plan.organs)
    return "".join(f'<li><a href="{href}">{name}</a></li>' for href, name in links)


def _pager(plan: PortalPlan, channel: Channel, organ: PublishingOrgan | None, current: int, count: int) -> str:
    if address_templates()[channel.kind].pager == "script":
        return f'<script>createPageHTML({count},{current - 1},"index","html","black2",{count});</script>'
    links = (
        f'<a href="{list_address(plan, channel, organ, number)}">{number}</a>'
        for number in range(1, count + 1)
        if number != current
    )
    return f"{' '.join(links)} <span>共{count}页</span>"
