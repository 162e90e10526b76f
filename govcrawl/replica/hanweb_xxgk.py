"""Hanweb's disclosure module: the tree in its frame, `search.jsp` fragments, and the per-organ, per-year viewer.

Two replies that no source shows are chosen here: a page past the end is an empty table with the same pager, and a
report year that an organ does not have is a page that says 暂无数据, with status 200.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from govcrawl.replica.answers import Answer, Asked, Route, fill, html, once, page
from govcrawl.replica.entries import Entry
from govcrawl.replica.numbering import organ_code
from govcrawl.replica.plan import Channel, PortalPlan

TREE, SEARCH, VIEWER = "/module/xxgk/tree.jsp", "/module/xxgk/search.jsp", "/module/xxgk/xxgkAnnualReport.jsp"

Lists = Mapping[Channel, Sequence[Entry]]


# ------------------------------------------------------------------------------------------------------ the viewer


def viewer_links(plan: PortalPlan, channel: Channel) -> list[tuple[str, str]]:
    """The addresses of the organs' latest reports with the organs' names: what a page of departments links to."""
    return [
        (f"{VIEWER}?area={organ_code(plan, organ)}&fbtime={max(channel.years)}", organ.name) for organ in plan.organs
    ]


def viewer_routes(plan: PortalPlan, lists: Lists) -> dict[str, Route]:
    """The viewer's page: by organ and report year; without a year, the organ's latest."""
    entries = [entry for each in lists.values() for entry in each]
    by_place = {(entry.organ, str(entry.report.year)): entry for entry in entries if entry.report}
    absent = once(lambda: html(page(plan, "政府信息公开工作年度报告", fill("absent.html"))))

    def view(asked: Asked) -> Answer:
        area = asked.parameters.get("area", "")
        latest = max((year for organ, year in by_place if organ == area), default="")
        entry = by_place.get((area, asked.parameters.get("fbtime", latest)))
        return entry.answer(asked) if entry and entry.answer else absent(asked)

    return {VIEWER: view} if entries else {}


# ------------------------------------------------------------------------------------------------------ the search


def search_routes(plan: PortalPlan, lists: Lists) -> dict[str, Route]:
    """The column page with its frame, the tree in it, and the fragments of rows."""
    found: dict[str, Route] = {}
    for channel, entries in lists.items():
        found |= {
            f"/col/col{channel.id}/index.html": once(partial(_shell, plan, channel)),
            TREE: once(partial(_tree, plan, channel)),
            SEARCH: _searcher(channel, entries),
        }
    return found


def _shell(plan: PortalPlan, channel: Channel) -> Answer:
    content = fill(
        "disclosure_list.html",
        disclosure=plan.disclosure,
        title=channel.title,
        column=channel.id,
        infotype=channel.infotype,
        jdid=channel.jdid,
    )
    meta = {"ColumnName": channel.title, "ColumnType": "信息公开年报"}
    return html(page(plan, channel.title, content, meta))


def _tree(plan: PortalPlan, channel: Channel) -> Answer:
    node = f"""d.add(1,0,'{channel.title}',"javascript:funclick('{channel.infotype}','{channel.title}')");"""
    text = fill("tree.html", region=plan.region, nodes=node, jdid=channel.jdid, column=channel.id)
    return html(text)


def _searcher(channel: Channel, entries: Sequence[Entry]) -> Route:
    def search(asked: Asked) -> Answer:
        wanted = [entry for entry in entries if _fits(channel, entry, asked.parameters)]
        return html(_fragment(channel, wanted, asked.parameters))

    return search


def _fits(channel: Channel, entry: Entry, asked: Mapping[str, str]) -> bool:
    """Whether a row answers the form's fields; `vc_number` looks into the index number."""
    if not channel.every_column and asked.get("infotypeId") not in ("", channel.infotype, None):
        return False
    year = asked.get("fbtime", "")
    return (
        asked.get("area", "") in ("", entry.organ)
        and (year in ("", "-1") or entry.listed_on.startswith(year))
        and asked.get("vc_number", "") in (entry.index_number or "")
        and asked.get("vc_title", "") in entry.title
    )


def _fragment(channel: Channel, entries: Sequence[Entry], asked: Mapping[str, str]) -> str:
    pages = max(1, -(-len(entries) // channel.per_page))
    text = asked.get("currpage", "")
    current = int(text) if text.isascii() and text.isdigit() and text != "0" else 1
    shown = entries[(current - 1) * channel.per_page : current * channel.per_page]
    links = f'<a href="javascript:gotopage({current + 1})">下一页</a> <a href="javascript:gotopage({pages})">尾页</a>'
    template, row = _SHAPES.get(channel.order, ("search.html", _table_row))
    rows = "\n".join(row(place, entry) for place, entry in enumerate(shown))
    return fill(
        template, rows=rows, pages=pages, page=current, total=len(entries), links=links if current < pages else ""
    )


def _table_row(place: int, entry: Entry) -> str:
    return (
        f'<tr class="tr_main_value_{("odd", "even")[place % 2]}"><td align="center">{place + 1}</td><td>'
        f'<a href="{entry.address}" target="_blank" title="{entry.title}" syh="{entry.index_number or ""}" '
        f'mc="{entry.title}" wh="" rq="{entry.listed_on}" gkfs="主动公开">{entry.title[:30]}</a></td>'
        f'<td align="center">{entry.listed_on}</td></tr>'
    )


def _national_row(_: int, entry: Entry) -> str:
    return f'<li><a href="{entry.address}" title="{entry.title}">{entry.title}</a><b>{entry.listed_on}</b></li>'


_SHAPES: Mapping[str, tuple[str, Callable[[int, Entry], str]]] = {"national": ("search_national.html", _national_row)}
