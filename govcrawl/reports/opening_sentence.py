"""Reads the sentences above the first section that publish or draw up the report: whose it is, and of which year.

A sentence counts by its verb (现公布X2023年…, 由X编制, 现将X2023年…如下). What it names is read by the grammar of
titles. Laws, notices and the numbers of documents that it quotes name neither the organ nor the year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from govcrawl import zh
from govcrawl.titles import Title, TitleKind, is_organ, name_in, read_title

_LONGEST = 3000
_FIRST_SECTION = re.compile(
    r"(?:^|[\n。:：;； ])\s*(?:[(（]?一[、.．)）]|1[、.．]|第一部分)\s*[^\n。，,]{0,8}?(?:情况|概述|概况|总体|主动)"
)

_QUOTED = re.compile(r"《([^《》]{0,80}(?:《[^《》]{0,60}》[^《》]{0,60})?)》")
_ASIDE = re.compile(
    r"[(（][^()（）]{0,60}(?:简称|号|施行|实施|修订|修正|国办|下同|附件)[^()（）]{0,40}[)）]"
    r"|[一-鿿]{0,12}[〔\[【(（]\s*(?:20)?\d\d\s*[〕\]】)）]\s*第?\s*\d{1,5}\s*号"
)
"""What an aside says of the laws and notices behind which it stands: their numbers, their days."""
_CLAUSE = re.compile(r"[^。；;，,：:\n！!]+")

_DRAWS_UP = "编制|编写|编撰|撰写|起草|形成|制作|汇编"
_PUBLISHES = "公布|发布|公开|印发|刊登|公告"
_VERB = re.compile(rf"(?:{_DRAWS_UP}|(?<!信息)(?<!政务)(?:{_PUBLISHES}))(?:并(?:{_PUBLISHES}))?[了出的]?")
_GIVEN = re.compile(
    r"[将就](?P<named>.+?)(?:予以|进行|依法|全文)?(?:(?:面?向|对)(?:社会|公众|全社会|外|你们|大家)[^ ]{0,4}?)?"
    r"(?:公布|公开|发布|报告|汇报|通报|公示|公告|总结|报送|呈报)?(?:如下|于后)?$"
)
_BEHIND = re.compile(rf"(?:予以|依法|并)?(?:{_PUBLISHES})?(?:如下|于后)?[\"”》]*$")
_IS = re.compile(r"(?:本|此|该)(?:年度)?报告(?:是|为|系)(?P<named>.+)$|^(?!现|就|根据|按照)(?P<listed>.+?)如下$")
_BY = re.compile(
    r"由(?P<author>[一-鿿()（）]{2,40}?)(?:负责|组织|牵头|根据|依据|依照|按照|遵照|汇总|统一|具体|依法|于|"
    rf"{_DRAWS_UP}|{_PUBLISHES})"
)
_SUBJECT = re.compile(
    r"(?P<author>[一-鿿()（）]{2,40}?)(?:根据|依据|依照|按照|遵照|结合|现|特|组织|负责|认真|依法|汇总|牵头|统一|向|面向|对外|$)"
)
_ASKED = re.compile(r"关于|做好|部署|开展|规范|指导|督促|要求各")
_CLOSED = re.compile(
    r"(?:要求|通知|精神|规定|文件|意见|部署|安排|办法|条例)[^一-鿿]*(?:的?要求|精神|现|特|将|[和及、 ]|$)"
)
_DATED = re.compile(r"\d\s*[年月日]|上(?:一)?年|去年|已|按时|及时")
_OFFICE = re.compile("办(?:公室|公厅)?$")
_PRONOUN = re.compile(
    r"(?:我|本)(?P<kind>局|委|厅|办|院|馆|中心|所|处|站|会|社|部|队|行|校|公司|乡镇|镇街|镇|乡|苏木|街道|县|市|区|省|州|盟|旗"
    r"|机关|单位|部门|行政机关)(?![一-鿿]{0,3}(?:党委|辖区))"
)


@dataclass(frozen=True, slots=True)
class Opening:
    """What the sentences say: `owner` is the organ whose report they name, `author` the one that draws it up.

    `pronoun` is the kind of organ that a pronoun names (局 of 我局), in place of a name. `years` are the report years.
    """

    owner: str | None = None
    author: str | None = None
    pronoun: str | None = None
    years: tuple[int, ...] = ()

    @property
    def year(self) -> int | None:
        """The only year; None for several."""
        return self.years[0] if len(self.years) == 1 else None


def read_opening(text: str) -> Opening:
    """Reads the opening of a report's text, in simplified characters."""
    clauses = list(_clauses(_above_the_sections(text)))
    named = [words for clause in clauses for words in _named(clause)]
    authors = [words for clause in clauses for words in _authors(clause)]
    titles = [title for words in named if (title := _report_in(words))]
    pronouns = (found["kind"] for words in (*named, *authors) if (found := _PRONOUN.search(words)))
    return Opening(
        owner=_only(title.organ for title in titles),
        author=_only(name for words in authors if (name := name_in(words)) and _may_draw_up(name)),
        pronoun=next(pronouns, None),
        years=tuple(dict.fromkeys(title.year for title in titles if title.year)),
    )


def pronoun_in(text: str) -> str | None:
    """Returns the kind of organ that a pronoun names (局 of 我局, 机关 of 本机关); None without a pronoun."""
    found = _PRONOUN.search(zh.simplified(text))
    return found["kind"] if found else None


def _only(names: Iterable[str | None]) -> str | None:
    """The only name; None for none or several."""
    found = tuple(dict.fromkeys(filter(None, names)))
    return found[0] if len(found) == 1 else None


def _above_the_sections(text: str) -> str:
    head = text[:_LONGEST]
    first = _FIRST_SECTION.search(head)
    return head[: first.start() + 1] if first else head


def _clauses(text: str) -> Iterator[str]:
    """The clauses of a text without what they quote; a quoted title of a report stays, without its marks."""
    plain = _ASIDE.sub("", _QUOTED.sub(_unquoted, text))
    return (zh.raw(clause) for clause in _CLAUSE.findall(plain))


def _unquoted(quote: re.Match[str]) -> str:
    said = read_title(quote[1])
    return quote[1] if said.kind is TitleKind.REPORT and not said.is_letter else "《》"


def _named(clause: str) -> Iterator[str]:
    """The texts of a clause that its verb makes the report."""
    for verb in _VERB.finditer(clause):
        if _may_lead(clause[: verb.start()]):
            yield clause[verb.end() :]
    for pattern in (_GIVEN, _IS):
        if found := pattern.search(clause):
            yield next(filter(None, found.groups()))


def _may_lead(words: str) -> bool:
    """Whether words before a verb leave it a verb of this report: no notice that asks for it, no earlier report."""
    asked = _ASKED.search(words)
    return not _DATED.search(words) and (asked is None or _CLOSED.search(words, asked.end()) is not None)


def _authors(clause: str) -> Iterator[str]:
    """The texts of a clause that may name who draws the report up."""
    if by := _BY.search(clause):
        yield by["author"]
    verb = next((verb for verb in _VERB.finditer(clause) if _may_lead(clause[: verb.start()])), None)
    subject = _SUBJECT.match(clause, 0, verb.start()) if verb and not verb[0].endswith("的") else None
    if subject and "由" not in subject["author"]:
        yield subject["author"]


def _may_draw_up(name: str) -> bool:
    """Whether who draws a report up is whose it is: an organ, but no office, which may do so for its government."""
    return is_organ(name) and not _OFFICE.search(name)


def _report_in(words: str) -> Title | None:
    """The reading of words as a report's title; of 我局2020年度信息公开工作, which a verb makes a report, too."""
    short = _BEHIND.sub("", words.strip("“”\"'《》 "))
    for text in (short, f"{short}报告"):
        said = read_title(text)
        if said.is_report and not said.is_letter:
            return said
    return None
