"""Whose report a page is, from what it says in an order of trust, or why that is not certain.

The order is: title, publisher of the page, row of the list, opening sentence, signature, source. A pronoun (我局)
stands for the publisher. A text that is no name of one organ is no evidence. Evidence that disagrees gives no agency.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from govcrawl import zh
from govcrawl.pages.page import Page
from govcrawl.reports.opening_sentence import Opening, pronoun_in
from govcrawl.titles import PLACE, Title, is_division, is_organ, name_in, scope_of
from govcrawl.vocabulary import Scope

_PLACED = re.compile(rf"^.{{2,}}?{PLACE}")
_INNER = re.compile(
    r"[局委厅院]?(?:党政|综合|秘书|文秘|政务公开|信息公开|政务|信息|网络|宣传|新闻|政策法规|法规|管理)*"
    r"(?:办公室|办|中心|处|室|部|站|队)"
)
"""A part of an organ, without the organ: 综合办公室."""
_PART = re.compile(r"(?P<organ>.{3,}(?:局|厅|院|馆|中心))[^局厅院馆]{0,8}(?:办公室|(?<!分)[科股室处]|办)")
"""A part of an organ, with the organ: 青河县民政局办公室. The offices of commissions are organs."""
_FOR_OTHERS = re.compile("(?:政务|信息)公开")
"""In the name of an office that publishes for others."""
_MEDIA = re.compile(r"[网报台]$|融媒|新闻|媒体|日报|晚报|客户端|公众号|发布$|电视|广播")
_GOVERNMENTS = frozenset({Scope.GOVERNMENT, Scope.OFFICE})

_OF_ORGANS = re.compile(r"[局委办厅院会]|政府|中心")
_LONGEST_COMMON = 4
"""The longest name that many organs share (人民政府, 办公室): its owner is the publisher."""
_ANY_ORGAN = frozenset({"机关", "单位", "部门", "行政机关"})
_OF_TOWNS = {"镇": "镇", "乡": "乡", "苏木": "苏木", "街道": "街道", "乡镇": "[乡镇]", "镇街": "(?:镇|街道)"}
_OF_PLACES = "县市区省州盟旗"
_LAST_LINES, _LONGEST_LINE = 12, 40
_DAY = re.compile(r"[(（]?(?:20\d\d|二[〇零○O][〇零○O一二三四五六七八九]{2})\s*年.{1,6}月.{1,4}日[)）]?")


class Attribution(NamedTuple):
    """The organ of a report, and why it is not certain (None where it is, or where nothing names one)."""

    agency: str | None
    doubt: str | None = None


def agency_of(title: Title | None, opening: Opening, page: Page, listed: str | None = None) -> Attribution:
    """Returns the organ whose report a page is; `listed` is the organ that the row of its list names."""
    publisher = _organ(page.document.publisher)
    others = [name for name in (publisher, _organ(listed), opening.owner, opening.author, *signed_by(page)) if name]
    if title and title.organ:
        return Attribution(_in_full(title.organ, others))
    if title and title.names_several:
        return Attribution(None, "the title names several organs")
    if title and _names_another(title, publisher):
        return Attribution(None, f"the title names {title.owner}, which is not the name of one organ")
    row = publisher or _organ(listed)
    pronoun = (pronoun_in(title.text) if title else None) or opening.pronoun
    whose = _settled(row, opening, pronoun) if row else Attribution(opening.owner or opening.author)
    if whose.agency or whose.doubt:
        return Attribution(_in_full(whose.agency, others) if whose.agency else None, whose.doubt)
    last = next(filter(None, (*signed_by(page), *_sources(page))), None)
    return Attribution(last) if last is None or _fits(pronoun, last) else _strange(pronoun, last)


def _names_another(title: Title, publisher: str | None) -> bool:
    """Whether words in the place of the organ speak of one, and not of the publisher (县政府办公室转发县教育局)."""
    owner = title.owner if title.names_others else ""
    is_own = publisher is not None and _same(owner, publisher) if owner else True
    return len(owner) > _LONGEST_COMMON and _OF_ORGANS.search(owner) is not None and not is_own


def _organ(text: str | None) -> str | None:
    """The one organ that a text of the page's metadata names, itself or by a part of it; None for anything else."""
    name = name_in(text) if text else None
    if name is None or _FOR_OTHERS.search(name):
        return None
    part = _PART.fullmatch(name)
    whole = part["organ"] if part else name
    return whole if is_organ(whole) and not _INNER.fullmatch(whole) else None


def _settled(row: str, opening: Opening, pronoun: str | None) -> Attribution:
    """The organ of a page that its publisher (or its list) and its opening sentence name, the publisher first.

    A government's office publishes for its government and for the organs of its place, so the report that the opening
    sentence names is another's. Two organs of other kinds leave a doubt.
    """
    said = opening.owner or opening.author
    if said is None:
        return Attribution(row) if _fits(pronoun, row) else _strange(pronoun, row)
    if _same(said, row) or _same(row, said):
        return Attribution(max(said, row, key=lambda name: (_PLACED.match(name) is not None, name == row)))
    if scope_of(row) in _GOVERNMENTS or (opening.owner and scope_of(said) is Scope.GOVERNMENT):
        return Attribution(said)
    return Attribution(None, f"the publisher is {row}, the opening sentence names {said}")


def _strange(pronoun: str | None, name: str) -> Attribution:
    return Attribution(None, f"the page speaks of its 我{pronoun}, and the only organ named is {name}")


def _fits(pronoun: str | None, name: str) -> bool:
    """Whether a pronoun may stand for an organ: 我镇 for a town, 我县 for a government, 我局 for a department."""
    if pronoun is None or pronoun in _ANY_ORGAN:
        return True
    if pronoun in _OF_TOWNS:
        return re.search(_OF_TOWNS[pronoun], name) is not None
    scope = scope_of(name)
    if pronoun in _OF_PLACES:
        return scope in _GOVERNMENTS
    return scope is not Scope.GOVERNMENT and (pronoun == "办" or scope is not Scope.OFFICE)


def _in_full(name: str, others: Iterable[str]) -> str:
    """The name of an organ with its place, from another source that names the same organ (市经信局, 黄石市经信局)."""
    if _PLACED.match(name):
        return name
    return next((other for other in others if _PLACED.match(other) and _same(name, other)), name)


def _same(short: str, full: str) -> bool:
    """Whether `short` may be `full` in short: the same end, and all its characters in their order."""
    if is_division(short) or is_division(full):
        return short == full
    remaining = iter(full)
    return short[-1] == full[-1] and all(character in remaining for character in short)


def signed_by(page: Page) -> Iterator[str]:
    """Returns the organs above a day at the end of a page."""
    lines = [zh.simplified(block.text) for block in page.blocks[-_LAST_LINES:] if len(block.text) <= _LONGEST_LINE]
    for name, day in pairwise(lines):
        if _DAY.fullmatch(day) and _PLACED.match(name) and (organ := _organ(name)):
            yield organ


def _sources(page: Page) -> Iterator[str]:
    """The organs that the page names as its source; newspapers and sites are none."""
    for text in (page.extra.get("source"), page.meta.get("contentsource")):
        if text and not _MEDIA.search(text) and (organ := _organ(text)):
            yield organ
