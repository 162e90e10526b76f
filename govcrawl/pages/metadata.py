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
from govcrawl.titles import read_title, speaks_of_reports
from govcrawl.zh import date, fold, raw, script_of, squeeze

_FIRST_WORD = frozenset(
    {"index_number", "disclosure_mode"}
)  # their values hold no blank; text behind a blank is not part of the value
_OF_DOCUMENT = frozenset({"index_number", "title", "publisher", "document_number", "disclosure_mode", "theme"})
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


def read_metadata(blocks: Sequence[Block], meta: Mapping[str, str], title: str = "") -> Metadata:
    """Reads the metadata of a page from its blocks, its meta tags (by name in lower case) and its `<title>`."""
    head = list(_head(blocks))
    shown = _shown(head)
    document = Document(
        title=_title(shown.get("title"), head, meta, title),
        index_number=shown.get("index_number"),
        publisher=shown.get("publisher"),
        published_on=_published_on(shown, meta),
        document_number=shown.get("document_number"),
        disclosure_mode=shown.get("disclosure_mode"),
        theme=shown.get("theme"),
        script=script_of(_sample(blocks)),
    )
    return Metadata(document, {key: value for key, value in shown.items() if value and key not in _OF_DOCUMENT})


def _head(blocks: Sequence[Block]) -> Iterator[str]:
    """The blocks above the report's text, and the first paragraph of that text, since a page may be one line."""
    for block in blocks[:_MOST_BLOCKS]:
        text = block.text
        yield text[:_HEAD]
        if (len(text) > _LONG and "。" in text) or _HEADING.match(text):
            return


def _shown(head: Sequence[str]) -> Mapping[str, str | None]:
    """The value of each label by key; None for a label without a value."""
    shown: dict[str, str | None] = {}
    last = -_NEAR - 1
    for place, text in enumerate(head):
        follower = head[place + 1] if place + 1 < len(head) else ""
        for key, value in _pairs(text, follower, place - last <= _NEAR):
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
        yield key, _value(key, value if value.strip() or following else _unlabelled(follower))
    alone = raw(plain) if not found and len(plain) <= _LABEL else ""
    if alone in labels.keys and (near or len(alone) > _AMBIGUOUS):
        yield labels.keys[alone], _value(labels.keys[alone], _unlabelled(follower))


def _found(labels: _Labels, plain: str) -> list[re.Match[str]]:
    """The labels of a block. If it begins with a label, further labels may be glued to the values before them."""
    first = labels.pattern.search(plain)
    if first is None:
        return []
    begins = not plain[: first.start()].strip("【[ ")
    return list((labels.glued if begins else labels.pattern).finditer(plain))


def _unlabelled(text: str) -> str:
    """A block as a value; empty if it is a label itself, or if the report's text begins there."""
    labels = _labels()
    if _HEADING.match(text) or "。" in text:
        return ""
    plain = text.translate(labels.simplify)
    return "" if _LABELLED.match(plain) or fold(plain.rstrip(":： ")) in labels.keys else text


def _value(key: str, text: str) -> str | None:
    """A value as published; None if it is empty or a word for nothing."""
    value = squeeze(text).strip("【】[]|｜;； ")
    if key in _FIRST_WORD:
        value = value.partition(" ")[0]
    return None if not value or value in _labels().nothing else value


def _published_on(shown: Mapping[str, str | None], meta: Mapping[str, str]) -> str | None:
    candidates = (shown.get("disclosure_date"), shown.get("document_date"), meta.get("pubdate"), shown.get("time"))
    return next(filter(None, (date(text) for text in candidates if text)), None)


def _title(labelled: str | None, head: Sequence[str], meta: Mapping[str, str], title: str) -> str | None:
    """The first title that names a report, from the most reliable source on; else the first title."""
    candidates = [labelled or "", squeeze(meta.get("articletitle", "")), *_title_lines(head), *_without_site(title)]
    given = [text for text in candidates if text]
    return next(filter(_names_a_report, given), given[0] if given else None)


def _title_lines(head: Iterable[str]) -> Iterator[str]:
    return (
        line for line in head if _SHORT < len(line) <= _LONG and not _NO_TITLE.search(line) and _names_a_report(line)
    )


def _names_a_report(text: str) -> bool:
    return speaks_of_reports(text) and bool(read_title(text).years)


def _without_site(title: str) -> Sequence[str]:
    """The parts of a `<title>` that name a report, split at the separators of site names; else its first part."""
    parts = [part for part in _SUFFIX.split(squeeze(title)) if part]
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
