"""Lists that a page's script asks for: the shells, and the interfaces behind them, each exact to its family.

JPAAS answers HTML in JSON to a `paramJson` and nothing to one that has no Referer; Guangdong's platform counts more
than it lists and has no page past the end; 宜昌 answers JSONP in two shapes of rows; Epoint takes posted JSON, pages
counted from 0; the search of TRS IGS filters and sorts by index number.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from govcrawl.replica.addresses import list_address
from govcrawl.replica.answers import Answer, Asked, Route, fill, html, once, page
from govcrawl.replica.entries import Entry, Expected
from govcrawl.replica.plan import Channel, PortalPlan

Lists = Mapping[Channel, Sequence[Entry]]

BUILD_UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
GKMLPT_API = "/gkmlpt/api/all/"
GKMLPT_PAGE = 100
YICHANG_LISTS, YICHANG_DETAIL = "/show/lists", "/show/detail"
EPOINT_LIST = "/EWB-FRONT/rest/lightfrontaction/getgovinfolist"
EPOINT_SCRIPT = "/js/webBuilderCommon.js"
IGS_SEARCH = "/igs/front/search/list.html"
SITE_GUID = "7eb5f7f1-9041-43ad-8e13-8fcb82ea831a"
NEWER_SHAPE = 3
"""宜昌: every third row comes in the newer shape."""

FORBIDDEN = Answer(b"<html><body>403 Forbidden</body></html>", status=403)
ABSENT = Answer(b'{"message":"404 Not Found"}', status=404, media_type="application/json")


def _shell(plan: PortalPlan, channel: Channel, template: str) -> Route:
    def make() -> Answer:
        content = fill(template, title=channel.title, id=channel.id, webid=channel.webid, unit=channel.unit)
        return html(page(plan, channel.title, content, {"ColumnName": channel.title}))

    return once(make)


def _told(value: Any) -> Answer:
    return Answer(json.dumps(value, ensure_ascii=False).encode(), media_type="application/json;charset=UTF-8")


def _number(text: object, default: int) -> int:
    return int(str(text)) if str(text).isascii() and str(text).isdigit() else default


def _page_of(entries: Sequence[Entry], number: int, size: int) -> Sequence[Entry]:
    return entries[(number - 1) * size : number * size]


# ------------------------------------------------------------------------------------------------------------ JPAAS


def jpaas_routes(plan: PortalPlan, lists: Lists) -> dict[str, Route]:
    """The column pages with their units, and the interface that builds a unit."""
    by_id = {channel.id: channel for channel in lists}

    def build(asked: Asked) -> Answer:
        if "/col/" not in asked.referrer:
            return FORBIDDEN
        channel = by_id.get(asked.parameters.get("pageId", ""))
        listed = channel is not None and asked.parameters.get("tagId") == "信息列表"
        if channel is None or asked.parameters.get("parseType") != "bulidstatic":
            return _told({"success": False, "message": "参数错误", "data": None})
        return _unit(channel, lists[channel] if listed else (), asked.parameters.get("paramJson", ""))

    columns = {list_address(plan, channel): _shell(plan, channel, "jpaas.html") for channel in lists}
    return {**columns, **({BUILD_UNIT: build} if lists else {})}


def _unit(channel: Channel, entries: Sequence[Entry], turn: str) -> Answer:
    """A page of a unit; only `paramJson` turns it."""
    try:
        wanted = json.loads(turn)
    except ValueError:
        wanted = {}
    size = min(max(1, _number(wanted.get("pageSize", ""), channel.per_page)), channel.per_page)
    shown = _page_of(entries, max(1, _number(wanted.get("pageNo", ""), 1)), size)
    rows = "".join(
        f'<li><a href="{entry.address}" title="{entry.title}" target="_blank">{entry.title[:20]}...</a>'
        f"<span>{entry.listed_on}</span></li>"
        for entry in shown
    )
    pager = f'<div class="paging" count="{len(entries)}" pagesize="{size}"></div>'
    return _told({"success": True, "code": "200", "data": {"html": f"<ul>{rows}</ul>{pager}"}})


# ----------------------------------------------------------------------------------------------------------- gkmlpt


def gkmlpt_routes(plan: PortalPlan, lists: Lists) -> dict[str, Route]:
    """The platform's page with its tree, and the interface of each column."""
    tree = [
        {"id": 3, "name": "政府信息公开指南", "children": []},
        *({"id": int(channel.id), "name": channel.title, "children": []} for channel in lists),
    ]
    site = next((channel.webid for channel in lists), "")

    def shell() -> Answer:
        return html(page(plan, "政府信息公开平台", fill("gkmlpt.html", site=site, tree=json.dumps(tree))))

    interfaces = {f"{GKMLPT_API}{channel.id}": partial(_column, channel, entries) for channel, entries in lists.items()}
    return {**interfaces, **({"/gkmlpt/index": once(shell)} if lists else {})}


def _column(channel: Channel, entries: Sequence[Entry], asked: Asked) -> Answer:
    """A page of a column: a 404 past the end, and a count of posts that is larger than what is listed."""
    number = _number(asked.parameters.get("page", ""), 1)
    shown = _page_of(entries, number, GKMLPT_PAGE)
    if (number > 1 and not shown) or asked.parameters.get("sid") != channel.webid:
        return ABSENT
    classify = {"id": int(channel.id), "name": channel.title, "parent": 0, "post_count": 3 * len(entries) + 5}
    offset = (number - 1) * GKMLPT_PAGE
    articles = [_article(channel, entry) for entry in shown]
    return _told({"classify": classify, "total": len(entries), "offset": offset, "articles": articles})


def _article(channel: Channel, entry: Entry) -> dict[str, Any]:
    noon = dt.datetime.fromisoformat(f"{entry.listed_on}T12:00:00+08:00")
    return {
        "id": 1,
        "title": entry.title,
        "url": entry.address,
        "post_url": entry.address,
        "identifier": entry.index_number or "",
        "publisher": entry.report.publisher if entry.report else "",
        "document_number": "",
        "date": int(noon.timestamp()) - 86_400,
        "create_time": int(noon.timestamp()),
        "classify_main_name": channel.title,
        "type": "normal",
    }


# ------------------------------------------------------------------------------------------------------------- 宜昌


def yichang_routes(plan: PortalPlan, lists: Lists) -> dict[str, Route]:
    """The shell of a list, and the interface's lists and details; the shell of an article holds nothing."""
    if not lists:
        return {}
    channel, entries = next(iter(lists.items()))
    by_number = {_id_of(entry): entry for entry in entries}

    def rows(asked: Asked) -> Answer:
        found = entries if asked.parameters.get("cid") == channel.id else ()
        size = max(1, _number(asked.parameters.get("pagenums", ""), channel.per_page))
        shown = _page_of(found, max(1, _number(asked.parameters.get("page", ""), 1)), size)
        return _jsonp(asked, {"lists": [_row(entry) for entry in shown], "allnums": len(found)})

    def document(asked: Asked) -> Answer:
        entry = by_number.get(_number(asked.parameters.get("id", ""), 0))
        return entry.answer(asked) if entry and entry.answer else _jsonp(asked, [])

    shell = _shell(plan, channel, "yichang.html")
    return {"/zfxxgk/list.html": shell, YICHANG_LISTS: rows, YICHANG_DETAIL: document}


def _id_of(entry: Entry) -> int:
    return _number(dict(pair.split("=") for pair in urlsplit(entry.address).query.split("&"))["id"], 0)


def _row(entry: Entry) -> dict[str, Any]:
    number = _id_of(entry)
    newer = number % NEWER_SHAPE == 0
    return {
        "n_id": {"aid": [{"article_id": str(number)}]} if newer else number,
        "title": {"atitle": [{"article_title": entry.title}]} if newer else entry.title,
        "vc_number": entry.index_number or "",
        "vc_department": entry.report.publisher if entry.report else "",
        "vc_inputtime": f"{entry.listed_on} 09:30:00",
        "createtime": f"{entry.listed_on} 09:30:00",
        "fujian": "",
    }


def _jsonp(asked: Asked, value: Any) -> Answer:
    text = f"{asked.parameters.get('jsoncallback', 'callback')}({json.dumps(value)});"
    return Answer(text.encode(), media_type="application/javascript;charset=UTF-8")


# ----------------------------------------------------------------------------------------------------------- Epoint


def epoint_routes(plan: PortalPlan, lists: Lists) -> dict[str, Route]:
    """The shell, the script that holds the site's number, and the interface that takes posted JSON."""
    if not lists:
        return {}
    by_id = {channel.id: entries for channel, entries in lists.items()}

    def rows(asked: Asked) -> Answer:
        try:
            wanted = json.loads(asked.body)
        except ValueError:
            wanted = {}
        if asked.method != "POST" or wanted.get("siteGuid") != SITE_GUID:
            return _told({"status": {"code": 0, "text": "参数错误"}})
        found = by_id.get(wanted.get("categorynum"), ())
        shown = _page_of(
            found, _number(wanted.get("pageIndex", ""), 0) + 1, max(1, _number(wanted.get("pageSize"), 15))
        )
        data = [{"infourl": entry.address, "realtitle": entry.title, "infodate": entry.listed_on} for entry in shown]
        return _told({"custom": {"total": len(found), "data": data}, "status": {"code": 1}})

    script = Answer(
        f"var siteInfo = {{\n  siteGuid: '{SITE_GUID}'\n}};\n".encode(), media_type="application/javascript"
    )
    shell = _shell(plan, next(iter(lists)), "epoint.html")
    return {"/dynamic/zwgk/govInfoPubright.html": shell, EPOINT_SCRIPT: lambda _: script, EPOINT_LIST: rows}


# ---------------------------------------------------------------------------------------------------------- TRS IGS


def igs_routes(plan: PortalPlan, lists: Lists) -> dict[str, Route]:
    """The column's page, whose script names the search, and the search itself."""
    columns = {list_address(plan, channel): _shell(plan, channel, "igs.html") for channel in lists}
    by_type = {channel.webid: entries for channel, entries in lists.items()}

    def search(asked: Asked) -> Answer:
        found = sorted(by_type.get(asked.parameters.get("type", ""), ()), key=lambda entry: entry.index_number or "")
        wanted = asked.parameters.get("filter[IdxID]")
        found = [
            entry
            for entry in found
            if entry.index_number == wanted or (wanted is None and entry.expected is not Expected.UNLISTED)
        ]
        size = max(1, _number(asked.parameters.get("pageSize", ""), 10))
        number = max(1, _number(asked.parameters.get("pageNumber", ""), 1))
        content = [_record(entry) for entry in _page_of(found, number, size)]
        return _told({"page": {"content": content, "number": number, "size": size, "totalElements": len(found)}})

    return {**columns, **({IGS_SEARCH: search} if lists else {})}


def _record(entry: Entry) -> dict[str, Any]:
    return {
        "IdxID": entry.index_number or "",
        "DOCTITLE": entry.title,
        "DOCPUBURL": entry.address,
        "PUBDATE": f"{entry.listed_on} 10:00:00",
        "PUBLISHER": entry.report.publisher if entry.report else "",
    }


ROUTES: Mapping[str, Callable[[PortalPlan, Lists], dict[str, Route]]] = {
    "hanweb-jpaas": jpaas_routes,
    "gkmlpt": gkmlpt_routes,
    "yichang-xxgk": yichang_routes,
    "epoint": epoint_routes,
    "trs-igs": igs_routes,
}
"""The interfaces by the kind of channel."""
