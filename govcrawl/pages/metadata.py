"""What a page says of itself: the labels of its metadata block, the national meta tags, its title.

Values are as published. Labels are matched on simplified characters with white space ignored, and only above the
report's text; a label that is shown without a value is an answer too (None), and no later label of the kind counts.
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
)  # a value that holds no blank: what follows is no part of it
_OF_DOCUMENT = frozenset({"index_number", "title", "publisher", "document_number", "disclosure_mode", "theme"})
_LABEL = 20  # characters of a label with its blanks
_AMBIGUOUS = 2  # labels of so few characters count without a colon only beside another label
_NEAR = 4  # blocks

_LONG, _SHORT, _HEAD = 120, 4, 300  # characters: of a paragraph, of a title, of a block that is searched for labels
_MOST_BLOCKS = 600
_SAMPLE = 1_000  # characters that decide the script

_LABELLED = re.compile(r"[^\W\d_]{2,10}\s?[:：]")  # how a label looks that is not in the list
_NO_TITLE = re.compile(r"[。；;，,>|｜]|^.{0,6}[:：]|^[一二三四五六七八九十]+、|如下")
_HEADING = re.compile(r"[一二三]、")  # of the report's first sections: its text has begun
_COLON = re.compile(r"[:：】\]]")
_SUFFIX = re.compile(r"\s*[_|｜>]+\s*|\s+[-—–]+\s+|—{2,}")


@dataclass(frozen=True, slots=True)
class _Labels:
    """The labels as data, and what each folded spelling stands for.

    `pattern` finds them before a colon where they begin a word, `glued` the longer ones wherever they stand.
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
    """The document, and what its labels say beyond it by key."""

    document: Document
    extra: Mapping[str, str]


def read_metadata(blocks: Sequence[Block], meta: Mapping[str, str], title: str = "") -> Metadata:
    """The metadata of a page: `meta` holds its meta tags by name in lower case, `title` its `<title>`."""
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
    """The blocks above the report's text, and the first paragraph of it: a page in one line begins with its head."""
    for block in blocks[:_MOST_BLOCKS]:
        text = block.text
        yield text[:_HEAD]
        if (len(text) > _LONG and "。" in text) or _HEADING.match(text):
            return


def _shown(head: Sequence[str]) -> Mapping[str, str | None]:
    """Each label's value by key, None where the label stands without one."""
    shown: dict[str, str | None] = {}
    last = -_NEAR - 1
    for place, text in enumerate(head):
        follower = head[place + 1] if place + 1 < len(head) else ""
        for key, value in _pairs(text, follower, place - last <= _NEAR):
            shown.setdefault(key, value)
            last = place
    return shown


def _pairs(text: str, follower: str, near: bool) -> Iterator[tuple[str, str | None]]:
    """The labels of a block with their values; that of the last may stand in the block that follows."""
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
    """The labels of a block: in one that begins with a label the others may be glued to the values before them."""
    first = labels.pattern.search(plain)
    if first is None:
        return []
    begins = not plain[: first.start()].strip("【[ ")
    return list((labels.glued if begins else labels.pattern).finditer(plain))


def _unlabelled(text: str) -> str:
    """A block as a value: nothing where it is a label itself, or where the report's text begins."""
    labels = _labels()
    if _HEADING.match(text) or "。" in text:
        return ""
    plain = text.translate(labels.simplify)
    return "" if _LABELLED.match(plain) or fold(plain.rstrip(":： ")) in labels.keys else text


def _value(key: str, text: str) -> str | None:
    """A value as published, None for nothing."""
    value = squeeze(text).strip("【】[]|｜;； ")
    if key in _FIRST_WORD:
        value = value.partition(" ")[0]
    return None if not value or value in _labels().nothing else value


def _published_on(shown: Mapping[str, str | None], meta: Mapping[str, str]) -> str | None:
    candidates = (shown.get("disclosure_date"), shown.get("document_date"), meta.get("pubdate"), shown.get("time"))
    return next(filter(None, (date(text) for text in candidates if text)), None)


def _title(labelled: str | None, head: Sequence[str], meta: Mapping[str, str], title: str) -> str | None:
    """The title that names a report, from where it is most reliable; else the first title there is."""
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
    """The parts of a `<title>` that name a report, between the separators of sites' names; else its first part."""
    parts = [part for part in _SUFFIX.split(squeeze(title)) if part]
    return [part for part in parts if _names_a_report(part)] or parts[:1]


def _sample(blocks: Iterable[Block]) -> str:
    """The beginning of a page's text: enough to tell the script."""
    texts, length = [], 0
    for block in blocks:
        texts.append(block.text[:_SAMPLE])
        length += len(texts[-1])
        if length > _SAMPLE:
            break
    return "".join(texts)
