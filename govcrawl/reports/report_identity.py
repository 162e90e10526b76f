"""Decides whether a page is an annual report, and reads its organ, year and scope.

`agency_evidence` holds the order of the sources. A year comes only from words that say it is the report's: the title,
a sentence that publishes or draws up the report, the period of the figures. A date of publication never becomes a
report year. A page about reports (a notice, a list, a news item) differs from a report in that it lacks the statutory
headings and the labels of the forms. Nothing is guessed: a value that no text states is None.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import parse_qs, urlsplit

from govcrawl import index_number, zh
from govcrawl.models import Issue, Report
from govcrawl.pages.page import Page
from govcrawl.reports.agency_evidence import Attribution, agency_of, signed_by
from govcrawl.reports.opening_sentence import Opening, pronoun_in, read_opening
from govcrawl.titles import (
    DISCLOSURE,
    Title,
    TitleKind,
    covered_title,
    read_title,
    scope_of,
    speaks_of_reports,
    undated_summary,
)
from govcrawl.vocabulary import IssueKind, Severity

# ------------------------------------------------------------------------------------------- what the words look like

_PERIODS = (
    re.compile(
        r"统计(?:的)?(?:期限|时限|时间|区间|周期|数据)[^。\n]{0,16}?"
        r"(?P<year>20\d\d)(?=年|\d{0,2}[月日]|[-./]\d)(?P<rest>[^。\n]{0,24})"
    ),
    re.compile(r"(?P<year>20\d\d)年1月1日[^。\n]{0,4}?(?:至|到|-)(?P<rest>[^。\n]{0,9}?12月\d{1,2}日)"),
)
_END_YEAR = re.compile(r"(?<!\d)20\d\d(?=年12月)")

_FORM_MARKS = (
    "本年新收政府信息公开申请数量", "上年结转政府信息公开申请数量", "结转下年度继续办理", "本列数据的勾稽关系",
    "第二十条第(一)项", "第二十条第（一）项", "本年制发件数", "本年新制作数量", "现行有效件数", "对外公开总数量",
    "统计指标", "主动公开政府信息数", "申请办结数", "对申请的答复总数", "主动公开信息数",
)  # fmt: skip
_NUMBERED = r"(?:^|[\n。:;] *)(?:\(?[一二三四五六七八九][、)]|第[一二三四五六七八九]部分)? *[^\n。,:;]{0,12}?"
_HEADINGS = tuple(
    re.compile(_NUMBERED + words)
    for words in (
        "(?:总体情况|概述|概况|基本情况)", "主动公开[^\n。,]{0,8}情况", "(?:收到和?处理|依申请公开)[^\n。,]{0,14}情况",
        "行政复议[^\n。]{0,12}情况", "存在的?(?:主要)?(?:问题|不足)", "其[他它]需要报告的?事项", "收费[^\n。]{0,6}情况",
    )
)  # fmt: skip
_NO_TITLE = re.compile(r">|^[现特]|[。；;]")
"""Signs of a trail of links and of a sentence."""
_ENOUGH_MARKS = 2
_FIGURE = re.compile(r"[0-9０-９]{1,7}(?:[.．][0-9０-９]+)?")
_OF_OTHER_SPANS = {"part of a year": "a part of a year", "comparison": "a comparison"}
"""What no annual report is, however many labels of the forms its page has: the keys are kinds of `Title.instead`."""
_ADDRESSED = re.compile(r"各[^。，,]{2,60}[:：]$|[^。]{0,30}请(?:于|在|各)[^。]{0,40}(?:报送|上报|提交|公布|发布)")
_PART_OF_YEAR = re.compile(
    r"统计(?:期限|时限|时间|区间|周期)[^。\n]{0,12}20\d\d年1月1日[^。\n]{0,8}?(?<!\d)[3-9]月3[01]日"
)
_TOP_LINES, _LONGEST_STATED, _LONGEST_TITLE, _LONGEST_NAME = 60, 300, 80, 30
_LONG_PAGE, _LONGEST_TEXT = 800, 200_000


def identify(page: Page, url: str | None = None, listed: str | None = None) -> tuple[Report, tuple[Issue, ...]]:
    """Returns the report's organ (`agency`), year and scope, and the issues about them. `form` is None.

    `agency` is in simplified characters, with both names of an organ that has two. The scope of the office of a
    government is `office`. A government, also of a township or zone, or the bare name of a place is `government`. Any
    other organ, also a sub-district office, is `department`. For a page that is no report, `is_report` is False and an
    issue `not_a_report` holds the reason. `listed` is the organ that the row of the page's list names.
    """
    text = zh.simplified("\n".join(block.text for block in page.blocks)[:_LONGEST_TEXT])
    title, opening = _title_of(page), read_opening(text)
    reason = _why_not(page, text, title) or _blank_form(page, title, opening)
    if reason:
        return Report(is_report=False), (Issue(IssueKind.NOT_A_REPORT, Severity.INFO, "report", reason),)
    whose = agency_of(title, opening, page, listed)
    years = _years(title, opening, text, url)
    year = next(iter(years.values()), None)
    report = Report(is_report=True, agency=whose.agency, year=year, scope=scope_of(whose.agency))
    return report, tuple(_doubts(report, whose, years, page))


# ------------------------------------------------------------------------------------------------ is it a report?


def _title_of(page: Page) -> Title | None:
    """The reading of the report's title: the stated one, else the fullest of the lines at the top of the page.

    A line completes a stated title only if it repeats it (with the organ above), or its organ. Any other line may be
    a banner.
    """
    words = _stated_title(page)
    stated = read_title(words)
    title = stated if stated.is_report else covered_title(words) or undated_summary(words)
    if title is None:
        return max(_titles(page), key=_completeness, default=None)
    repeated = (line for line in _titles(page) if title.text in line.text or title.organ == line.organ is not None)
    return max((title, *repeated), key=_completeness)


def _titles(page: Page) -> Iterator[Title]:
    """The readings of all lines at the top of the page that are a report's title.

    A title is often printed in two lines, with the organ in the first. So a line is also read together with a short
    line above it.
    """
    shown = [block.text for block in page.blocks[:_TOP_LINES] if len(block.text) <= _LONGEST_TITLE]
    for above, line in pairwise(("", *shown)):
        # test_a_trail_of_links_is_no_title, test_an_organ_that_is_not_certain_is_none
        if not _NO_TITLE.search(line) and speaks_of_reports(line):
            # test_a_title_in_two_lines_below_a_trail
            pair = (f"{above} {line}",) if 0 < len(above) <= _LONGEST_NAME else ()
            yield from (title for title in map(read_title, (line, *pair)) if title.is_report)


def _stated_title(page: Page) -> str:
    return (page.document.title or page.meta.get("articletitle") or page.meta.get("title") or "")[:_LONGEST_STATED]


def _completeness(title: Title) -> int:
    return (title.organ is not None) + (title.year is not None)


def _why_not(page: Page, text: str, title: Title | None) -> str | None:
    """The reason why a page is no annual report; None if it is one."""
    stated = read_title(_stated_title(page))
    marks = _form_marks(text)
    told = _told_off(page, text, title, stated, is_form=marks >= _ENOUGH_MARKS and _figures(page))
    # Enough marks make a report: any gold case, such as annex-f2008_narrative-lines.
    return told or (None if marks >= _ENOUGH_MARKS else _without_sections(page, text, title, stated))


def _told_off(page: Page, text: str, title: Title | None, stated: Title, *, is_form: bool) -> str | None:
    """The reason that a title gives, or an addressee, or the period of the figures. `is_form`: a form is filled in."""
    if stated.kind in {TitleKind.ABOUT, TitleKind.NOTE} and not (title and is_form):
        # test_pages_that_are_no_report
        return f"the title is about reports, not that of one: {stated.text[:60]}"
    for said in (stated, *(() if title else _dated_lines(page))):  # test_a_page_of_other_figures_is_no_annual_report
        if said.instead in _OF_OTHER_SPANS:
            return f"the title names {_OF_OTHER_SPANS[said.instead]}: {said.text[:60]}"
    if title and title.is_letter and any(_ADDRESSED.match(block.text) for block in page.blocks[:_TOP_LINES]):
        return f"a letter that asks others for their reports: {stated.text[:60]}"
    part = None if title and title.year else _PART_OF_YEAR.search(text)
    return f"the figures are of a part of a year: {part[0][:60]}" if part else None


def _dated_lines(page: Page) -> Iterator[Title]:
    """The readings of the lines at the top of a page that state a year: one may be its title."""
    lines = (block.text for block in page.blocks[:_TOP_LINES] if len(block.text) <= _LONGEST_TITLE)
    return (title for title in map(read_title, lines) if title.years)


def _without_sections(page: Page, text: str, title: Title | None, stated: Title) -> str | None:
    """The reason why a page without the marks of a form is no report; None if it has the sections of one."""
    plain = zh.aligned(text)
    headings = sum(1 for heading in _HEADINGS if heading.search(plain))
    long = len(plain) > _LONG_PAGE
    # test_an_annual_report_that_never_names_disclosure_is_another_one
    if title and re.search(DISCLOSURE, stated.text + plain):
        # Prose of the first regulation: test_a_narrative_report_of_the_first_regulation_is_one. The report as a file:
        # test_a_page_that_only_carries_the_report_as_a_file_is_one. Few headings:
        # test_one_heading_is_enough_below_a_title_on_a_long_page.
        if headings >= 3 or page.attachments or page.images or (long and headings):
            return None
    elif headings >= 5 and long:  # test_the_headings_alone_make_a_long_page_without_a_title_a_report
        return None
    if title:
        return "the title is that of a report, but the page has neither its headings nor its tables nor an attachment"
    return f"no title, headings or tables of an annual report: {stated.text[:60] or plain[:60].strip()}"


def _blank_form(page: Page, title: Title | None, opening: Opening) -> str | None:
    """The reason why a page is the official form that nobody filled in; None if it is a report, or no form."""
    said = (opening.owner, opening.author, opening.pronoun, *signed_by(page))
    names = (title and (title.organ or pronoun_in(title.text)), *said)
    prose = sum(len(block.text) for block in page.blocks if block.table is None)
    tables = "".join(cell.raw for grid in page.grids for row in grid.rows for cell in row if cell)
    if any(names) or _form_marks(tables) < _ENOUGH_MARKS or prose > _LONG_PAGE or _figures(page):
        return None
    return "a form that nobody filled in: no organ, and no figure in its tables"


def _figures(page: Page) -> bool:
    """Whether tables, or the lines of a page without tables, hold figures."""
    cells = {cell.raw for grid in page.grids for row in grid.rows for cell in row if cell}
    words = cells if page.grids else {token.text for token in page.tokens if token.gap != "line"}
    return any(_FIGURE.fullmatch(word) for word in words)


def _form_marks(text: str) -> int:
    words = zh.raw(text)
    return sum(mark in words for mark in _FORM_MARKS)


# ------------------------------------------------------------------------------------------------- whose, which year


def _period(text: str) -> int | None:
    """The year of the period that the figures are of; None for none, and for a period over several years."""
    found = next((match for pattern in _PERIODS if (match := pattern.search(text))), None)
    ends = set(map(int, _END_YEAR.findall(found["rest"]))) if found else set()
    return int(found["year"]) if found and ends <= {int(found["year"])} else None


def _years(title: Title | None, opening: Opening, text: str, url: str | None) -> dict[str, int]:
    """The report year of each source that states one, the most trusted source first."""
    query = parse_qs(urlsplit(url).query).get("fbtime", [""]) if url else [""]
    stated = {
        "title": title.year if title else None,
        "opening sentence": opening.year,
        "period of the figures": _period(text),
        "address": int(query[0]) if re.fullmatch(r"20\d\d", query[0]) else None,
    }
    return {source: year for source, year in stated.items() if year is not None}


def _doubts(report: Report, whose: Attribution, years: dict[str, int], page: Page) -> Iterator[Issue]:
    if len(set(years.values())) > 1:
        stated = ", ".join(f"{source} {year}" for source, year in years.items())
        yield Issue(
            IssueKind.YEAR_CONFLICT, Severity.WARNING, "report.year", f"the page states several years: {stated}"
        )
    published = page.document.published_on
    if published and report.year and int(published[:4]) < report.year:
        detail = f"published on {published}, before the report year {report.year} began"
        yield Issue(IssueKind.YEAR_CONFLICT, Severity.WARNING, "document.published_on", detail)
    if report.year is None:
        yield Issue(IssueKind.YEAR_UNKNOWN, Severity.WARNING, "report.year", "no text of the page states the year")
    if report.agency is None:
        detail = whose.doubt or "no text of the page names the organ"
        yield Issue(IssueKind.AGENCY_UNKNOWN, Severity.WARNING, "report.agency", detail)
    number = page.document.index_number
    if number and index_number.parse_index_number(number) is None:
        detail = f"no known shape of an index number: {number[:60]}"
        yield Issue(IssueKind.INDEX_NUMBER_INVALID, Severity.INFO, "document.index_number", detail)
