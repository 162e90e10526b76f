"""Rows that are no reports: strays that an oddity plants, and the rows of other columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from govcrawl.replica.lists.addresses import FIRST_ARTICLE_NUMBER, article_address
from govcrawl.replica.lists.entries import ExpectedOutcome, ListEntry
from govcrawl.replica.page_templates import fill_template, html_response, plain_article, portal_front_page
from govcrawl.replica.plan import Channel, Oddity, PortalPlan
from govcrawl.replica.request_response import ReplicaResponse, cached_route

NEWS_TITLES = ("开展便民服务活动", "关于公开征求意见的公告", "招标结果公示", "重点工作安排")
"""Titles of pages that stand in other columns."""

_STRAY_OFFSETS = {"notice": 11, "gone": 13, "refresh": 17, "elsewhere": 19}
"""How far the number of a stray's page lies before that of the portal's first article."""


def stray_entries(plan: PortalPlan, channel: Channel, oddity: Oddity) -> tuple[ListEntry, ...]:
    """The row that an oddity plants in a channel; none for an oddity that changes a report."""
    return (_STRAYS[oddity.kind](plan, channel, oddity),) if oddity.kind in _STRAYS else ()


def _notice(plan: PortalPlan, channel: Channel, oddity: Oddity) -> ListEntry:
    """A notice about the making of reports."""
    title = f"关于编制{oddity.year}年政府信息公开工作年度报告的说明"
    text = "现将编制工作的安排说明如下：各单位应当在规定期限内报送，并在门户网站公布。"
    make_page = partial(plain_article, plan, title, text)
    return _stray(plan, channel, oddity, title, ExpectedOutcome.NOT_A_REPORT, make_page)


def _gone(plan: PortalPlan, channel: Channel, oddity: Oddity) -> ListEntry:
    """A report whose address shows the front page."""
    title = _report_title(plan, "统计局", oddity)
    return _stray(plan, channel, oddity, title, ExpectedOutcome.SOFT_404, partial(portal_front_page, plan))


def _refresh(plan: PortalPlan, channel: Channel, oddity: Oddity) -> ListEntry:
    """A report whose address sends on to the front page."""
    title = _report_title(plan, "审计局", oddity)
    return _stray(
        plan, channel, oddity, title, ExpectedOutcome.SOFT_404, lambda: html_response(fill_template("refresh.html"))
    )


def _elsewhere(plan: PortalPlan, channel: Channel, oddity: Oddity) -> ListEntry:
    """A report whose address is on another host, which nobody answers for."""
    row = _stray(plan, channel, oddity, _report_title(plan, "统计局", oddity), ExpectedOutcome.OUT_OF_REGISTRY, None)
    return replace(row, address=f"https://{oddity.value}{row.address}")


_STRAYS: Mapping[str, Callable[[PortalPlan, Channel, Oddity], ListEntry]] = {
    "notice": _notice,
    "gone": _gone,
    "refresh": _refresh,
    "elsewhere": _elsewhere,
}
"""The oddities that are rows of their own."""


def _report_title(plan: PortalPlan, organ: str, oddity: Oddity) -> str:
    return f"{plan.region}{organ}{oddity.year}年政府信息公开工作年度报告"


def _stray(
    plan: PortalPlan,
    channel: Channel,
    oddity: Oddity,
    title: str,
    expected: ExpectedOutcome,
    make_page: Callable[[], ReplicaResponse] | None,
) -> ListEntry:
    listed_on = f"{oddity.year + 1}-01-03"
    number = FIRST_ARTICLE_NUMBER - _STRAY_OFFSETS[oddity.kind]
    address = article_address(plan, channel, None, listed_on, number)
    return ListEntry(title, address, listed_on, expected, cached_route(make_page) if make_page else None)


def other_column_entries(plan: PortalPlan, channel: Channel, count: int) -> Iterator[ListEntry]:
    """Rows of another column, as a server lists them that ignores the column asked for."""
    other = replace(channel, id=str(int(channel.id) + 1000))
    for place in range(count):
        title, listed_on = NEWS_TITLES[place % len(NEWS_TITLES)], f"{2022 + place % 4}-06-{1 + place % 28:02d}"
        address = article_address(plan, other, None, listed_on, 3_000_000 + place)
        route = cached_route(partial(plain_article, plan, title, f"{plan.region}{title}，内容为演练所设。"))
        yield ListEntry(title, address, listed_on, ExpectedOutcome.NOT_A_REPORT, route)
