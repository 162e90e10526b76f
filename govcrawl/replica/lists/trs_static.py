"""TRS static lists: folders of `index.html`, `index_1.html` … with a pager script and relative links.

Pages are counted from 0 (`index_1` is the second page) or, in another build, from 1 (`index_2` is the second page).
A folder's name is made by hand: it need not say the year of what it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from govcrawl.replica.lists.entries import ChannelLists, ListEntry, list_page_count, rows_of_page
from govcrawl.replica.page_templates import column_page, fill_template
from govcrawl.replica.plan import Channel, PortalPlan
from govcrawl.replica.request_response import ReplicaResponse, ReplicaRoute, cached_route


def trs_folder_routes(plan: PortalPlan, lists: ChannelLists) -> dict[str, ReplicaRoute]:
    """Every page of every folder; the folder's own address is its first page."""
    routes: dict[str, ReplicaRoute] = {}
    for channel, entries in lists.items():
        for number in range(1, list_page_count(len(entries), channel.per_page) + 1):
            page = cached_route(partial(_folder_page, plan, channel, entries, number))
            routes[channel.id + _file_name(channel, number)] = page
        routes[channel.id] = routes[channel.id + _file_name(channel, 1)]
    return routes


def _file_name(channel: Channel, number: int) -> str:
    return f"index_{number - 1 + channel.counts_from}.html" if number > 1 else "index.html"


def _folder_page(plan: PortalPlan, channel: Channel, entries: Sequence[ListEntry], number: int) -> ReplicaResponse:
    template, row = _SHAPES.get(channel.order, ("folder.html", _dated_row))
    shown = rows_of_page(entries, number, channel.per_page)
    rows = "\n".join(row(entry, _relative(channel, entry.address)) for entry in shown)
    pager = _pager(channel, len(entries), number)
    return column_page(plan, channel.title, fill_template(template, title=channel.title, rows=rows, pager=pager))


def _pager(channel: Channel, total: int, number: int) -> str:
    pages = list_page_count(total, channel.per_page)
    if channel.counts_from:
        return f"createPageHTML('paging',{pages},{number},'index','html',{total});"
    return f'createPageHTML({pages},{number - 1},"index","html","black2",{total});'


def _relative(channel: Channel, address: str) -> str:
    return "./" + address.removeprefix(channel.id) if address.startswith(channel.id) else address


def _dated_row(entry: ListEntry, href: str) -> str:
    return f'<li><a href="{href}" target="_blank">{entry.title}</a><span class="time">{entry.listed_on}</span></li>'


def _national_row(entry: ListEntry, href: str) -> str:
    return f'<li><a href="{href}" title="{entry.title}">{entry.title}</a><b>{entry.listed_on}</b></li>'


_SHAPES: Mapping[str, tuple[str, Callable[[ListEntry, str], str]]] = {
    "national": ("folder_national.html", _national_row)
}
"""The template and the rows of a list by the channel's `order`."""
