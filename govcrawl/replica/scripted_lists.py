"""Lists that only a browser shows: a shell without rows, a script that fills it from data, page by page.

The script asks for more than its data, as scripts on real pages do: a foreign host, a path that robots.txt forbids,
this machine, the address of cloud metadata, a socket. None of that may ever be asked; the log would show it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial

from govcrawl.replica.addresses import list_address
from govcrawl.replica.answers import Answer, Asked, Route, fill, html, once, page
from govcrawl.replica.entries import Entry
from govcrawl.replica.plan import Channel, PortalPlan

Lists = Mapping[Channel, Sequence[Entry]]

SCRIPT, DATA = "/script/list.js", "/api/list.json"


def routes(plan: PortalPlan, lists: Lists) -> dict[str, Route]:
    """The shells, their script, and the data behind them."""
    if not lists:
        return {}
    channel, entries = next(iter(lists.items()))
    script = Answer(fill("list.js").encode(), media_type="application/javascript")
    return {
        list_address(plan, channel): once(partial(_shell, plan, channel)),
        SCRIPT: lambda _: script,
        DATA: partial(_data, channel, entries),
    }


def _shell(plan: PortalPlan, channel: Channel) -> Answer:
    content = fill("scripted.html", title=channel.title, script=SCRIPT, data=DATA)
    return html(page(plan, channel.title, content, {"ColumnName": channel.title, "ColumnType": "信息公开年报"}))


def _data(channel: Channel, entries: Sequence[Entry], asked: Asked) -> Answer:
    number = asked.parameters.get("page", "1")
    start = (int(number) - 1) * channel.per_page if number.isdecimal() else len(entries)
    rows = [
        {"title": entry.title, "url": entry.address, "date": entry.listed_on}
        for entry in entries[start : start + channel.per_page]
    ]
    told = {"rows": rows, "pages": -(-len(entries) // channel.per_page)}
    return Answer(json.dumps(told, ensure_ascii=False).encode(), media_type="application/json;charset=UTF-8")
