"""Lists that a page's script loads: the shells without rows, and the APIs behind them, each exact to its platform.

JPAAS answers HTML in JSON to a `paramJson`, and only to a request with a Referer. Guangdong's platform (gkmlpt) counts
more than it lists and has no page past the end. The API of 宜昌 (Yichang) answers JSONP in two shapes of rows. Epoint
takes posted JSON and counts pages from 0. The search of TRS IGS filters and sorts by index number. A `scripted` list is
of no known platform, so that only a browser finds its rows.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

from govcrawl.replica.lists.addresses import list_address
from govcrawl.replica.lists.entries import ChannelLists, ExpectedOutcome, ListEntry, rows_of_page
from govcrawl.replica.page_templates import column_page, fill_template, html_response, portal_page
from govcrawl.replica.plan import Channel, PortalPlan
from govcrawl.replica.request_response import (
    ReplicaRequest,
    ReplicaResponse,
    ReplicaRoute,
    cached_route,
    whole_number,
)

_EntriesById = Mapping[str, Sequence[ListEntry]]


def _shell(plan: PortalPlan, channel: Channel, template: str) -> ReplicaRoute:
    """The page of a list without its rows."""

    def make() -> ReplicaResponse:
        content = fill_template(template, title=channel.title, id=channel.id, webid=channel.webid, unit=channel.unit)
        return html_response(portal_page(plan, channel.title, content, {"ColumnName": channel.title}))

    return cached_route(make)


def _json(value: Any) -> ReplicaResponse:
    body = json.dumps(value, ensure_ascii=False).encode()
    return ReplicaResponse(body, media_type="application/json;charset=UTF-8")


def _javascript(text: str) -> ReplicaRoute:
    response = ReplicaResponse(text.encode(), media_type="application/javascript")
    return lambda _: response


def _posted_json(text: str | bytes) -> Any:
    """The JSON that a script sends; nothing for a text that is none."""
    try:
        return json.loads(text)
    except ValueError:
        return {}


def _publisher(entry: ListEntry) -> str:
    return entry.report.publisher if entry.report else ""


# --------------------------------------------------------------------------------------------------------- Hanweb JPAAS


_BUILD_UNIT_PATH = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_FORBIDDEN = ReplicaResponse(b"<html><body>403 Forbidden</body></html>", status=403)


def _jpaas_routes(plan: PortalPlan, lists: ChannelLists) -> dict[str, ReplicaRoute]:
    """The column pages with their units, and the API that builds a unit."""
    columns = {list_address(plan, channel): _shell(plan, channel, "jpaas.html") for channel in lists}
    return {**columns, **({_BUILD_UNIT_PATH: partial(_build_unit, lists)} if lists else {})}


def _build_unit(lists: ChannelLists, request: ReplicaRequest) -> ReplicaResponse:
    """A page of a unit; the unit named 信息列表 (list of information) alone has rows."""
    if "/col/" not in request.referrer:
        return _FORBIDDEN
    asked = request.parameters
    channel = next((each for each in lists if each.id == asked.get("pageId")), None)
    # The real API knows its parse type by this spelling alone.
    if channel is None or asked.get("parseType") != "bulidstatic":
        return _json({"success": False, "message": "参数错误", "data": None})
    entries = lists[channel] if asked.get("tagId") == "信息列表" else ()
    unit = _unit(channel, entries, _posted_json(asked.get("paramJson", "")))
    return _json({"success": True, "code": "200", "data": {"html": unit}})


def _unit(channel: Channel, entries: Sequence[ListEntry], params: Mapping[str, Any]) -> str:
    """The HTML of a page of a unit; `pageNo` and `pageSize` of `paramJson` alone turn the page."""
    size = min(max(1, whole_number(params.get("pageSize", ""), channel.per_page)), channel.per_page)
    rows = "".join(
        f'<li><a href="{entry.address}" title="{entry.title}" target="_blank">{entry.title[:20]}...</a>'
        f"<span>{entry.listed_on}</span></li>"
        for entry in rows_of_page(entries, max(1, whole_number(params.get("pageNo", ""), 1)), size)
    )
    return f'<ul>{rows}</ul><div class="paging" count="{len(entries)}" pagesize="{size}"></div>'


# --------------------------------------------------------------------------------------------------------------- gkmlpt


_GKMLPT_PAGE_SIZE = 100
_NO_SUCH_PAGE = ReplicaResponse(b'{"message":"404 Not Found"}', status=404, media_type="application/json")


def _gkmlpt_routes(plan: PortalPlan, lists: ChannelLists) -> dict[str, ReplicaRoute]:
    """The platform's page with its tree, and the API of each column."""
    if not lists:
        return {}
    columns = {
        f"/gkmlpt/api/all/{channel.id}": partial(_gkmlpt_column, channel, entries) for channel, entries in lists.items()
    }
    return {**columns, "/gkmlpt/index": cached_route(partial(_gkmlpt_index, plan, tuple(lists)))}


def _gkmlpt_index(plan: PortalPlan, channels: Sequence[Channel]) -> ReplicaResponse:
    guide = {"id": 3, "name": "政府信息公开指南", "children": []}
    columns = ({"id": int(channel.id), "name": channel.title, "children": []} for channel in channels)
    content = fill_template("gkmlpt.html", site=channels[0].webid, tree=json.dumps([guide, *columns]))
    return html_response(portal_page(plan, "政府信息公开平台", content))


def _gkmlpt_column(channel: Channel, entries: Sequence[ListEntry], request: ReplicaRequest) -> ReplicaResponse:
    """A page of a column: a 404 past the end, and a count of posts that is larger than what is listed."""
    number = request.number("page", 1)
    shown = rows_of_page(entries, number, _GKMLPT_PAGE_SIZE)
    if (number > 1 and not shown) or request.parameters.get("sid") != channel.webid:
        return _NO_SUCH_PAGE
    classify = {"id": int(channel.id), "name": channel.title, "parent": 0, "post_count": 3 * len(entries) + 5}
    offset = (number - 1) * _GKMLPT_PAGE_SIZE
    articles = [_gkmlpt_article(channel, entry) for entry in shown]
    return _json({"classify": classify, "total": len(entries), "offset": offset, "articles": articles})


def _gkmlpt_article(channel: Channel, entry: ListEntry) -> dict[str, Any]:
    noon = dt.datetime.fromisoformat(f"{entry.listed_on}T12:00:00+08:00")
    return {
        "id": 1,
        "title": entry.title,
        "url": entry.address,
        "post_url": entry.address,
        "identifier": entry.index_number or "",
        "publisher": _publisher(entry),
        "document_number": "",
        "date": int(noon.timestamp()) - 86_400,
        "create_time": int(noon.timestamp()),
        "classify_main_name": channel.title,
        "type": "normal",
    }


# ----------------------------------------------------------------------------------------------------------------- 宜昌


_YICHANG_NEWER_SHAPE = 3
"""Every third row comes in the newer shape."""


def _yichang_routes(plan: PortalPlan, lists: ChannelLists) -> dict[str, ReplicaRoute]:
    """The shell of the list, and the API's lists and details; an article has no page but its detail."""
    if not lists:
        return {}
    channel, entries = next(iter(lists.items()))
    return {
        "/zfxxgk/list.html": _shell(plan, channel, "yichang.html"),
        "/show/lists": partial(_yichang_list, channel, entries),
        "/show/detail": partial(_yichang_detail, {_yichang_id(entry): entry for entry in entries}),
    }


def _yichang_list(channel: Channel, entries: Sequence[ListEntry], request: ReplicaRequest) -> ReplicaResponse:
    listed = entries if request.parameters.get("cid") == channel.id else ()
    size = max(1, request.number("pagenums", channel.per_page))
    shown = rows_of_page(listed, max(1, request.number("page", 1)), size)
    return _jsonp(request, {"lists": [_yichang_row(entry) for entry in shown], "allnums": len(listed)})


def _yichang_detail(by_id: Mapping[int, ListEntry], request: ReplicaRequest) -> ReplicaResponse:
    entry = by_id.get(request.number("id", 0))
    return entry.route(request) if entry and entry.route else _jsonp(request, [])


def _yichang_id(entry: ListEntry) -> int:
    return int(parse_qs(urlsplit(entry.address).query)["id"][0])


def _yichang_row(entry: ListEntry) -> dict[str, Any]:
    number = _yichang_id(entry)
    newer = number % _YICHANG_NEWER_SHAPE == 0
    return {
        "n_id": {"aid": [{"article_id": str(number)}]} if newer else number,
        "title": {"atitle": [{"article_title": entry.title}]} if newer else entry.title,
        "vc_number": entry.index_number or "",
        "vc_department": _publisher(entry),
        "vc_inputtime": f"{entry.listed_on} 09:30:00",
        "createtime": f"{entry.listed_on} 09:30:00",
        "fujian": "",
    }


def _jsonp(request: ReplicaRequest, value: Any) -> ReplicaResponse:
    text = f"{request.parameters.get('jsoncallback', 'callback')}({json.dumps(value)});"
    return ReplicaResponse(text.encode(), media_type="application/javascript;charset=UTF-8")


# --------------------------------------------------------------------------------------------------------------- Epoint


_EPOINT_SITE_GUID = "7eb5f7f1-9041-43ad-8e13-8fcb82ea831a"


def _epoint_routes(plan: PortalPlan, lists: ChannelLists) -> dict[str, ReplicaRoute]:
    """The shell, the script that holds the portal's `siteGuid`, and the API that takes posted JSON."""
    if not lists:
        return {}
    by_id = {channel.id: entries for channel, entries in lists.items()}
    return {
        "/dynamic/zwgk/govInfoPubright.html": _shell(plan, next(iter(lists)), "epoint.html"),
        "/js/webBuilderCommon.js": _javascript(f"var siteInfo = {{\n  siteGuid: '{_EPOINT_SITE_GUID}'\n}};\n"),
        "/EWB-FRONT/rest/lightfrontaction/getgovinfolist": partial(_epoint_list, by_id),
    }


def _epoint_list(by_id: _EntriesById, request: ReplicaRequest) -> ReplicaResponse:
    posted = _posted_json(request.body)
    if request.method != "POST" or posted.get("siteGuid") != _EPOINT_SITE_GUID:
        return _json({"status": {"code": 0, "text": "参数错误"}})
    entries = by_id.get(posted.get("categorynum"), ())
    number = whole_number(posted.get("pageIndex", ""), 0) + 1
    shown = rows_of_page(entries, number, max(1, whole_number(posted.get("pageSize"), 15)))
    data = [{"infourl": entry.address, "realtitle": entry.title, "infodate": entry.listed_on} for entry in shown]
    return _json({"custom": {"total": len(entries), "data": data}, "status": {"code": 1}})


# -------------------------------------------------------------------------------------------------------------- TRS IGS


def _igs_routes(plan: PortalPlan, lists: ChannelLists) -> dict[str, ReplicaRoute]:
    """The columns' pages, whose script names the search, and the search itself."""
    columns = {list_address(plan, channel): _shell(plan, channel, "igs.html") for channel in lists}
    by_type = {channel.webid: entries for channel, entries in lists.items()}
    return {**columns, **({"/igs/front/search/list.html": partial(_igs_search, by_type)} if lists else {})}


def _igs_search(by_type: _EntriesById, request: ReplicaRequest) -> ReplicaResponse:
    """A page of a search; an unlisted report is found by its index number alone."""
    entries = sorted(by_type.get(request.parameters.get("type", ""), ()), key=lambda entry: entry.index_number or "")
    wanted = request.parameters.get("filter[IdxID]")
    found = [
        entry
        for entry in entries
        if entry.index_number == wanted or (wanted is None and entry.expected is not ExpectedOutcome.UNLISTED)
    ]
    size, number = max(1, request.number("pageSize", 10)), max(1, request.number("pageNumber", 1))
    content = [_igs_record(entry) for entry in rows_of_page(found, number, size)]
    return _json({"page": {"content": content, "number": number, "size": size, "totalElements": len(found)}})


def _igs_record(entry: ListEntry) -> dict[str, Any]:
    return {
        "IdxID": entry.index_number or "",
        "DOCTITLE": entry.title,
        "DOCPUBURL": entry.address,
        "PUBDATE": f"{entry.listed_on} 10:00:00",
        "PUBLISHER": _publisher(entry),
    }


# ------------------------------------------------------------------------------------------------------------- scripted


_SCRIPT_PATH, _DATA_PATH = "/script/list.js", "/api/list.json"


def _scripted_routes(plan: PortalPlan, lists: ChannelLists) -> dict[str, ReplicaRoute]:
    """The shell, its script, and the data behind it.

    The script requests more than its data, as scripts of real pages do: another host, a path that robots.txt forbids,
    this machine, the address of cloud metadata, a socket. A crawl must let none of these through; the log shows it.
    """
    if not lists:
        return {}
    channel, entries = next(iter(lists.items()))
    content = fill_template("scripted.html", title=channel.title, script=_SCRIPT_PATH, data=_DATA_PATH)
    return {
        list_address(plan, channel): cached_route(partial(column_page, plan, channel.title, content)),
        _SCRIPT_PATH: _javascript(fill_template("list.js")),
        _DATA_PATH: partial(_scripted_data, channel, entries),
    }


def _scripted_data(channel: Channel, entries: Sequence[ListEntry], request: ReplicaRequest) -> ReplicaResponse:
    number = request.parameters.get("page", "1")
    shown = rows_of_page(entries, int(number), channel.per_page) if number.isdecimal() else ()
    rows = [{"title": entry.title, "url": entry.address, "date": entry.listed_on} for entry in shown]
    return _json({"rows": rows, "pages": -(-len(entries) // channel.per_page)})


LIST_API_ROUTES: Mapping[str, Callable[[PortalPlan, ChannelLists], dict[str, ReplicaRoute]]] = {
    "hanweb-jpaas": _jpaas_routes,
    "gkmlpt": _gkmlpt_routes,
    "yichang-xxgk": _yichang_routes,
    "epoint": _epoint_routes,
    "trs-igs": _igs_routes,
    "scripted": _scripted_routes,
}
"""What makes the routes of a portal's lists, by the kind of channel."""
