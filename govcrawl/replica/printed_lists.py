"""Lists printed as plain pages: rows as links, a pager of numbered links or a script call, organ by organ or in one.

Rows are dated links; beside them stands a headline that is no report. Where each organ has a list of its own, every
list links to all organs, without the category: the way organ × category is for the crawler to know.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from urllib.parse import parse_qsl, urlsplit

from govcrawl.replica.addresses import families, list_address
from govcrawl.replica.answers import Answer, Asked, Route, fill, html, once, page
from govcrawl.replica.entries import Entry
from govcrawl.replica.numbering import organ_code
from govcrawl.replica.plan import Channel, Organ, PortalPlan

Lists = Mapping[Channel, Sequence[Entry]]

ABSENT = Answer(fill("not_found.html").encode(), status=404)


def printed_kinds() -> tuple[str, ...]:
    """The kinds of channel whose lists are printed."""
    return tuple(kind for kind, family in families().items() if family.further)


def routes(plan: PortalPlan, lists: Lists) -> dict[str, Route]:
    """Every page of every list; those that differ in their query alone share a path."""
    by_path: dict[str, dict[frozenset[tuple[str, str]], Route]] = {}
    for address, route in _pages(plan, lists):
        parts = urlsplit(address)
        by_path.setdefault(parts.path, {})[frozenset(parse_qsl(parts.query))] = route
        if not parts.query:
            by_path.setdefault(_other_name(parts.path), {})[frozenset()] = route
    return {path: partial(_told_apart, pages) for path, pages in by_path.items()}


def _other_name(path: str) -> str:
    """A folder under its index page's name, and the reverse."""
    return f"{path}index.html" if path.endswith("/") else path.removesuffix("index.html")


def _told_apart(pages: Mapping[frozenset[tuple[str, str]], Route], asked: Asked) -> Answer:
    """The page that the query names; parameters that no page of the path has make no difference."""
    known = {name for query in pages for name, _ in query}
    wanted = frozenset((name, value) for name, value in asked.parameters.items() if name in known)
    first = wanted - {("page", "1"), ("pageIndex", "1")}
    route = pages.get(wanted) or pages.get(first)
    return route(asked) if route else ABSENT


def _pages(plan: PortalPlan, lists: Lists) -> Iterator[tuple[str, Route]]:
    for channel, entries in lists.items():
        for organ, rows in _by_organ(plan, channel, entries):
            count = max(1, -(-len(rows) // channel.per_page))
            for number in range(1, count + 1):
                shown = rows[(number - 1) * channel.per_page : number * channel.per_page]
                route = once(partial(_list_page, plan, channel, organ, shown, (number, count)))
                yield list_address(plan, channel, organ, number), route


def _by_organ(
    plan: PortalPlan, channel: Channel, entries: Sequence[Entry]
) -> Iterator[tuple[Organ | None, Sequence[Entry]]]:
    """The lists of a channel: one, or one for each organ; what belongs to no organ is in the first's."""
    if not (families()[channel.kind].by_organ and plan.organs):
        yield None, entries
        return
    codes = {organ_code(plan, organ): organ for organ in plan.organs}
    for place, organ in enumerate(plan.organs):
        yield organ, [entry for entry in entries if codes.get(entry.organ, plan.organs[0]) is plan.organs[place]]


def _list_page(
    plan: PortalPlan, channel: Channel, organ: Organ | None, rows: Sequence[Entry], place: tuple[int, int]
) -> Answer:
    content = fill(
        "printed.html",
        title=channel.title,
        organs=_organs(plan, channel),
        rows="\n".join(map(_row, rows)),
        pager=_pager(plan, channel, organ, *place),
    )
    return html(page(plan, channel.title, content, {"ColumnName": channel.title, "ColumnType": "信息公开年报"}))


def _row(entry: Entry) -> str:
    return f'<li><a href="{entry.address}" target="_blank">{entry.title}</a><span>{entry.listed_on}</span></li>'


def _organs(plan: PortalPlan, channel: Channel) -> str:
    """The menu of organs, each linked to its general list."""
    if not families()[channel.kind].by_organ:
        return ""
    links = ((list_address(plan, channel, organ).partition("&catId=")[0], organ.name) for organ in plan.organs)
    return "".join(f'<li><a href="{href}">{name}</a></li>' for href, name in links)


def _pager(plan: PortalPlan, channel: Channel, organ: Organ | None, current: int, count: int) -> str:
    if families()[channel.kind].pager == "script":
        return f'<script>createPageHTML({count},{current - 1},"index","html","black2",{count});</script>'
    links = (
        f'<a href="{list_address(plan, channel, organ, number)}">{number}</a>'
        for number in range(1, count + 1)
        if number != current
    )
    return f"{' '.join(links)} <span>共{count}页</span>"
