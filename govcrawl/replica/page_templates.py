"""The files of `templates/`, and the frame that every page of a portal stands in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from string import Template

from govcrawl.replica.plan import PortalPlan
from govcrawl.replica.request_response import ReplicaResponse

_DISCLOSURE_LINKS = {
    "text": '<li><a href="$href">政府信息公开</a></li>',
    "title": '<li><a href="$href" title="政府信息公开"><em class="icon"></em></a></li>',
    "image": '<li><a href="$href"><img src="/images/xxgk.png" alt="政府信息公开"></a></li>',
    "onclick": '<li><a href="javascript:void(0)" onclick="window.location.href=\'$href\'">政府信息公开</a></li>',
}
"""The ways in which a front page links to the disclosure column."""


@cache
def _template(name: str) -> Template:
    return Template(files("govcrawl.replica").joinpath("templates", name).read_text(encoding="utf-8"))


def fill_template(name: str, **values: object) -> str:
    """A file of `templates/` with its placeholders filled in."""
    return _template(name).substitute(values)


def html_response(text: str) -> ReplicaResponse:
    """The text as a page in UTF-8, labelled as such."""
    return ReplicaResponse(text.encode())


def portal_page(
    plan: PortalPlan, title: str, content: str, meta: Mapping[str, str] | None = None, charset: str = "UTF-8"
) -> str:
    """A whole page of a portal: the frame with the portal's meta tags and the notice, around the content."""
    site_code = f"{plan.portal.division_code}0001"
    tags = {
        "SiteName": f"{plan.region}人民政府",
        "SiteDomain": plan.hosts[0],
        "SiteIDCode": site_code,
        **(meta or {}),
    }
    return fill_template(
        "frame.html",
        charset=charset,
        title=f"{title}-{plan.region}人民政府",
        meta="\n".join(f'<meta name="{name}" content="{value}">' for name, value in tags.items()),
        region=plan.region,
        disclosure_link=Template(_DISCLOSURE_LINKS[plan.disclosure_link]).substitute(href=plan.disclosure),
        content=content,
        site_code=site_code,
    )


def column_page(plan: PortalPlan, title: str, content: str) -> ReplicaResponse:
    """The page of a column of annual reports, as its meta tags say."""
    return html_response(portal_page(plan, title, content, {"ColumnName": title, "ColumnType": "信息公开年报"}))


def plain_page(plan: PortalPlan, title: str, text: str, meta: Mapping[str, str] | None = None) -> ReplicaResponse:
    """A page of one sentence."""
    return html_response(portal_page(plan, title, fill_template("plain.html", title=title, text=text), meta))


def plain_article(plan: PortalPlan, title: str, text: str) -> ReplicaResponse:
    """An article of one sentence that is no report."""
    return plain_page(plan, title, text, {"ArticleTitle": title, "ContentSource": f"{plan.region}人民政府"})


def portal_front_page(plan: PortalPlan) -> ReplicaResponse:
    """The portal's front page, with its link to the disclosure column."""
    return html_response(portal_page(plan, "首页", fill_template("home.html", region=plan.region)))
