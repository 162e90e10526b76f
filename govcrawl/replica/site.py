"""A portal as one site: front page, disclosure column, annual-report page, the channels' lists and every article.

`site_of` puts the routes of all interfaces together; what no route answers is the portal's 404, or its front page with
status 200 where the plan says so. A walled portal answers everything with its challenge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlsplit

from govcrawl.replica import asked_lists, hanweb_jpage, hanweb_xxgk, printed_lists, scripted_lists, trs_static
from govcrawl.replica.addresses import families, list_address
from govcrawl.replica.answers import Answer, Asked, Route, fill, html, once, page
from govcrawl.replica.entries import Entry, Expected, Lists, disallowed, front_page
from govcrawl.replica.faults import FAULTS
from govcrawl.replica.plan import Channel, PortalPlan

ROBOTS = "/robots.txt"

DECOYS = {
    "/news/": "新闻中心",
    "/news/1.html": "召开重点项目推进会",
    "/news/2.html": "政府工作报告解读",
    "/news/3.html": "法治政府建设年度报告",
    "/service/": "办事服务",
    "/service/one.html": "一件事",
    "/service/two.html": "便民查询",
    "/interact/": "互动交流",
    "/sitemap/": "网站地图",
    "/about/": "关于我们",
    "/zfxxgk/guide.html": "政府信息公开指南",
    "/zfxxgk/rules.html": "政府信息公开制度",
    "/zfxxgk/content.html": "法定主动公开内容",
    "/zfxxgk/apply.html": "依申请公开",
}
"""Pages beside the way, with a sentence each."""


SHOWN_BY_QUERY = frozenset({"viewer", "yichang-xxgk"})
"""Kinds of channel whose articles share a path; their own routes tell them apart."""


@dataclass(frozen=True, slots=True)
class Site:
    """A portal's answers by path, and what any other path gets."""

    plan: PortalPlan
    lists: Lists
    routes: Mapping[str, Route]
    fallback: Route

    def answer(self, asked: Asked) -> Answer:
        """What the portal answers."""
        if self.plan.http_only and asked.scheme == "https":
            return Answer(b"", status=410)
        return replace(self.routes.get(asked.path, self.fallback)(asked), validators=self.plan.validators)

    def forbids(self, path: str) -> bool:
        """Whether the portal's robots.txt, or its failing to give one, keeps crawlers from the path."""
        if path == ROBOTS:
            return False
        return self.plan.robots_status >= 500 or path.startswith(disallowed(self.plan.robots or ""))


def site_of(plan: PortalPlan, lists: Lists) -> Site:
    """The portal's site with these lists."""
    if plan.wall:
        wall = FAULTS[plan.wall]
        return Site(plan, {}, {}, lambda asked: wall(asked, _not_found()))
    routes = {
        **{path: once(partial(_decoy, plan, title)) for path, title in DECOYS.items()},
        "/": once(partial(front_page, plan)),
        plan.disclosure: once(partial(_disclosure_page, plan)),
        annual_address(plan): once(partial(_annual_page, plan)),
        **_channel_routes(plan, lists),
        **_article_routes(lists),
        ROBOTS: _robots(plan),
    }
    return Site(plan, lists, routes, once(partial(front_page, plan)) if plan.soft_404 else once(_not_found))


# ---------------------------------------------------------------------------------------------- lists and articles


def _channel_routes(plan: PortalPlan, lists: Lists) -> dict[str, Route]:
    makers = {
        "column": hanweb_jpage.routes,
        "search": hanweb_xxgk.search_routes,
        "viewer": hanweb_xxgk.viewer_routes,
        "folder": trs_static.routes,
        **dict.fromkeys(printed_lists.printed_kinds(), printed_lists.routes),
        **asked_lists.ROUTES,
        "scripted": scripted_lists.routes,
    }
    routes: dict[str, Route] = {}
    for kind, maker in makers.items():
        routes |= maker(plan, {channel: entries for channel, entries in lists.items() if channel.kind == kind})
    return routes


def _article_routes(lists: Mapping[Channel, Sequence[Entry]]) -> dict[str, Route]:
    """Articles by path; of two rows with one path, the one with a parameter knows both answers."""
    entries = (entry for channel, each in lists.items() if channel.kind not in SHOWN_BY_QUERY for entry in each)
    routes: dict[str, Route] = {}
    for entry in sorted(entries, key=lambda entry: entry.expected is Expected.DUPLICATE):
        if entry.answer:
            routes[urlsplit(entry.address).path] = entry.answer
    return routes


# ---------------------------------------------------------------------------------------------------- front pages


def annual_address(plan: PortalPlan) -> str:
    """The page that the disclosure column calls 政府信息公开年报: the plan's, or that of the last channel."""
    return plan.annual or links_of(plan, plan.channels[-1])[0][0]


def links_of(plan: PortalPlan, channel: Channel) -> list[tuple[str, str]]:
    """The links that lead into a channel, with their texts."""
    if channel.kind == "viewer":
        return hanweb_xxgk.viewer_links(plan, channel)
    if channel.kind in families():
        return [(list_address(plan, channel), channel.title)]
    return [(channel.id if channel.kind == "folder" else hanweb_jpage.address(channel), channel.title)]


def _disclosure_page(plan: PortalPlan) -> Answer:
    content = fill("disclosure.html", annual=annual_address(plan), region=plan.region)
    return html(page(plan, "政府信息公开", content, {"ColumnName": "政府信息公开", "ColumnType": "信息公开目录"}))


def _annual_page(plan: PortalPlan) -> Answer:
    links = (link for channel in plan.channels for link in links_of(plan, channel))
    items = "\n".join(f'<li><a href="{href}" title="{title}">{title}</a></li>' for href, title in links)
    content = fill("annual.html", disclosure=plan.disclosure, channels=items)
    return html(
        page(plan, "政府信息公开年报", content, {"ColumnName": "政府信息公开年报", "ColumnType": "信息公开年报"})
    )


def _decoy(plan: PortalPlan, title: str) -> Answer:
    return html(page(plan, title, fill("plain.html", title=title, text=f"{plan.region}{title}栏目，内容为演练所设。")))


def _robots(plan: PortalPlan) -> Route:
    if plan.robots:
        return once(lambda: Answer((plan.robots or "").encode(), media_type="text/plain"))
    return once(lambda: Answer(b"", status=plan.robots_status, media_type="text/plain"))


def _not_found() -> Answer:
    return Answer(fill("not_found.html").encode(), status=404)
