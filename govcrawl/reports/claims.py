"""Compares claims with the tables. A claim is a figure in the prose for a quantity that the tables state.

`claims.toml` defines the kinds of statements. This module finds statements, reads their figures and judges them.
Precision goes before recall: a figure of another year, an approximate figure, a share, a change against last year and a
plan are no claims. A figure that may mean something else never contradicts. No fact is changed.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import chain

from govcrawl import zh
from govcrawl.models import Claim, Fact, Issue, Report, Section
from govcrawl.vocabulary import ClaimOutcome, IssueKind, Scope, SectionKey, Severity, Status

# ------------------------------------------------------------------------------------------------- kinds of statements

Sum = tuple[str, ...]
"""Cells `table.row.column` whose values are added."""

_ARABIC = r"\d[\d,]*(?:\.\d+)?[万亿]?"
_CHINESE = "[零〇一二两三四五六七八九十百千]+[万亿]?"
_UNIT = "(?:件|个|条|部|份|起|宗|项|例|次|封|篇)(?![次均])"
_FIGURE = rf"(?P<n>{_ARABIC}(?={_UNIT}|[,。;、(]|$)|{_CHINESE}(?={_UNIT}))(?:{_UNIT})?"
_MONEY = rf"(?P<n>{_ARABIC.removesuffix('[万亿]?')})(?P<yuan>万元|元)"
_CHANGES_SUBJECT = "比|较|同比|增|减|降|占|其中|复议|诉讼|投诉|信访|建议|提案|留言|咨询|来电|来信|转办|转交|转来"
_BETWEEN = rf"(?:(?!{_CHANGES_SUBJECT})[^,。;:\d]){{0,28}}?"


@dataclass(frozen=True, slots=True)
class ClaimPattern:
    """A kind of statement: its words and expressions, and the sums of cells to compare it with.

    `against` holds alternatives of one quantity for the different forms, `instead` other quantities in the same words.
    """

    name: str
    words: re.Pattern[str]
    against: tuple[Sum, ...]
    instead: tuple[Sum, ...]
    topic: re.Pattern[str] | None
    figure: tuple[re.Pattern[str], ...]
    loose: tuple[re.Pattern[str], ...]
    zero: tuple[re.Pattern[str], ...]


@cache
def kinds() -> tuple[ClaimPattern, ...]:
    """Returns the kinds of statements in the order in which they are tried."""
    text = resources.files(__package__).joinpath("claims.toml").read_text(encoding="utf-8")
    return tuple(_kind(name, table) for name, table in tomllib.loads(text)["kinds"].items())


@cache
def _words() -> re.Pattern[str]:
    """The words of all kinds. A sentence without any of them is no statement."""
    return re.compile("|".join(kind.words.pattern for kind in kinds()))


def _kind(name: str, table: Mapping[str, list[str]]) -> ClaimPattern:
    return ClaimPattern(
        name=name,
        words=re.compile("|".join(table["words"])),
        against=tuple(map(_sum, table["against"])),
        instead=tuple(map(_sum, table.get("instead", ()))),
        topic=re.compile(str(table["topic"])) if "topic" in table else None,
        figure=tuple(map(_expression, table["figure"])),
        loose=tuple(map(_expression, table["loose"])),
        zero=tuple(map(_expression, table["zero"])),
    )


def _sum(text: str) -> Sum:
    return tuple(text.split(" + "))


def _expression(text: str) -> re.Pattern[str]:
    return re.compile(text.replace("{n}", _FIGURE).replace("{yuan}", _MONEY).replace("…", _BETWEEN))


# ------------------------------------------------------------------------------------------------ finding statements

_SILENT_SECTIONS = frozenset({SectionKey.PROBLEMS})  # about other years and plans
_SENTENCE = re.compile(r"[^。;!?\n]{1,2000}[。;!?]?")
_TABLE_ROW = re.compile(r"\d[ |]+(?:\d+|/)[ |]+(?:\d|/)")
"""Figures that only blanks set apart: a row of a table that stands among the prose, and no statement."""
_TOPIC_REACH = 2000
_TITLES_OF_WORKS = re.compile("《[^》]{0,200}》")
_OTHER_TIME = re.compile(
    r"去年|前年|上年(?!度?(?:未办结)?结转)|上一年(?!度?(?:未办结)?结转)|同期|历年(?:来|累计|共|[收受])|(?:实施|施行|成立|近年|多年)以?来"
    r"|近[一二三四五两\d]+年|上半年|下半年|季度|计划|拟|预计|目标|力争|下一步|如果|是指|应当"
)
_YEAR = re.compile(r"20\d\d年")
_THIS_YEAR = re.compile(r"(?<![^截]至)(?<![到—-])(?P<year>20\d\d)年度?|本年度?|今年|全年|年内")
_APPROXIMATE = re.compile("(?:近|约|超过?|逾|不少于|至少|平均|第)$")
_REACHED = re.compile("达到?$")
_ROUND = 100
"""A figure that is reached is exact (达到1234件), but for a multiple of this."""


@dataclass(frozen=True, slots=True)
class _Statement:
    """A statement in a sentence. `before` is the text before it, `place` the offset of its figure.

    A statement that there was none has no figure: `place` is then the end of the statement.
    """

    kind: ClaimPattern
    value: int | float
    place: int
    before: str
    loose: bool = False
    zero: bool = False

    @property
    def figure(self) -> tuple[str, int]:
        """The key of a figure. Two statements with the same key are about the same figure."""
        return (self.kind.name if self.zero else "", self.place)


def find(
    sections: Iterable[Section], facts: Iterable[Fact], report: Report
) -> tuple[tuple[Claim, ...], tuple[Issue, ...]]:
    """Returns the claims in reading order, and a `claim_contradicted` issue for each that contradicts.

    `Claim.value` is the figure in the unit of the cell (万元 for fees), `Claim.text` the sentence as published,
    `Claim.against` the cells it is compared with, empty if the form of the report has no such cell.
    """
    values = {f"{fact.table}.{fact.row}.{fact.column}": fact for fact in facts}
    claims = dict.fromkeys(
        _judge(statement, text, values, report.scope)
        for section in sections
        if section.key not in _SILENT_SECTIONS
        for text, statement in _statements(section, report.year)
    )
    return tuple(claims), tuple(_contradictions(claims, values))


def _statements(section: Section, year: int | None) -> Iterator[tuple[str, _Statement]]:
    """The statements of a section, each with its sentence. The topic of a sentence is its paragraph so far."""
    plain = zh.aligned(section.text)
    said = ""
    for match in _SENTENCE.finditer(plain):
        begins = plain[match.start() - 1 : match.start()] == "\n"
        words = zh.raw(_TITLES_OF_WORKS.sub("", match[0])).rstrip("。;!?")
        said = words if begins else (said + words)[-_TOPIC_REACH:]
        if _TABLE_ROW.search(match[0]):
            continue
        text = section.text[match.start() : match.end()].strip()
        yield from ((text, statement) for statement in _statements_of(words, f"{section.key}{said}", year))


def _statements_of(words: str, topic: str, year: int | None) -> list[_Statement]:
    """The statements of one sentence in order. A figure belongs to the first kind that matches it."""
    found: dict[tuple[str, int], _Statement] = {}
    if not _words().search(words):
        return []
    for kind in kinds():
        if not kind.words.search(words) or (kind.topic and not kind.topic.search(topic)):
            continue
        for statement in chain(_figures(kind, words), _zeros(kind, words)):
            if not _of_another_time(statement.before, year):
                found.setdefault(statement.figure, statement)
    return sorted(found.values(), key=lambda statement: statement.place)


def _figures(kind: ClaimPattern, words: str) -> Iterator[_Statement]:
    """The statements of a kind with a figure, those in strict words first."""
    for loose, expressions in ((False, kind.figure), (True, kind.loose)):
        for match in chain.from_iterable(expression.finditer(words) for expression in expressions):
            value, place = _figure(match), match.start("n")
            if value is not None and not _is_approximate(words[:place], value):
                yield _Statement(kind, value, place, words[: match.start()], loose=loose)


def _is_approximate(before: str, value: float) -> bool:
    """Whether the words before a figure say that it is no exact one."""
    return bool(_APPROXIMATE.search(before) or (_REACHED.search(before) and value % _ROUND == 0))


def _zeros(kind: ClaimPattern, words: str) -> Iterator[_Statement]:
    """The statements of a kind without a figure: that there was none."""
    for match in chain.from_iterable(expression.finditer(words) for expression in kind.zero):
        yield _Statement(kind, 0, match.end(), words[: match.start()], zero=True)


def _figure(match: re.Match[str]) -> int | float | None:
    value = zh.number(match["n"])
    if value is None or match.groupdict().get("yuan") != "元":
        return value
    return value / 10_000


def _of_another_time(before: str, year: int | None) -> bool:
    """Whether the words before a figure refer to another year, several years or a plan.

    Words before the last mention of the report year are ignored: 与去年相比，2023年收到….
    """
    since = [match.end() for match in _THIS_YEAR.finditer(before) if match["year"] in {None, str(year)}]
    words = before[since[-1] :] if since else before
    return bool(_OTHER_TIME.search(words)) or bool(year and _YEAR.search(words))


# ---------------------------------------------------------------------------------------------------------- judging

_SUBJECT_STARTS = r"(?:^|[,:、])(?:(?:20\d\d年度?|今年|本年度?|全年|期间),?)*"
_WHOLE_AREA = re.compile(
    rf"{_SUBJECT_STARTS}(?:我)?全(?:省|市|区|县|州|旗|镇|系统)|{_SUBJECT_STARTS}(?:全[省市区县])?各(?:级|部门|地|区县|县区|乡镇|镇街)"
)
_ONE_OFFICE = re.compile(
    r"政府办(?:公室|公厅)?|(?:省|市|区|县)府办|[省市区县]本级|[省市区县]直|各(?:级|部门|地|区县|县区|乡镇|镇街)"
)
_OWN = re.compile(r"(?:我|本)(?:局|委|办|厅|院|中心|单位|机关|部门|镇|乡|街道|行政机关)")


def _judge(statement: _Statement, text: str, facts: Mapping[str, Fact], scope: Scope) -> Claim:
    places, outcome = _outcome(statement, facts, elsewhere=_of_another_body(statement.before, scope))
    return Claim(statement.kind.name, statement.value, text, outcome, places)


def _outcome(statement: _Statement, facts: Mapping[str, Fact], *, elsewhere: bool) -> tuple[Sum, ClaimOutcome]:
    places = next((each for each in statement.kind.against if facts.keys() >= set(each)), ())
    if elsewhere or not places:
        return places, ClaimOutcome.NOT_COMPARABLE
    total = _total(places, facts)
    if total is not None and _same(total, statement.value):
        return places, ClaimOutcome.AGREES
    for other in statement.kind.instead:
        meant = _total(other, facts)
        if meant is not None and _same(meant, statement.value):
            return other, ClaimOutcome.NOT_COMPARABLE
    certain = total is not None and not statement.loose
    return places, ClaimOutcome.CONTRADICTS if certain else ClaimOutcome.NOT_COMPARABLE


def _total(places: Sum, facts: Mapping[str, Fact]) -> int | float | None:
    """The sum of cells; None if one of them is no number, since a blank is not zero."""
    values = [fact.value for fact in map(facts.get, places) if fact and fact.status is Status.NUMBER]
    return sum(value for value in values if value is not None) if len(values) == len(places) else None


def _same(left: float, right: float) -> bool:
    return abs(left - right) < 1e-6


def _of_another_body(before: str, scope: Scope) -> bool:
    """Whether the last body named before a figure is not the body of the report."""
    foreign = _ONE_OFFICE if scope is Scope.GOVERNMENT else _WHOLE_AREA
    last_foreign = max((match.end() for match in foreign.finditer(before)), default=-1)
    last_own = max((match.end() for match in _OWN.finditer(before)), default=-1)
    return last_foreign > last_own


def _contradictions(claims: Iterable[Claim], facts: Mapping[str, Fact]) -> Iterator[Issue]:
    for claim in claims:
        if claim.outcome is ClaimOutcome.CONTRADICTS:
            total = _total(claim.against, facts)
            detail = f"the text says {claim.value}, the table {total} ({' + '.join(claim.against)}): {claim.text[:120]}"
            yield Issue(IssueKind.CLAIM_CONTRADICTED, Severity.WARNING, f"claims.{claim.kind}", detail)
