"""TRS static lists: folders of `index.html`, `index_1.html` … with a pager script and relative links.

Pages are counted from 0 (`index_1` is the second page) or, in another build, from 1 (`index_2` is the second page).
A folder's name is made by hand: it need not say the year of what it holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from govcrawl.replica.answers import Answer, Route, fill, html, once, page
from govcrawl.replica.entries import Entry
from govcrawl.replica.plan import Channel, PortalPlan

Lists = Mapping[Channel, Sequence[Entry]]


def routes(plan: PortalPlan, lists: Lists) -> dict[str, Route]:
    """Every page of every folder; the folder's own address is its first page."""
    found: dict[str, Route] = {}
    for channel, entries in lists.items():
        pages = max(1, -(-len(entries) // channel.per_page))
        for place in range(pages):
            found[channel.id + _file(channel, place)] = once(partial(_list_page, plan, channel, entries, place))
        found[channel.id] = found[channel.id + _file(channel, 0)]
    return found


def _file(channel: Channel, place: int) -> str:
    return f"index_{place + channel.counts_from}.html" if place else "index.html"


def _list_page(plan: PortalPlan, channel: Channel, entries: Sequence[Entry], place: int) -> Answer:
    template, row = _SHAPES.get(channel.order, ("folder.html", _dated_row))
    shown = entries[place * channel.per_page : (place + 1) * channel.per_page]
    rows = "\n".join(row(entry, _relative(channel, entry.address)) for entry in shown)
    content = fill(template, title=channel.title, rows=rows, pager=_pager(channel, len(entries), place))
    return html(page(plan, channel.title, content, {"ColumnName": channel.title, "ColumnType": "信息公开年报"}))


def _pager(channel: Channel, count: int, place: int) -> str:
    pages = max(1, -(-count // channel.per_page))
    if channel.counts_from:
        return f"createPageHTML('paging',{pages},{place + 1},'index','html',{count});"
    return f'createPageHTML({pages},{place},"index","html","black2",{count});'


def _relative(channel: Channel, address: str) -> str:
    return "./" + address.removeprefix(channel.id) if address.startswith(channel.id) else address


def _dated_row(entry: Entry, href: str) -> str:
    return f'<li><a href="{href}" target="_blank">{entry.title}</a><span class="time">{entry.listed_on}</span></li>'


def _national_row(entry: Entry, href: str) -> str:
    return f'<li><a href="{href}" title="{entry.title}">{entry.title}</a><b>{entry.listed_on}</b></li>'


_SHAPES: Mapping[str, tuple[str, Callable[[Entry, str], str]]] = {"national": ("folder_national.html", _national_row)}
