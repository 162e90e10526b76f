"""Reads the metadata of a page: the labels of its metadata block, the national meta tags, its title.

Values are as published. Labels are matched in simplified characters without white space, and only above the report's
text. A label without a value gives None, and later labels of the same kind are ignored.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import zip_longest

from govcrawl.models import Document
from govcrawl.pages.page import Block
from govcrawl.titles import TitleKind, is_division, names_report_column, read_title, speaks_of_reports, title_parts
from govcrawl.zh import date, fold, raw, script_of, squeeze

_FIRST_WORD = frozenset(
    {"index_number", "disclosure_mode"}
)  # their values hold no blank; text behind a blank is not part of the value
_OF_DOCUMENT = frozenset({"index_number", "title", "publisher", "document_number", "disclosure_mode", "theme"})
_OF_TITLES = frozenset({TitleKind.REPORT, TitleKind.LIKELY, TitleKind.CUT})
_OF_REPORTS = frozenset({"title", "theme", "column", "keywords", "abstract"})  # values that may name annual reports
_LABEL = 20  # the most characters of a label, blanks included
_AMBIGUOUS = 2  # a label of so few characters needs a colon, or another label nearby
_NEAR = 4  # blocks between labels that count as nearby

_LONG, _SHORT, _HEAD = 120, 4, 300  # characters: of a paragraph, of a title, of a block that is searched for labels
_MOST_BLOCKS = 600
_SAMPLE = 1_000  # characters that decide the script

_LABELLED = re.compile(r"[^\W\d_]{2,10}\s?[:：]")  # the shape of a label that is not in the list
_NO_TITLE = re.compile(r"[。；;，,>|｜]|^.{0,6}[:：]|^[一二三四五六七八九十]+、|如下")
_HEADING = re.compile(r"[一二三]、")  # of the first sections: the text of the report has begun
_COLON = re.compile(r"[:：】\]]")
_MARKDOWN = re.compile(r"^#{1,6}(?!\d)[#\s]*|^\*\*(?=.*\*\*$)|(?<=.)\*\*$")
_DIGIT = re.compile(r"[0-9０-９一二三四五六七八九]")
_BRACKETS = re.compile(r"[〔\[(（【][^〔\[(（【〕\])）】]*[〕\])）】]")
"""The year of a document number. The number itself stands behind it."""
_DAY = r"(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?"
_DATE_ALONE = re.compile(rf"[(（\[【]?{_DAY}(?:\s*\d{{1,2}}[:：]\d\d(?:[:：]\d\d)?)?[)）\]】]?")
_BESIDE_DATE = re.compile("点击|來源|来源|浏览|瀏覽|阅读|閱讀|访问|字号|字體|字体|作者|打印|编辑")
_TODAY = re.compile("今天|今日|现在|星期|农历|欢迎")
_SUFFIX = re.compile(r"\s*[_|｜>]+\s*|\s+[-—–]+\s+|—{2,}")


@dataclass(frozen=True, slots=True)
class _Labels:
    """The labels of `labels.toml`. `keys` maps the folded spelling of a label to its field.

    `pattern` finds labels before a colon at the start of a word. `glued` also finds the longer ones inside a word.
    """

    pattern: re.Pattern[str]
    glued: re.Pattern[str]
    keys: Mapping[str, str]
    simplify: Mapping[int, int]
    nothing: frozenset[str]


@cache
def _labels() -> _Labels:
    data = tomllib.loads(resources.files(__package__).joinpath("labels.toml").read_text("utf-8"))
    keys = {fold(spelling): key for key, spellings in data["labels"].items() for spelling in spellings}
    spellings = sorted((spelling for group in data["labels"].values() for spelling in group), key=len, reverse=True)
    spaced = [r"\s*".join(map(re.escape, spelling)) for spelling in spellings]
    longer = [pattern for spelling, pattern in zip(spellings, spaced, strict=True) if len(spelling) > _AMBIGUOUS]
    colon = r"\s*(?:[:：]|[】\]]\s*[:：]?)"
    return _Labels(
        pattern=re.compile(rf"(?<![^\W\da-zA-Z_])({'|'.join(spaced)}){colon}"),
        glued=re.compile(rf"((?<![^\W\da-zA-Z_])(?:{'|'.join(spaced)})|{'|'.join(longer)}){colon}"),
        keys=keys,
        simplify=str.maketrans(data["traditional"], data["simplified"]),
        nothing=frozenset(data["nothing"]),
    )


@dataclass(frozen=True, slots=True)
class Metadata:
    """The document, and the values of labels that are no field of it, by key."""

    document: Document
    extra: Mapping[str, str]


def read_metadata(
    blocks: Sequence[Block], meta: Mapping[str, str], title: str = "", headings: Sequence[str] = ()
) -> Metadata:
    """Reads the metadata of a page: its blocks, its meta tags (by name in lower case), its `<title>`, its headings."""
    head = list(_head(blocks))
    lines = [block.text for block in head]
    shown = _shown(head)
    stated = _title(shown.get("title"), lines, meta, title, headings)
    document = Document(
        title=_MARKDOWN.sub("", stated) or None if stated else None,
        index_number=shown.get("index_number"),
        publisher=shown.get("publisher"),
        published_on=_published_on(shown, meta, lines),
        document_number=shown.get("document_number"),
        disclosure_mode=shown.get("disclosure_mode"),
        theme=shown.get("theme"),
        script=script_of(_sample(blocks)),
    )
    return Metadata(document, {key: value for key, value in shown.items() if value and key not in _OF_DOCUMENT})


def _head(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks above the report's text, and the first paragraph of that text, since a page may be one line."""
    for block in blocks[:_MOST_BLOCKS]:
        text = block.text
        yield Block(text[:_HEAD], block.table)
        if (len(text) > _LONG and "。" in text) or _HEADING.match(text):
            return


def _shown(head: Sequence[Block]) -> Mapping[str, str | None]:
    """The value of each label by key; None for a label without a value."""
    shown: dict[str, str | None] = {}
    last = -_NEAR - 1
    for place, block in enumerate(head):
        following = head[place + 1] if place + 1 < len(head) else None
        # A value stands in its label's table: test_a_blank_publisher_takes_nothing_else.
        follower = following.text if following and following.table == block.table else ""
        for key, value in _pairs(block.text, follower, place - last <= _NEAR):
            shown.setdefault(key, value)
            last = place
    return shown


def _pairs(text: str, follower: str, near: bool) -> Iterator[tuple[str, str | None]]:
    """The labels of a block with their values. The value of the last label may be the next block."""
    labels = _labels()
    plain = text.translate(labels.simplify)
    found = _found(labels, plain) if _COLON.search(plain) else []
    for match, following in zip_longest(found, found[1:]):
        key = labels.keys[fold(match[1])]
        value = text[match.end() : following.start() if following else None]
        yield key, _value(key, value if value.strip() or following else _unlabelled(key, follower))
    alone = raw(plain) if not found and len(plain) <= _LABEL else ""
    if alone in labels.keys and (near or len(alone) > _AMBIGUOUS):
        yield labels.keys[alone], _value(labels.keys[alone], _unlabelled(labels.keys[alone], follower))


def _found(labels: _Labels, plain: str) -> list[re.Match[str]]:
    """The labels of a block. If it begins with a label, further labels may be glued to the values before them."""
    first = labels.pattern.search(plain)
    if first is None:
        return []
    begins = not plain[: first.start()].strip("【[ ")
    return list((labels.glued if begins else labels.pattern).finditer(plain))


def _unlabelled(key: str, text: str) -> str:
    """A block as a value; empty if it is a label or a title, or if the report's text begins there."""
    labels = _labels()
    if _HEADING.match(text) or "。" in text or (key not in _OF_REPORTS and _is_title(text)):
        return ""
    return "" if _is_label(text) or fold(text.translate(labels.simplify).rstrip(":： ")) in labels.keys else text


def _is_label(text: str) -> bool:
    """Whether a text begins with a label of any name, also one set wide (公 开 日 期：)."""
    return _LABELLED.match(raw(text[:_LABEL])) is not None


def _is_title(text: str) -> bool:
    return speaks_of_reports(text) and read_title(text).kind in _OF_TITLES


def _value(key: str, text: str) -> str | None:
    """A value as published; None if it is empty, a word for nothing, or no value of its key."""
    value = squeeze(text).strip("【】[]|｜;； ")
    if key in _FIRST_WORD:
        value = value.partition(" ")[0]
    if not value or value in _labels().nothing or (key in _NO_VALUE and _NO_VALUE[key](value)):
        return None
    return value


def _is_no_publisher(value: str) -> bool:
    return _is_label(value) or _is_title(value) or _DATE_ALONE.fullmatch(value) is not None


def _is_no_number(value: str) -> bool:
    """Whether a document number lacks its number: a template that nobody filled (〔〕号), or the next label."""
    return _is_label(value) or _DIGIT.search(_BRACKETS.sub("", value)) is None


_NO_VALUE = {
    "publisher": _is_no_publisher,
    "document_number": _is_no_number,
    "index_number": _is_label,
    "disclosure_mode": _is_label,
}
"""What a value of these keys cannot be, although it stands behind the label."""


def _published_on(shown: Mapping[str, str | None], meta: Mapping[str, str], lines: Sequence[str]) -> str | None:
    candidates = (shown.get("disclosure_date"), shown.get("document_date"), meta.get("pubdate"), shown.get("time"))
    return next(filter(None, (date(text) for text in (*candidates, *_dated(lines)) if text)), None)


def _dated(lines: Sequence[str]) -> Iterator[str]:
    """The dates without a label: alone in a line near the title, or beside what counts readers or names the origin."""
    titled = -_NEAR - 1
    for place, line in enumerate(lines):
        if len(line) > _LONG or _TODAY.search(line):
            continue
        near = "".join(lines[place + 1 : place + 1 + _NEAR])
        if _DATE_ALONE.fullmatch(line):
            if place - titled <= _NEAR or _BESIDE_DATE.search(near):
                yield line
        elif _BESIDE_DATE.search(line):
            yield line
        elif _is_title(line):
            titled = place


def _title(
    labelled: str | None, lines: Sequence[str], meta: Mapping[str, str], title: str, headings: Sequence[str]
) -> str | None:
    """The first title that names a report, from the most reliable source on; else the first title.

    A line is less reliable than a heading or a `<title>` of one report: it may be the banner of a site
    (test_a_banner_is_not_the_title). A `<title>` may name a column instead, and is then less reliable than a line.
    """
    parts, shown = _without_site(title), _in_trust(list(_title_lines(lines)))
    sure = [labelled or "", squeeze(meta.get("articletitle", "")), *filter(_names_one, (*headings, *parts))]
    others = (heading for heading in headings if read_title(heading).instead)
    given = [text for text in (*sure, *shown, *others, *parts) if text]
    return next(filter(_names_a_report, given), given[0] if given else None)


def _in_trust(lines: Sequence[str]) -> Sequence[str]:
    """The lines that name reports, the title first: the only one of an organ's own report comes before a banner's."""
    own = {raw(line): line for line in lines if _names_one(line)}
    return (*own.values(), *lines) if len(own) == 1 else lines


def _names_one(text: str) -> bool:
    """Whether a text is the title of one report: an organ's, of a year or of none."""
    said = read_title(text)
    return said.is_report and said.organ is not None and not (is_division(said.organ) and names_report_column(text))


def _title_lines(head: Iterable[str]) -> Iterator[str]:
    return (
        line for line in head if _SHORT < len(line) <= _LONG and not _NO_TITLE.search(line) and _names_a_report(line)
    )


def _names_a_report(text: str) -> bool:
    return speaks_of_reports(text) and (bool(read_title(text).years) or _names_one(text))


def _without_site(title: str) -> Sequence[str]:
    """The parts of a `<title>` that name a report, split at the separators of site names; else its first part."""
    parts = [part for piece in _SUFFIX.split(squeeze(title)) for part in title_parts(piece) if part]
    return [part for part in parts if _names_a_report(part)] or parts[:1]


def _sample(blocks: Iterable[Block]) -> str:
    """The beginning of a page's text, long enough to detect the script."""
    texts, length = [], 0
    for block in blocks:
        texts.append(block.text[:_SAMPLE])
        length += len(texts[-1])
        if length > _SAMPLE:
            break
    return "".join(texts)
