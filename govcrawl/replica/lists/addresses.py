"""The addresses of lists, of articles and of viewers, as each kind of channel writes them.

Those of Hanweb and of TRS are written here; those of the other kinds are templates of `address_templates.toml`. An
address depends on the channel, the organ, the day and a number alone, so that an article has the same address in every
process.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from govcrawl.replica.annual_reports.annual_report import AnnualReport
from govcrawl.replica.annual_reports.index_numbers import code_on_portal
from govcrawl.replica.plan import Channel, PortalPlan, PublishingOrgan

FIRST_ARTICLE_NUMBER = 3_600_000
"""The number of a portal's first article; far from those of the real cases."""

VIEWER_PATH = "/module/xxgk/xxgkAnnualReport.jsp"

ADDRESSED_BY_QUERY = frozenset({"viewer", "yichang-xxgk"})
"""Kinds of channel whose articles share one path and differ in their query."""

_FIRST_ORGAN_NUMBER = 6_636_765
"""The number of a portal's first organ in addresses that name organs."""


@dataclass(frozen=True, slots=True)
class AddressTemplates:
    """The addresses of one kind of channel; `further` is empty where its lists have only one page."""

    listing: str
    article: str
    further: str = ""
    by_organ: bool = False
    pager: str = "links"


@cache
def address_templates() -> Mapping[str, AddressTemplates]:
    """The templates by the kind of channel; Hanweb's and TRS's kinds have none."""
    text = files("govcrawl.replica.lists").joinpath("address_templates.toml").read_text(encoding="utf-8")
    return {kind: AddressTemplates(**templates) for kind, templates in tomllib.loads(text).items()}


# ---------------------------------------------------------------------------------------------------------------- lists


def list_address(plan: PortalPlan, channel: Channel, organ: PublishingOrgan | None = None, page: int = 1) -> str:
    """The address of a page of a channel's list; where each organ has a list, of that organ's, by default the first's.

    Lists of Hanweb and of TRS have the address of their first page here.
    """
    if channel.kind == "folder":
        return channel.id
    templates = address_templates().get(channel.kind)
    if templates is None:
        return f"/col/col{channel.id}/index.html"
    template = templates.listing if page == 1 else templates.further
    # A script's pager counts from 0: it calls the second page 1.
    number = page - (templates.pager == "script")
    return template.format(**_channel_fields(plan, channel, organ), page=number)


def viewer_address(plan: PortalPlan, organ: PublishingOrgan, year: int) -> str:
    """The address of an organ's report of a year in Hanweb's viewer."""
    return f"{VIEWER_PATH}?area={code_on_portal(plan, organ)}&fbtime={year}"


# ------------------------------------------------------------------------------------------------------------- articles


def report_address(plan: PortalPlan, channel: Channel, report: AnnualReport, number: int) -> str:
    """The path of a report's page in a channel, or its whole address where that is on another of the portal's hosts."""
    if channel.kind == "viewer":
        return viewer_address(plan, report.organ, report.year)
    return article_address(plan, channel, report.organ, report.published_on, number)


def article_address(
    plan: PortalPlan, channel: Channel, organ: PublishingOrgan | None, published_on: str, number: int
) -> str:
    """The address of an article that a channel lists; an article of no organ is under the first organ's number."""
    if channel.kind == "folder":
        return _trs_path(channel, published_on, number)
    templates = address_templates().get(channel.kind)
    if templates is None:
        return _hanweb_path(channel, published_on, number)
    fields = {**_channel_fields(plan, channel, organ), **_article_fields(plan, published_on, number)}
    return templates.article.format(**fields)


def _trs_path(channel: Channel, published_on: str, number: int) -> str:
    day = published_on.replace("-", "")
    return f"{channel.id}{day[:6]}/t{day}_{number}.{'shtml' if channel.twins else 'html'}"


def _hanweb_path(channel: Channel, published_on: str, number: int) -> str:
    """The path of an article in a Hanweb column; month and day are not padded."""
    day = dt.date.fromisoformat(published_on)
    return f"/art/{day.year}/{day.month}/{day.day}/art_{channel.id}_{number}.html"


# ------------------------------------------------------------------------------------------------------------ templates


def _channel_fields(plan: PortalPlan, channel: Channel, organ: PublishingOrgan | None) -> dict[str, object]:
    place = plan.organs.index(organ) if organ else 0
    return {"id": channel.id, "stem": channel.id.rpartition(".")[0], "organ": _FIRST_ORGAN_NUMBER + place}


def _article_fields(plan: PortalPlan, published_on: str, number: int) -> dict[str, object]:
    day = published_on.replace("-", "")
    digest = hashlib.sha256(f"{plan.portal.id}{number}".encode()).hexdigest()
    return {
        "number": number,
        "digest": digest[:32],
        "uuid": "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32])),
        "year": day[:4],
        "month": day[:6],
        "day": day,
        "date": published_on[5:],
    }
