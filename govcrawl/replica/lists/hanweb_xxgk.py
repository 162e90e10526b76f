"""Hanweb's disclosure module: the tree in its frame, `search.jsp` fragments, and the viewer of organ and year.

Two replies that no real page at hand shows are chosen here. A page past the end is an empty table with the same pager.
A report year that an organ does not have is a page that says 暂无数据 (no data), with status 200.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from govcrawl.replica.lists.addresses import VIEWER_PATH, list_address, viewer_address
from govcrawl.replica.lists.entries import ChannelLists, ListEntry, list_page_count, rows_of_page
from govcrawl.replica.page_templates import column_page, fill_template, html_response, portal_page
from govcrawl.replica.plan import Channel, PortalPlan
from govcrawl.replica.request_response import ReplicaRequest, ReplicaResponse, ReplicaRoute, cached_route

_TREE_PATH, _SEARCH_PATH = "/module/xxgk/tree.jsp", "/module/xxgk/search.jsp"


# ----------------------------------------------------------------------------------------------------------- the viewer


def xxgk_viewer_links(plan: PortalPlan, channel: Channel) -> list[tuple[str, str]]:
    """The addresses of the organs' latest reports, each with its organ's name."""
    return [(viewer_address(plan, organ, max(channel.years)), organ.name) for organ in plan.organs]


def xxgk_viewer_routes(plan: PortalPlan, lists: ChannelLists) -> dict[str, ReplicaRoute]:
    """The viewer's page by organ and report year; without a year, the organ's latest."""
    entries = [entry for each in lists.values() for entry in each]
    by_place = {(entry.organ, str(entry.report.year)): entry for entry in entries if entry.report}
    no_data = cached_route(
        lambda: html_response(portal_page(plan, "政府信息公开工作年度报告", fill_template("absent.html")))
    )

    def view(request: ReplicaRequest) -> ReplicaResponse:
        area = request.parameters.get("area", "")
        latest = max((year for organ, year in by_place if organ == area), default="")
        entry = by_place.get((area, request.parameters.get("fbtime", latest)))
        return entry.route(request) if entry and entry.route else no_data(request)

    return {VIEWER_PATH: view} if entries else {}


# ----------------------------------------------------------------------------------------------------------- the search


def xxgk_search_routes(plan: PortalPlan, lists: ChannelLists) -> dict[str, ReplicaRoute]:
    """The column page with its frame, the tree in it, and the fragments of rows."""
    routes: dict[str, ReplicaRoute] = {}
    for channel, entries in lists.items():
        routes |= {
            list_address(plan, channel): cached_route(partial(_shell, plan, channel)),
            _TREE_PATH: cached_route(partial(_tree, plan, channel)),
            _SEARCH_PATH: partial(_search, channel, entries),
        }
    return routes


def _shell(plan: PortalPlan, channel: Channel) -> ReplicaResponse:
    content = fill_template(
        "disclosure_list.html",
        disclosure=plan.disclosure,
        title=channel.title,
        column=channel.id,
        infotype=channel.infotype,
        jdid=channel.jdid,
    )
    return column_page(plan, channel.title, content)


def _tree(plan: PortalPlan, channel: Channel) -> ReplicaResponse:
    node = f"""d.add(1,0,'{channel.title}',"javascript:funclick('{channel.infotype}','{channel.title}')");"""
    return html_response(
        fill_template("tree.html", region=plan.region, nodes=node, jdid=channel.jdid, column=channel.id)
    )


def _search(channel: Channel, entries: Sequence[ListEntry], request: ReplicaRequest) -> ReplicaResponse:
    found = [entry for entry in entries if _fits(channel, entry, request.parameters)]
    return html_response(_fragment(channel, found, max(1, request.number("currpage", 1))))


def _fits(channel: Channel, entry: ListEntry, form: Mapping[str, str]) -> bool:
    """Whether a row fits the fields of the search form; `vc_number` may be any part of the index number."""
    if not channel.every_column and form.get("infotypeId") not in ("", channel.infotype, None):
        return False
    year = form.get("fbtime", "")
    return (
        form.get("area", "") in ("", entry.organ)
        and (year in ("", "-1") or entry.listed_on.startswith(year))
        and form.get("vc_number", "") in (entry.index_number or "")
        and form.get("vc_title", "") in entry.title
    )


def _fragment(channel: Channel, entries: Sequence[ListEntry], number: int) -> str:
    pages = list_page_count(len(entries), channel.per_page)
    links = f'<a href="javascript:gotopage({number + 1})">下一页</a> <a href="javascript:gotopage({pages})">尾页</a>'
    template, row = _SHAPES.get(channel.order, ("search.html", _table_row))
    shown = rows_of_page(entries, number, channel.per_page)
    return fill_template(
        template,
        rows="\n".join(row(place, entry) for place, entry in enumerate(shown)),
        pages=pages,
        page=number,
        total=len(entries),
        links=links if number < pages else "",
    )


def _table_row(place: int, entry: ListEntry) -> str:
    return (
        f'<tr class="tr_main_value_{("odd", "even")[place % 2]}"><td align="center">{place + 1}</td><td>'
        f'<a href="{entry.address}" target="_blank" title="{entry.title}" syh="{entry.index_number or ""}" '
        f'mc="{entry.title}" wh="" rq="{entry.listed_on}" gkfs="主动公开">{entry.title[:30]}</a></td>'
        f'<td align="center">{entry.listed_on}</td></tr>'
    )


def _national_row(_: int, entry: ListEntry) -> str:
    return f'<li><a href="{entry.address}" title="{entry.title}">{entry.title}</a><b>{entry.listed_on}</b></li>'


_SHAPES: Mapping[str, tuple[str, Callable[[int, ListEntry], str]]] = {
    "national": ("search_national.html", _national_row)
}
"""The template and the rows of a list by the channel's `order`."""
