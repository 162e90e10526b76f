"""A report as a page of its portal: skin with metadata around the body, encoded and labelled as the portal does it."""

from __future__ import annotations

import json
import re
from enum import StrEnum

from govcrawl.replica.annual_report import AnnualReport
from govcrawl.replica.answers import Answer, fill, page
from govcrawl.replica.markup import body, spell, styles
from govcrawl.replica.plan import PortalPlan

SKINS_WITHOUT_NUMBER = frozenset({"viewer", "national", "unlabelled"})
"""Skins that print no index number, or print it without its name."""

METADATA_BLOCK = re.compile(
    r'<(table class="[^"]*(?:xxgk_top|xxgk_head)|ul class="xxgk-meta").*?</(?:table|ul)>', re.DOTALL
)
PICTURE = '<p style="text-align:center"><img src="/picture/0/{number:03d}.jpg" alt=""></p>'


class Rendition(StrEnum):
    """In which way a report is shown: as it is, without its metadata block, with pictures, or as pictures alone."""

    FULL = "full"
    HIDDEN = "hidden"
    PICTURED = "pictured"
    IMAGES = "image-only"


def article(plan: PortalPlan, report: AnnualReport, skin: str, title: str, rendition: Rendition) -> Answer:
    """The page of a report on a portal."""
    crumbs = ("首页", "政府信息公开", report.organ.name, "政府信息公开年报")
    content = fill(
        f"skin_{skin}.html",
        title=spell(title),
        index_number=report.index_number or "",
        publisher=report.publisher,
        published_on=report.published_on,
        time=f"{report.published_on} 15:32",
        theme=report.case.theme if report.case else "其他",
        crumbs=" &gt;&gt; ".join(crumbs),
        body=_content(report, rendition),
    )
    if rendition is Rendition.HIDDEN:
        content = METADATA_BLOCK.sub("", content, count=1)
    meta = {
        "ColumnName": "政府信息公开年报",
        "ColumnType": "信息公开年报",
        "ArticleTitle": title,
        "PubDate": f"{report.published_on} 15:32",
        "ContentSource": report.publisher,
    }
    text = page(plan, title, content, meta, plan.charset.label)
    return Answer(
        text.encode(plan.charset.bytes),
        media_type=f"text/html;charset={plan.charset.label}",
        changed_on=report.published_on,
    )


def carried_article(plan: PortalPlan, report: AnnualReport, _: str, title: str, rendition: Rendition) -> Answer:
    """A report as the interface of 宜昌 gives it: HTML in JSON in a call, its Chinese as escapes, the notice in it."""
    told = {
        "title": title,
        "content": f"{fill('notice.html')}{_content(report, rendition)}",
        "vc_number": report.index_number or "",
        "vc_department": report.publisher,
        "deptname": report.publisher,
        "vc_inputtime": f"{report.published_on} 15:32:00",
        "vc_fielid": "无",
        "vc_opentype": "主动公开",
        "vc_ztfl": report.case.theme if report.case else "其他",
        "fujian": "",
        "siteid": f"{plan.portal.division_code}0001",
    }
    text = f"callback({json.dumps([told])});"
    return Answer(text.encode(), media_type="application/javascript;charset=UTF-8", changed_on=report.published_on)


def shown_number(report: AnnualReport, skin: str, rendition: Rendition) -> str | None:
    """The index number that a reader finds on the page."""
    hidden = skin in SKINS_WITHOUT_NUMBER or rendition is Rendition.HIDDEN
    return None if hidden else report.index_number


def _content(report: AnnualReport, rendition: Rendition) -> str:
    if rendition is Rendition.IMAGES:
        return "\n".join(PICTURE.format(number=number) for number in range(1, 7))
    text = body(report, styles()[report.style])
    return PICTURE.format(number=1) + "\n" + text if rendition is Rendition.PICTURED else text
