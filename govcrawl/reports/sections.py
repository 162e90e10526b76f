"""Splits the prose of a report into sections under its statutory headings.

`split_sections` returns the text as published, in page order, without cells of statutory tables and without page
widgets (朗读, 打印, 分享). A heading is recognised by its words. Its number only decides between two headings with the
same words, and between an inserted section and numbering that restarts inside a section. Any heading other than the six
statutory ones is `other_heading`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import accumulate

from govcrawl import zh
from govcrawl.forms import Forms
from govcrawl.models import Issue, Section
from govcrawl.pages.page import Block, Page
from govcrawl.reports.prose_tables import without_tables
from govcrawl.vocabulary import IssueKind, SectionKey, Severity

_FIRST_FORMAT = 2019
_LONGEST_PROSE = 100_000  # characters, far more than any report has; bounds the time of a hostile page

STATUTORY_SECTIONS = (
    SectionKey.OVERVIEW,
    SectionKey.PROACTIVE,
    SectionKey.APPLICATIONS,
    SectionKey.REVIEW_LITIGATION,
    SectionKey.PROBLEMS,
    SectionKey.OTHER,
)
"""The six headings of the forms since 2019, in order, with their numbers."""

# Whole headings, without number and closing mark, whose words differ from every label of the forms.
_MEANINGS = (
    (SectionKey.OVERVIEW, r"(?:政府信息公开)?(?:工作|总体)?(?:概述|概况)|(?:工作)?(?:总体|基本|整体)(?:工作)?情况"),
    (
        SectionKey.PROACTIVE,
        r"(?:行政机关)?主动公开(?:政府)?信息(?:工作)?的?(?:总体)?情况|(?:政府信息)?主动公开(?:工作)?情况",
    ),
    (SectionKey.APPLICATIONS, r"(?:收到和?处理|受理|处理).*(?:公开|申请).*情况|(?:政府信息)?依申请公开.*情况"),
    (SectionKey.REVIEW_LITIGATION, r".*(?:行政)?复议.*(?:诉讼)?.*情况|.*行政诉讼.*情况"),
    (
        SectionKey.PROBLEMS,
        r".*(?:问题|不足|困难).*(?:改进|措施|打算|整改|计划|建议|方向).*|.*存在的?(?:主要)?(?:问题|不足)",
    ),
    (
        SectionKey.OTHER,
        r"其[他它](?:需要?|应当?)?(?:报告|说明)的?(?:有关)?(?:事项|情况)|需要?(?:报告|说明)的其[他它](?:事项|情况)",
    ),
)
_OF_A_FORMAT = re.compile("总 *体 *情 *况|收到和处理")
_LEADING_WORDS = re.compile(r"^(?:20\d\d年度?)?(?:(?:我|本)(?:局|委|办|单位|机关|镇|街道|乡|县|区|市)|全[市县区])?")

_NUMBER = r"(?P<open>\(?)第?(?P<numeral>[一二三四五六七八九十]{1,2}|\d{1,2})(?P<close>\)|部分)?(?P<mark>[、.,: ]?) *"
_NUMBER_BEFORE = re.compile(rf"{_NUMBER}\Z")
_NUMBERED_LINE = re.compile(rf"^ *{_NUMBER}(?P<words>[^\n 。:;]{{2,40}})", re.MULTILINE)
_INNER_NUMBERS = " ㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩"
_NEAR = 16
_LEADING_MARKS = " \n。：:；;，,、"
_BEFORE_INLINE = frozenset(" \n。;:!?)]}>0123456789")
_AFTER_LISTED = frozenset("、,和及")  # a label before one of these is an entry of a list of sections

_WIDGET_WORDS = (
    "点击收听", "年报", "语音", "朗读", "播报", "听全文", "智能问答", "打印本页", "打印", "关闭窗口", "关闭本页",
    "关闭", "收藏本页", "分享到", "分享", "微信", "微博", "QQ空间", "返回顶部", "返回", "字号", "字体", "大", "中",
    "小", "扫一扫", "在手机打开当前页", "纠错", "全真版", "文字版", "文件下载", "附件下载",
)  # fmt: skip
_WIDGET = re.compile(rf"[\W_]*(?:(?:{'|'.join(_WIDGET_WORDS)})[\W_]*)+")
_NEIGHBOUR = re.compile(
    r" *(?:(?:上一[篇条页]|下一[篇条页]|相关(?:链接|附件|文档)) *:?.*"
    r"|今天是.{0,60}|(?:本[页文]|页面)?(?:浏览|阅读|访问|点击)(?:次数|数|量|率) *:? *\d*(?: *次)? *)"
)
_LONGEST_WIDGET, _LONGEST_CELL = 200, 120
_PAGE_FOOT = re.compile(
    r"版权所有|ICP备|公网安备|网站标识码|^ *(?:主办|承办|主管|技术支持)(?:单位)? *:|^ *(?:网站地图|联系我们|关于我们)"
    r"|^ *(?:(?:相关|推荐|延伸|热门|最新)(?:阅读|新闻|文章|稿件|报道|推荐)|猜你喜欢) *(?::|$)"
)


Labels = Mapping[str, SectionKey]
"""The section keys of printed labels, in folded spelling."""


@dataclass(frozen=True, slots=True)
class _Heading:
    """A candidate for a heading: the span of its words, their meaning, and its weight."""

    start: int
    end: int
    key: SectionKey | None
    number: int | None
    weight: int


def split_sections(page: Page, forms: Forms) -> tuple[tuple[Section, ...], tuple[Issue, ...]]:
    """Returns the sections in page order, and an issue for each missing statutory section and each unknown heading.

    Text before the first heading belongs to no section. A page without any heading gives no sections and no issues: it
    is no report, or a report without prose.
    """
    prose = "\n".join(_prose(page))
    text = prose[:_LONGEST_PROSE]
    plain = zh.aligned(text)
    headings = _outline(plain, forms)
    ends = [*(heading.start for heading in headings[1:]), len(text)]
    sections = tuple(_section(text, plain, heading, end) for heading, end in zip(headings, ends, strict=False))
    return sections, (*_unread(prose), *_unknown(sections), *_missing(sections))


# ---------------------------------------------------------------------------------------------- the prose of a page


def _prose(page: Page) -> Iterator[str]:
    """The prose lines of a page: no table cells, no widgets, nothing behind the foot of the page."""
    data = _data_tables(page.blocks)
    lines = [block.text for block in page.blocks if block.table not in data]
    plain = zh.aligned("".join(lines))
    for line, end in zip(lines, accumulate(map(len, lines)), strict=True):
        short = plain[end - len(line) : end] if len(line) < _LONGEST_WIDGET else ""
        if _PAGE_FOOT.search(short):
            return
        if not short or not (_WIDGET.fullmatch(short) or _NEIGHBOUR.fullmatch(short)):
            yield line


def _data_tables(blocks: tuple[Block, ...]) -> set[int | None]:
    """The tables whose cells are data. A table with a paragraph or another table is layout, and its text is prose."""
    tables = {block.table for block in blocks}
    laid_out = {block.table for block in blocks if len(block.text) > _LONGEST_CELL}
    return tables - laid_out - _enclosing(blocks) - {None}


def _enclosing(blocks: tuple[Block, ...]) -> set[int | None]:
    """The tables that enclose blocks of another table."""
    ends = {block.table: place for place, block in enumerate(blocks)}
    followed = zip(blocks, blocks[1:], range(len(blocks)), strict=False)
    return {block.table for block, after, place in followed if after.table != block.table and ends[block.table] > place}


# ------------------------------------------------------------------------------------------------------- headings


def _outline(plain: str, forms: Forms) -> list[_Heading]:
    """The headings of an aligned text in order: the statutory ones, and those inserted between them."""
    lines = _numbered_lines(plain, _labels(forms, in_force=False))
    candidates = {heading.start: heading for heading in lines if heading.key}
    candidates |= {heading.start: heading for heading in _labelled(plain, _labels(forms, in_force=True))}
    statutory = _best_sequence([candidates[start] for start in sorted(candidates)])
    return sorted([*statutory, *_inserted(lines, statutory)], key=lambda heading: heading.start)


def _labels(forms: Forms, *, in_force: bool) -> Labels:
    """The meanings of the printed labels of the forms since 2019, or of the older forms."""
    chosen = [form for form in forms.values() if (form.first_year >= _FIRST_FORMAT) is in_force]
    return {
        zh.fold(label): section.key
        for form in reversed(chosen)
        for section in form.sections
        for label in section.labels
        if section.key in STATUTORY_SECTIONS
    }


@cache
def _label_expression(labels: tuple[str, ...]) -> re.Pattern[str]:
    """Matches any of the labels, with white space between its characters allowed (总 体 情 况)."""
    longest_first = sorted(labels, key=len, reverse=True)
    return re.compile("|".join(" *".join(map(re.escape, label)) for label in longest_first))


def _labelled(plain: str, labels: Labels) -> Iterator[_Heading]:
    """The candidates with the words of a known label, on their own line or inside a line."""
    for match in _label_expression(tuple(labels)).finditer(plain):
        numbered = _NUMBER_BEFORE.search(plain, max(0, match.start() - 8), match.start())
        start = numbered.start() if numbered else match.start()
        weight = _standing(plain, start, match.end(), outermost=bool(numbered and not numbered["open"]))
        if weight:
            key = labels[zh.fold(match[0])]
            number = _number(numbered)
            yield _Heading(start, match.end(), key, number, 10 * weight + (number == _index(key)))


def _standing(plain: str, start: int, end: int, *, outermost: bool) -> int:
    """The evidence of the surroundings that a label is a heading here, from 0 (none) to 3."""
    before = f"\n{plain[:start]}" if start < _NEAR else plain[start - _NEAR : start]
    _, found, indent = before.rpartition("\n")
    line_starts = bool(found) and not indent.strip(_INNER_NUMBERS)
    if plain[end : end + 1] in _AFTER_LISTED:
        return 0
    if outermost:
        return 3 if line_starts else 2 * (plain[start - 1] in _BEFORE_INLINE)
    return int(line_starts and _line_ends(plain, end))


def _line_ends(plain: str, place: int) -> bool:
    """Whether only closing marks follow up to the end of the line."""
    return not plain[place : place + _NEAR].partition("\n")[0].strip(" :。")


def _numbered_lines(plain: str, labels: Labels) -> list[_Heading]:
    """The lines with a number of the outermost kind (一、, else （一）), with their meanings."""
    matches = [match for match in _NUMBERED_LINE.finditer(plain) if not match["numeral"].isdigit()]
    outermost = [match for match in matches if not match["open"]] or matches
    return [_numbered_line(plain, match, labels) for match in outermost if match["mark"] or match["close"]]


def _numbered_line(plain: str, match: re.Match[str], labels: Labels) -> _Heading:
    words, number = match["words"], _number(match)
    key = labels.get(zh.fold(words)) or _meaning(words)
    weight = 15 + (number == _index(key)) if key else int(_line_ends(plain, match.end()))
    return _Heading(match.start("open"), match.end(), key, number, weight)


def _meaning(words: str) -> SectionKey | None:
    plain = _LEADING_WORDS.sub("", words.strip("、.,"))
    return next((key for key, expression in _MEANINGS if re.fullmatch(expression, plain)), None)


def _number(match: re.Match[str] | None) -> int | None:
    value = zh.number(match["numeral"]) if match else None
    return None if value is None else int(value)


def _index(key: SectionKey | None) -> int | None:
    return STATUTORY_SECTIONS.index(key) + 1 if key in STATUTORY_SECTIONS else None


def _best_sequence(candidates: list[_Heading]) -> tuple[_Heading, ...]:
    """The heaviest sequence of candidates whose meanings are in the order of the law.

    A candidate with text behind it weighs slightly more, so the sections win over a table of contents.
    """
    best: dict[int, tuple[int, tuple[_Heading, ...]]] = {0: (0, ())}
    starts = (*(candidate.start for candidate in candidates[1:]), None)
    for candidate, following in zip(candidates, starts, strict=False):
        room = 5 * (following is None or following - candidate.end > 5)
        place = _index(candidate.key) or 0
        weight, chain = max((best[index] for index in best if index < place), key=lambda pair: pair[0])
        extended = (weight + candidate.weight + room, (*chain, candidate))
        best[place] = max(best.get(place, extended), extended, key=lambda pair: pair[0])
    return max(best.values(), key=lambda pair: pair[0])[1]


def _inserted(lines: list[_Heading], statutory: tuple[_Heading, ...]) -> Iterator[_Heading]:
    """Non-statutory headings whose numbers fit between those of their neighbours (七、 behind 六、, before 八、).

    Numbering that restarts inside a section does not fit, and stays text of that section.
    """
    taken = {heading.start for heading in statutory}
    last, room = 0, _room(statutory, -1)
    for line in lines:
        if line.start in taken:
            last, room = line.number or 0, _room(statutory, line.start)
        elif line.weight and line.number == last + 1 and line.number < room:
            last = line.number
            yield _Heading(line.start, line.end, SectionKey.OTHER_HEADING, line.number, line.weight)


def _room(statutory: tuple[_Heading, ...], start: int) -> int:
    """The number of the first statutory heading behind a place. A heading inserted before it has a smaller number."""
    following = (heading.number or 0 for heading in statutory if heading.start > start)
    return next(following, 100)


# ------------------------------------------------------------------------------------------------------- sections


def _section(text: str, plain: str, heading: _Heading, end: int) -> Section:
    words = text[heading.start : heading.end].strip()
    body = without_tables(text[heading.end : end], plain[heading.end : end]).lstrip(_LEADING_MARKS)
    lines = (line.strip() for line in body.split("\n"))
    return Section(heading.key or SectionKey.OTHER_HEADING, words, "\n".join(filter(None, lines)))


def _unread(prose: str) -> Iterator[Issue]:
    if len(prose) > _LONGEST_PROSE:
        detail = f"the page has {len(prose)} characters of prose, only the first {_LONGEST_PROSE} were read"
        yield Issue(IssueKind.REFUSED_LIMIT, Severity.WARNING, "sections", detail)


def _unknown(sections: Iterable[Section]) -> Iterator[Issue]:
    for section in sections:
        if section.key is SectionKey.OTHER_HEADING:
            where = f"sections.{zh.fold(section.heading)}"
            yield Issue(
                IssueKind.SECTION_UNKNOWN, Severity.INFO, where, f"heading of no statutory meaning: {section.heading}"
            )


def _missing(sections: tuple[Section, ...]) -> Iterator[Issue]:
    """The statutory headings that a report in a form since 2019 lacks. Earlier reports had free headings."""
    found = {section.key for section in sections}
    if any(_OF_A_FORMAT.search(zh.aligned(section.heading)) for section in sections):
        for key in STATUTORY_SECTIONS:
            if key not in found:
                yield Issue(IssueKind.SECTION_MISSING, Severity.WARNING, f"sections.{key}", f"no heading means {key}")
