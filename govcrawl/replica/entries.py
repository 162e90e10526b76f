"""What a portal's lists hold: one entry a row, with its address, what stands there and what a right crawl makes of it.

Reports go to the channel of their year. Oddities add rows: a notice that is no report, a second rendition, a row that
leads to a spam mirror, to the front page, or nowhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

from govcrawl.replica.addresses import article_address
from govcrawl.replica.annual_report import AnnualReport
from govcrawl.replica.answers import Answer, Route, fill, html, once, page
from govcrawl.replica.articles import Rendition, article, carried_article, shown_number
from govcrawl.replica.catalogue import pieces
from govcrawl.replica.numbering import organ_code
from govcrawl.replica.plan import Channel, Oddity, PortalPlan


class Expected(StrEnum):
    """What a right crawl makes of a row's address. Words that name an attempt's outcome are those of the vocabulary."""

    REPORT = "report"
    DUPLICATE = "duplicate"  # another address of a report in the same list
    IMAGE_ONLY = "image_only"
    ATTACHMENT_ONLY = "attachment_only"
    UNREADABLE = "unreadable"  # a report without any table
    NOT_A_REPORT = "not_a_report"
    SOFT_404 = "soft_404"
    ROBOTS = "robots"
    OUT_OF_REGISTRY = "out_of_registry"
    BLOCKED = "blocked"
    HTTP_ERROR = "http_error"
    TRUNCATED = "truncated"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    TOO_LARGE = "too_large"
    QUARANTINED = "quarantined"  # bears the marks of a mirror: kept, and believed nowhere
    UNLISTED = "unlisted"  # a report that no list shows: only a question for its index number finds it
    UNKNOWN = "unknown"  # published from outside: the replica does not know what it says


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a list. `address` is a path on the portal, or a whole address elsewhere; `answer` what it answers.

    `index_number` is what a list that prints numbers prints, `shown_number` what the page shows.
    """

    title: str
    address: str
    listed_on: str
    expected: Expected
    answer: Route | None = None
    report: AnnualReport | None = None
    index_number: str | None = None
    organ: str = ""
    shown_number: str | None = None
    rendition: Rendition = Rendition.FULL


Lists = Mapping[Channel, tuple[Entry, ...]]


def lists_of(plan: PortalPlan, reports: Iterable[AnnualReport]) -> dict[Channel, tuple[Entry, ...]]:
    """The entries of each of the portal's channels, newest first."""
    in_order = sorted(reports, key=lambda each: (each.published_on, each.agency, each.year))
    lists: dict[Channel, list[Entry]] = {channel: [] for channel in plan.channels}
    for place, report in enumerate(in_order):
        channel = next(each for each in plan.channels if report.year in each.years)
        lists[channel] += _of_report(plan, channel, report, FIRST_NUMBER + 37 * place)
    for oddity in plan.oddities:
        channel = next((each for each in plan.channels if oddity.year in each.years), plan.channels[0])
        lists[channel] += _STRAYS.get(oddity.kind, _nothing)(plan, channel, oddity)
    for channel in plan.channels:
        lists[channel] += _of_other_columns(plan, channel, len(lists[channel])) if channel.every_column else ()
        lists[channel] += _of_catalogue(plan, channel, in_order) if channel.catalogue else ()
    return {channel: tuple(newest_first(entries)) for channel, entries in lists.items()}


FIRST_NUMBER = 3_600_000
"""The number of a portal's first article; far from those of the real cases."""


def newest_first(entries: Iterable[Entry]) -> list[Entry]:
    """The rows in the order in which lists show them."""
    return sorted(entries, key=lambda each: (each.listed_on, each.address), reverse=True)


# ---------------------------------------------------------------------------------------------------- of a report


def _of_report(plan: PortalPlan, channel: Channel, report: AnnualReport, number: int) -> Iterator[Entry]:
    number = report.case.article if report.case else number
    original = entry_of(plan, channel, report, number, report.title, Rendition.FULL)
    yield original
    for step, rendition in enumerate((Rendition.IMAGES, Rendition.PICTURED), 1):
        suffix = plan.odd(rendition, report.organ, report.year)
        if suffix is not None:
            yield entry_of(plan, channel, report, number + step, report.title + suffix, rendition)
    mirror = plan.odd("mirror", report.organ, report.year)
    if mirror is not None:
        elsewhere = f"https://{mirror}{original.address}"
        yield replace(original, address=elsewhere, expected=Expected.OUT_OF_REGISTRY, answer=None)
    if channel.hides and number % 4 == 0:
        yield _hidden(plan, report, original)
    if channel.twins and number % 3 == 0:
        yield replace(original, address=original.address.replace(".shtml", "_app.shtml"), expected=Expected.DUPLICATE)


def entry_of(
    plan: PortalPlan, channel: Channel, report: AnnualReport, number: int, title: str, rendition: Rendition
) -> Entry:
    """The row of a report's page in a channel, under an article's number."""
    address = address_of(plan, channel, report, number)
    skin = "viewer" if channel.kind == "viewer" else plan.skin
    unlisted = plan.odd("unlisted", report.organ, report.year) is not None
    shown = Expected.UNLISTED if unlisted else Expected.REPORT
    expected = Expected.IMAGE_ONLY if rendition is Rendition.IMAGES else shown
    return Entry(
        title=title,
        address=address,
        listed_on=report.published_on,
        expected=Expected.ROBOTS if _forbidden(plan, address) else expected,
        answer=once(partial(_MAKERS.get(channel.kind, article), plan, report, skin, title, rendition)),
        report=report,
        index_number=report.index_number,
        shown_number=shown_number(report, skin, rendition),
        organ=organ_code(plan, report.organ),
        rendition=rendition,
    )


def _hidden(plan: PortalPlan, report: AnnualReport, original: Entry) -> Entry:
    """The same address with its metadata block switched off by a parameter."""
    shown, hidden = original.answer, once(partial(article, plan, report, plan.skin, report.title, Rendition.HIDDEN))
    assert shown is not None
    return replace(
        original,
        address=original.address + "?xxgkhide=1",
        expected=Expected.DUPLICATE,
        shown_number=None,
        answer=lambda asked: (hidden if asked.parameters.get("xxgkhide") else shown)(asked),
    )


def _forbidden(plan: PortalPlan, address: str) -> bool:
    return plan.robots_status >= 500 or address.startswith(disallowed(plan.robots or ""))


def disallowed(robots: str) -> tuple[str, ...]:
    """The paths that a robots.txt keeps from every crawler."""
    lines = (line.partition(":") for line in robots.splitlines())
    return tuple(value.strip() for name, _, value in lines if name.lower() == "disallow" and value.strip())


def address_of(plan: PortalPlan, channel: Channel, report: AnnualReport, number: int) -> str:
    """The path of a report's page in a channel, or its whole address where that is on another of the portal's hosts."""
    if channel.kind in _ADDRESSES:
        return _ADDRESSES[channel.kind](plan, channel, report, number)
    return article_address(plan, channel, report.organ, report.published_on, number)


def _article_address(_: PortalPlan, channel: Channel, report: AnnualReport, number: int) -> str:
    return hanweb_address(channel, report.published_on, number)


def hanweb_address(channel: Channel, published_on: str, number: int) -> str:
    """The path of an article in a Hanweb column; month and day are not padded."""
    day = dt.date.fromisoformat(published_on)
    return f"/art/{day.year}/{day.month}/{day.day}/art_{channel.id}_{number}.html"


def _viewer_address(plan: PortalPlan, _: Channel, report: AnnualReport, __: int) -> str:
    return f"/module/xxgk/xxgkAnnualReport.jsp?area={organ_code(plan, report.organ)}&fbtime={report.year}"


def _folder_address(_: PortalPlan, channel: Channel, report: AnnualReport, number: int) -> str:
    return trs_address(channel, report.published_on, number)


def trs_address(channel: Channel, published_on: str, number: int) -> str:
    """The path of an article in a TRS folder."""
    day = published_on.replace("-", "")
    return f"{channel.id}{day[:6]}/t{day}_{number}.{'shtml' if channel.twins else 'html'}"


_ADDRESSES: Mapping[str, Callable[[PortalPlan, Channel, AnnualReport, int], str]] = {
    "column": _article_address,
    "search": _article_address,
    "viewer": _viewer_address,
    "folder": _folder_address,
}
_MAKERS: Mapping[str, Callable[[PortalPlan, AnnualReport, str, str, Rendition], Answer]] = {
    "yichang-xxgk": carried_article
}
"""How a report is shown where that is no page of its own."""


# ------------------------------------------------------------------------------------------------------- strays


NEWS = ("开展便民服务活动", "关于公开征求意见的公告", "招标结果公示", "重点工作安排")
"""Titles of pages that stand in other columns."""


def stray_address(plan: PortalPlan, channel: Channel, published_on: str, number: int) -> str:
    """The address of a page that is no report, in the form of the channel's articles."""
    if channel.kind in _ADDRESSES:
        return (trs_address if channel.kind == "folder" else hanweb_address)(channel, published_on, number)
    return article_address(plan, channel, None, published_on, number)


def _notice(plan: PortalPlan, channel: Channel, oddity: Oddity) -> Iterator[Entry]:
    title = f"关于编制{oddity.year}年政府信息公开工作年度报告的说明"
    text = "现将编制工作的安排说明如下：各单位应当在规定期限内报送，并在门户网站公布。"
    yield _stray(plan, channel, oddity, title, Expected.NOT_A_REPORT, partial(_plain, plan, title, text))


def _gone(plan: PortalPlan, channel: Channel, oddity: Oddity) -> Iterator[Entry]:
    title = f"{plan.region}统计局{oddity.year}年政府信息公开工作年度报告"
    yield _stray(plan, channel, oddity, title, Expected.SOFT_404, partial(front_page, plan))


def _refresh(plan: PortalPlan, channel: Channel, oddity: Oddity) -> Iterator[Entry]:
    title = f"{plan.region}审计局{oddity.year}年政府信息公开工作年度报告"
    yield _stray(plan, channel, oddity, title, Expected.SOFT_404, lambda: html(fill("refresh.html")))


def _elsewhere(plan: PortalPlan, channel: Channel, oddity: Oddity) -> Iterator[Entry]:
    """A row that leads to another host alone."""
    title, listed_on = f"{plan.region}统计局{oddity.year}年政府信息公开工作年度报告", f"{oddity.year + 1}-01-03"
    address = stray_address(plan, channel, listed_on, FIRST_NUMBER - STRAY_NUMBERS[oddity.kind])
    yield Entry(title, f"https://{oddity.value}{address}", listed_on, Expected.OUT_OF_REGISTRY)


STRAY_NUMBERS = {"notice": 11, "gone": 13, "refresh": 17, "elsewhere": 19}
"""How far before a portal's first article its strays are numbered."""


def _stray(
    plan: PortalPlan, channel: Channel, oddity: Oddity, title: str, expected: Expected, make: Callable[[], Answer]
) -> Entry:
    listed_on = f"{oddity.year + 1}-01-03"
    address = stray_address(plan, channel, listed_on, FIRST_NUMBER - STRAY_NUMBERS[oddity.kind])
    return Entry(title, address, listed_on, expected, once(make))


def _of_other_columns(plan: PortalPlan, channel: Channel, count: int) -> Iterator[Entry]:
    """Rows of another column, as a build lists them that ignores the column asked for."""
    other = replace(channel, id=str(int(channel.id) + 1000))
    for place in range(count):
        title, listed_on = NEWS[place % len(NEWS)], f"{2022 + place % 4}-06-{1 + place % 28:02d}"
        answer = once(partial(_plain, plan, title, f"{plan.region}{title}，内容为演练所设。"))
        yield Entry(
            title, hanweb_address(other, listed_on, 3_000_000 + place), listed_on, Expected.NOT_A_REPORT, answer
        )


def _of_catalogue(plan: PortalPlan, channel: Channel, reports: Sequence[AnnualReport]) -> Iterator[Entry]:
    """The other rows of a catalogue with a dense counter."""
    for piece in pieces(plan, channel, [report for report in reports if report.year in channel.years]):
        answer = once(partial(_plain, plan, piece.title, f"{piece.title}，内容为演练所设。"))
        address = stray_address(plan, channel, piece.listed_on, FIRST_NUMBER - piece.page)
        yield Entry(
            piece.title, address, piece.listed_on, Expected.NOT_A_REPORT, answer, index_number=piece.index_number
        )


def _nothing(_: PortalPlan, __: Channel, ___: Oddity) -> Iterator[Entry]:
    return iter(())


_STRAYS: Mapping[str, Callable[[PortalPlan, Channel, Oddity], Iterator[Entry]]] = {
    "notice": _notice,
    "gone": _gone,
    "refresh": _refresh,
    "elsewhere": _elsewhere,
}
"""Oddities that are rows of their own; the others change a report."""


def _plain(plan: PortalPlan, title: str, text: str) -> Answer:
    meta = {"ArticleTitle": title, "ContentSource": f"{plan.region}人民政府"}
    return html(page(plan, title, fill("plain.html", title=title, text=text), meta))


def front_page(plan: PortalPlan) -> Answer:
    """The portal's front page: links to everything, among it the door to the disclosure column."""
    return html(page(plan, "首页", fill("home.html", region=plan.region)))
