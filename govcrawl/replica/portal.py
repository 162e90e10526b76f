"""One replicated portal: front page, disclosure column, annual-report page, the channels' lists and every article.

What no route answers gets the portal's 404 page, or its front page with status 200 where the plan says so. A walled
portal answers everything with its challenge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlsplit

from govcrawl.replica.faults.by_name import FAULT_BY_NAME
from govcrawl.replica.lists.addresses import ADDRESSED_BY_QUERY, list_address
from govcrawl.replica.lists.entries import ChannelLists, ExpectedOutcome
from govcrawl.replica.lists.hanweb_jpage import jpage_routes
from govcrawl.replica.lists.hanweb_xxgk import xxgk_search_routes, xxgk_viewer_links, xxgk_viewer_routes
from govcrawl.replica.lists.list_apis import LIST_API_ROUTES
from govcrawl.replica.lists.printed_lists import printed_list_kinds, printed_list_routes
from govcrawl.replica.lists.trs_static import trs_folder_routes
from govcrawl.replica.page_templates import (
    column_page,
    fill_template,
    html_response,
    plain_page,
    portal_front_page,
    portal_page,
)
from govcrawl.replica.plan import Channel, PortalPlan
from govcrawl.replica.request_response import ReplicaRequest, ReplicaResponse, ReplicaRoute, cached_route

ROBOTS_PATH = "/robots.txt"

_OTHER_PAGES = {
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
"""Pages of one sentence that have nothing to do with annual reports: path → title."""


@dataclass(frozen=True, slots=True)
class ReplicaPortal:
    """A portal's lists, its routes by path, and the route of any other path."""

    plan: PortalPlan
    lists: ChannelLists
    routes: Mapping[str, ReplicaRoute]
    fallback: ReplicaRoute

    def respond(self, request: ReplicaRequest) -> ReplicaResponse:
        """What the portal answers."""
        if self.plan.http_only and request.scheme == "https":
            return ReplicaResponse(b"", status=410)
        route = self.routes.get(request.path, self.fallback)
        return replace(route(request), validators=self.plan.validators)

    def forbids(self, path: str) -> bool:
        """Whether the portal's robots.txt, or its failure to give one, keeps crawlers from the path."""
        return path != ROBOTS_PATH and self.plan.forbids(path)


def build_portal(plan: PortalPlan, lists: ChannelLists) -> ReplicaPortal:
    """The portal with these lists."""
    if plan.wall:
        wall = FAULT_BY_NAME[plan.wall]
        return ReplicaPortal(plan, {}, {}, lambda request: wall(request, _not_found()))
    routes = {
        **{path: cached_route(partial(_other_page, plan, title)) for path, title in _OTHER_PAGES.items()},
        "/": cached_route(partial(portal_front_page, plan)),
        plan.disclosure: cached_route(partial(_disclosure_page, plan)),
        _annual_address(plan): cached_route(partial(_annual_page, plan)),
        **_list_routes(plan, lists),
        **_article_routes(lists),
        ROBOTS_PATH: cached_route(partial(_robots, plan)),
    }
    fallback = routes["/"] if plan.soft_404 else cached_route(_not_found)
    return ReplicaPortal(plan, lists, routes, fallback)


# --------------------------------------------------------------------------------------------------- lists and articles


def _list_routes(plan: PortalPlan, lists: ChannelLists) -> dict[str, ReplicaRoute]:
    makers: Mapping[str, Callable[[PortalPlan, ChannelLists], dict[str, ReplicaRoute]]] = {
        "column": jpage_routes,
        "search": xxgk_search_routes,
        "viewer": xxgk_viewer_routes,
        "folder": trs_folder_routes,
        **dict.fromkeys(printed_list_kinds(), printed_list_routes),
        **LIST_API_ROUTES,
    }
    routes: dict[str, ReplicaRoute] = {}
    for kind, maker in makers.items():
        routes |= maker(plan, {channel: entries for channel, entries in lists.items() if channel.kind == kind})
    return routes


def _article_routes(lists: ChannelLists) -> dict[str, ReplicaRoute]:
    """The routes of articles by path; where a path has a second row with a parameter, its route answers for both."""
    entries = (entry for channel, each in lists.items() if channel.kind not in ADDRESSED_BY_QUERY for entry in each)
    routes: dict[str, ReplicaRoute] = {}
    for entry in sorted(entries, key=lambda entry: entry.expected is ExpectedOutcome.DUPLICATE):
        if entry.route:
            routes[urlsplit(entry.address).path] = entry.route
    return routes


# ---------------------------------------------------------------------------------------------------------- other pages


def channel_links(plan: PortalPlan, channel: Channel) -> list[tuple[str, str]]:
    """The links into a channel: each address with its text."""
    if channel.kind == "viewer":
        return xxgk_viewer_links(plan, channel)
    return [(list_address(plan, channel), channel.title)]


def _annual_address(plan: PortalPlan) -> str:
    """The page that the disclosure column calls 政府信息公开年报 (annual reports): the plan's or the last channel's."""
    return plan.annual or channel_links(plan, plan.channels[-1])[0][0]


def _disclosure_page(plan: PortalPlan) -> ReplicaResponse:
    content = fill_template("disclosure.html", annual=_annual_address(plan), region=plan.region)
    meta = {"ColumnName": "政府信息公开", "ColumnType": "信息公开目录"}
    return html_response(portal_page(plan, "政府信息公开", content, meta))


def _annual_page(plan: PortalPlan) -> ReplicaResponse:
    links = (link for channel in plan.channels for link in channel_links(plan, channel))
    items = "\n".join(f'<li><a href="{href}" title="{title}">{title}</a></li>' for href, title in links)
    content = fill_template("annual.html", disclosure=plan.disclosure, channels=items)
    return column_page(plan, "政府信息公开年报", content)


def _other_page(plan: PortalPlan, title: str) -> ReplicaResponse:
    return plain_page(plan, title, f"{plan.region}{title}栏目，内容为演练所设。")


def _robots(plan: PortalPlan) -> ReplicaResponse:
    status = 200 if plan.robots else plan.robots_status
    return ReplicaResponse((plan.robots or "").encode(), status=status, media_type="text/plain")


def _not_found() -> ReplicaResponse:
    return ReplicaResponse(fill_template("not_found.html").encode(), status=404)
