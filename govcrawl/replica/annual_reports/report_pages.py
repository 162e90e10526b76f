"""A report as a page of its portal: its body in the portal's skin with metadata, in the portal's charset."""

from __future__ import annotations

import json
import re
from enum import StrEnum

from govcrawl.replica.annual_reports.annual_report import AnnualReport
from govcrawl.replica.annual_reports.markup import escape_text, markup_styles, report_body
from govcrawl.replica.page_templates import fill_template, portal_page
from govcrawl.replica.plan import PortalPlan
from govcrawl.replica.request_response import ReplicaResponse

_SKINS_WITHOUT_NUMBER = frozenset({"viewer", "national", "unlabelled"})
"""Skins that print no index number, or print it without a label."""

_METADATA_BLOCK = re.compile(
    r'<(table class="[^"]*(?:xxgk_top|xxgk_head)|ul class="xxgk-meta").*?</(?:table|ul)>', re.DOTALL
)
_PICTURE = '<p style="text-align:center"><img src="/picture/0/{number:03d}.jpg" alt=""></p>'


class ReportRendition(StrEnum):
    """How a report is shown: in full, without its metadata block, with pictures, or as pictures alone."""

    FULL = "full"
    HIDDEN = "hidden"
    PICTURED = "pictured"
    IMAGES = "image-only"


def html_report(
    plan: PortalPlan, report: AnnualReport, skin: str, title: str, rendition: ReportRendition
) -> ReplicaResponse:
    """The page of a report on a portal."""
    meta = {
        "ColumnName": "政府信息公开年报",
        "ColumnType": "信息公开年报",
        "ArticleTitle": title,
        "PubDate": f"{report.published_on} 15:32",
        "ContentSource": report.publisher,
    }
    text = portal_page(plan, title, _in_skin(report, skin, title, rendition), meta, plan.charset.label)
    return ReplicaResponse(
        text.encode(plan.charset.bytes),
        media_type=f"text/html;charset={plan.charset.label}",
        changed_on=report.published_on,
    )


def _in_skin(report: AnnualReport, skin: str, title: str, rendition: ReportRendition) -> str:
    crumbs = ("首页", "政府信息公开", report.organ.name, "政府信息公开年报")
    content = fill_template(
        f"skin_{skin}.html",
        title=escape_text(title),
        index_number=report.index_number or "",
        publisher=report.publisher,
        published_on=report.published_on,
        time=f"{report.published_on} 15:32",
        theme=_theme(report),
        crumbs=" &gt;&gt; ".join(crumbs),
        body=_body(report, rendition),
    )
    return _METADATA_BLOCK.sub("", content, count=1) if rendition is ReportRendition.HIDDEN else content


def jsonp_report(
    plan: PortalPlan, report: AnnualReport, _: str, title: str, rendition: ReportRendition
) -> ReplicaResponse:
    """A report as the API of 宜昌 (Yichang) gives it: HTML in JSONP, Chinese as escapes, with the notice."""
    article = {
        "title": title,
        "content": f"{fill_template('notice.html')}{_body(report, rendition)}",
        "vc_number": report.index_number or "",
        "vc_department": report.publisher,
        "deptname": report.publisher,
        "vc_inputtime": f"{report.published_on} 15:32:00",
        "vc_fielid": "无",
        "vc_opentype": "主动公开",
        "vc_ztfl": _theme(report),
        "fujian": "",
        "siteid": f"{plan.portal.division_code}0001",
    }
    text = f"callback({json.dumps([article])});"
    return ReplicaResponse(
        text.encode(), media_type="application/javascript;charset=UTF-8", changed_on=report.published_on
    )


def visible_index_number(report: AnnualReport, skin: str, rendition: ReportRendition) -> str | None:
    """The index number that a reader finds on the page."""
    hidden = skin in _SKINS_WITHOUT_NUMBER or rendition is ReportRendition.HIDDEN
    return None if hidden else report.index_number


def _theme(report: AnnualReport) -> str:
    return report.case.theme if report.case else "其他"


def _body(report: AnnualReport, rendition: ReportRendition) -> str:
    if rendition is ReportRendition.IMAGES:
        return "\n".join(_PICTURE.format(number=number) for number in range(1, 7))
    text = report_body(report, markup_styles()[report.style])
    return _PICTURE.format(number=1) + "\n" + text if rendition is ReportRendition.PICTURED else text
