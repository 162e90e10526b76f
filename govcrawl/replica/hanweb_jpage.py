"""Hanweb's paged columns: the column page with its inert first rows, and `dataproxy.jsp` in three server builds.

The column page holds three display pages of rows inside `<script type="text/xml">`, an empty visible list and a link
to the next group; `?pageNum=` changes nothing. `dataproxy.jsp` answers GET and POST alike.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from urllib.parse import quote

from govcrawl.replica.answers import Answer, Asked, Route, fill, html, once, page
from govcrawl.replica.entries import Entry
from govcrawl.replica.plan import Channel, PortalPlan

PATHS = ("/module/web/jpage/dataproxy.jsp", "/module/jslib/jquery/jpage/dataproxy.jsp", "/module/jpage/dataproxy.jsp")
DISPLAY_PAGES = 3
CAPS = {"capped": 300}
"""Builds that give no more rows at once, by their way of paging."""
NO_CAP = 1 << 20
SHOWN = 24
DEBRIS = "<li style=<br/"

DATASTORE = (
    '<?xml version="1.0" encoding="utf-8" ?>\n<datastore>\n'
    "<totalrecord>{total}</totalrecord><totalpage>{pages}</totalpage>\n"
    "<recordset>\n{records}\n</recordset></datastore>\n"
)

Lists = Mapping[Channel, Sequence[Entry]]


def address(channel: Channel) -> str:
    """The path of a column's page."""
    return f"/col/col{channel.id}/index.html"


def routes(plan: PortalPlan, lists: Lists) -> dict[str, Route]:
    """The pages of the portal's columns and the list endpoint they share."""
    records = {channel: _records(channel, entries) for channel, entries in lists.items()}
    by_id = {channel.id: channel for channel in lists}

    def dataproxy(asked: Asked) -> Answer:
        channel = by_id.get(asked.parameters.get("columnid", ""))
        return _group(channel, records[channel], asked.parameters) if channel else _datastore((), 0, 1)

    pages = {address(channel): once(partial(_column_page, plan, channel, records[channel])) for channel in lists}
    return {**pages, **(dict.fromkeys(PATHS, dataproxy) if lists else {})}


def _column_page(plan: PortalPlan, channel: Channel, records: Sequence[str]) -> Answer:
    first = "\n".join(records[: DISPLAY_PAGES * channel.per_page])
    devices = ("pc-list", "mobile-list") if channel.twice else ("pc-list",)
    units = (
        fill(
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
    content = fill("column.html", disclosure=plan.disclosure, title=channel.title, units="\n".join(units))
    return html(page(plan, channel.title, content, {"ColumnName": channel.title, "ColumnType": "信息公开年报"}))


# ------------------------------------------------------------------------------------------------------------ rows


def _records(channel: Channel, entries: Sequence[Entry]) -> tuple[str, ...]:
    rows = [_ROWS[channel.order](entry) for entry in entries]
    if channel.debris:
        rows = [part for place, row in enumerate(rows) for part in ((DEBRIS, row) if place % 7 == 3 else (row,))]
    return tuple(f"<record><![CDATA[{row}]]></record>" for row in rows)


def _title_first(entry: Entry) -> str:
    return (
        f"<li><a title='{entry.title}' href='{entry.address}' target=\"_blank\">{_cut(entry.title)}</a>"
        f"<span>{entry.listed_on}</span></li>"
    )


def _href_first(entry: Entry) -> str:
    return (
        f'<li><span class="date">{entry.listed_on}</span><a href="{entry.address}" class="bt" title="{entry.title}">'
        f"{_cut(entry.title)}</a></li>"
    )


_ROWS: Mapping[str, Callable[[Entry], str]] = {"title-first": _title_first, "href-first": _href_first}


def _cut(title: str) -> str:
    return title if len(title) <= SHOWN else title[:SHOWN] + "..."


# ---------------------------------------------------------------------------------------------------------- groups


def _group(channel: Channel, records: Sequence[str], asked: Mapping[str, str]) -> Answer:
    per_page = min(max(1, _number(asked, "perpage", channel.per_page)), CAPS.get(channel.paging, NO_CAP))
    first, last = _WINDOWS[channel.paging](asked, per_page)
    return _datastore(records[first - 1 : last], len(records), per_page)


def _by_window(asked: Mapping[str, str], per_page: int) -> tuple[int, int]:
    """A build that honours startrecord and endrecord; without them, the page number."""
    if "startrecord" not in asked:
        return _by_page(asked, per_page)
    first = max(1, _number(asked, "startrecord", 1))
    return first, _number(asked, "endrecord", first + DISPLAY_PAGES * per_page - 1)


def _by_page(asked: Mapping[str, str], per_page: int) -> tuple[int, int]:
    """A build that knows only the page number, whatever window is asked for."""
    first = (max(1, _number(asked, "page", 1)) - 1) * per_page + 1
    return first, first + per_page - 1


def _capped(asked: Mapping[str, str], per_page: int) -> tuple[int, int]:
    """A build that honours the window but gives no more rows at once than its cap."""
    first, last = _by_window(asked, per_page)
    return first, min(last, first + CAPS["capped"] - 1)


_WINDOWS: Mapping[str, Callable[[Mapping[str, str], int], tuple[int, int]]] = {
    "window": _by_window,
    "page": _by_page,
    "capped": _capped,
}


def _number(asked: Mapping[str, str], name: str, default: int) -> int:
    text = asked.get(name, "")
    return int(text) if text.isascii() and text.isdigit() else default


def _datastore(records: Sequence[str], total: int, per_page: int) -> Answer:
    pages = -(-total // per_page)
    text = DATASTORE.format(total=total, pages=pages, records="\n".join(records))
    return Answer(text.encode(), media_type="text/xml;charset=UTF-8")
