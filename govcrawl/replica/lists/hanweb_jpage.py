"""Hanweb's paged columns: the column page with its inert first rows, and `dataproxy.jsp` in three server builds.

The column page holds three display pages of rows inside `<script type="text/xml">`, an empty visible list and a link to
the next group; `?pageNum=` changes nothing. `dataproxy.jsp` answers GET and POST alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from urllib.parse import quote

from govcrawl.replica.lists.addresses import list_address
from govcrawl.replica.lists.entries import ChannelLists, ListEntry
from govcrawl.replica.page_templates import column_page, fill_template
from govcrawl.replica.plan import Channel, PortalPlan
from govcrawl.replica.request_response import ReplicaRequest, ReplicaResponse, ReplicaRoute, cached_route

_DATAPROXY_PATHS = (
    "/module/web/jpage/dataproxy.jsp",
    "/module/jslib/jquery/jpage/dataproxy.jsp",
    "/module/jpage/dataproxy.jsp",
)
_DISPLAY_PAGES = 3
_MAX_ROWS = {"capped": 300}
"""The most rows that a server gives at once, by its way of paging; the others have no limit."""
_NO_LIMIT = 1 << 20
_TITLE_LENGTH = 24
_BROKEN_ROW = "<li style=<br/"

_DATASTORE = (
    '<?xml version="1.0" encoding="utf-8" ?>\n<datastore>\n'
    "<totalrecord>{total}</totalrecord><totalpage>{pages}</totalpage>\n"
    "<recordset>\n{records}\n</recordset></datastore>\n"
)


def jpage_routes(plan: PortalPlan, lists: ChannelLists) -> dict[str, ReplicaRoute]:
    """The pages of the portal's columns and the list endpoint that they share."""
    records = {channel: _records(channel, entries) for channel, entries in lists.items()}
    by_id = {channel.id: channel for channel in lists}

    def dataproxy(request: ReplicaRequest) -> ReplicaResponse:
        channel = by_id.get(request.parameters.get("columnid", ""))
        return _group(channel, records[channel], request) if channel else _datastore((), 0, 1)

    pages = {
        list_address(plan, channel): cached_route(partial(_column_page, plan, channel, records[channel]))
        for channel in lists
    }
    return {**pages, **(dict.fromkeys(_DATAPROXY_PATHS, dataproxy) if lists else {})}


def _column_page(plan: PortalPlan, channel: Channel, records: Sequence[str]) -> ReplicaResponse:
    first = "\n".join(records[: _DISPLAY_PAGES * channel.per_page])
    devices = ("pc-list", "mobile-list") if channel.twice else ("pc-list",)
    units = (
        fill_template(
            "unit.html",
            device=device,
            unit=channel.unit,
            webid=channel.webid,
            column=channel.id,
            webname=quote(quote(f"{plan.region}人民政府")),
            records=first,
        )
        for device in devices
    )
    content = fill_template("column.html", disclosure=plan.disclosure, title=channel.title, units="\n".join(units))
    return column_page(plan, channel.title, content)


# ----------------------------------------------------------------------------------------------------------------- rows


def _records(channel: Channel, entries: Sequence[ListEntry]) -> tuple[str, ...]:
    rows = [_ROWS[channel.order](entry) for entry in entries]
    if channel.debris:
        rows = [part for place, row in enumerate(rows) for part in ((_BROKEN_ROW, row) if place % 7 == 3 else (row,))]
    return tuple(f"<record><![CDATA[{row}]]></record>" for row in rows)


def _title_first(entry: ListEntry) -> str:
    return (
        f"<li><a title='{entry.title}' href='{entry.address}' target=\"_blank\">{_shortened(entry.title)}</a>"
        f"<span>{entry.listed_on}</span></li>"
    )


def _href_first(entry: ListEntry) -> str:
    return (
        f'<li><span class="date">{entry.listed_on}</span><a href="{entry.address}" class="bt" title="{entry.title}">'
        f"{_shortened(entry.title)}</a></li>"
    )


_ROWS: Mapping[str, Callable[[ListEntry], str]] = {"title-first": _title_first, "href-first": _href_first}


def _shortened(title: str) -> str:
    return title if len(title) <= _TITLE_LENGTH else title[:_TITLE_LENGTH] + "..."


# --------------------------------------------------------------------------------------------------------------- groups


def _group(channel: Channel, records: Sequence[str], request: ReplicaRequest) -> ReplicaResponse:
    limit = _MAX_ROWS.get(channel.paging, _NO_LIMIT)
    per_page = min(max(1, request.number("perpage", channel.per_page)), limit)
    first, last = _WINDOWS[channel.paging](request, per_page)
    return _datastore(records[first - 1 : last], len(records), per_page)


def _by_window(request: ReplicaRequest, per_page: int) -> tuple[int, int]:
    """A build that honours startrecord and endrecord; without them, the page number."""
    if "startrecord" not in request.parameters:
        return _by_page(request, per_page)
    first = max(1, request.number("startrecord", 1))
    return first, request.number("endrecord", first + _DISPLAY_PAGES * per_page - 1)


def _by_page(request: ReplicaRequest, per_page: int) -> tuple[int, int]:
    """A build that knows the page number alone and ignores the window."""
    first = (max(1, request.number("page", 1)) - 1) * per_page + 1
    return first, first + per_page - 1


def _by_capped_window(request: ReplicaRequest, per_page: int) -> tuple[int, int]:
    """A build that honours the window up to its limit of rows."""
    first, last = _by_window(request, per_page)
    return first, min(last, first + _MAX_ROWS["capped"] - 1)


_WINDOWS: Mapping[str, Callable[[ReplicaRequest, int], tuple[int, int]]] = {
    "window": _by_window,
    "page": _by_page,
    "capped": _by_capped_window,
}


def _datastore(records: Sequence[str], total: int, per_page: int) -> ReplicaResponse:
    pages = -(-total // per_page)
    text = _DATASTORE.format(total=total, pages=pages, records="\n".join(records))
    return ReplicaResponse(text.encode(), media_type="text/xml;charset=UTF-8")
