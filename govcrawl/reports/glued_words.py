"""Cuts words of running text in which labels and figures touch: `0规范性文件` is a figure and a label.

A copy of a page often keeps the blanks between figures and loses those beside labels. A cut is made only where it is
certain: between a figure and a label of the forms. A number before a label may be its numbering (`02.` is 0 and 2.). It
is cut only if the form prints the label with this numbering. Figures that touch each other are never cut.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from govcrawl import forms, zh
from govcrawl.forms import Form
from govcrawl.pages.page import Separator, Token
from govcrawl.reports.cell_values import PRINTED_UNITS
from govcrawl.reports.labels import is_title, label_meaning, without_numbering

FEWEST_LABELS = 3
"""Labels one behind the other that show that a word is a part of a table."""
FEWEST_TELLING = 6
"""Characters of one of two labels that make up a word."""
FEWEST_TITLE = 6
"""Characters of a heading that may end a table within a word."""
LONGEST_ANCHOR = 12
"""Characters of `第二十条第(十一)项`; in a longer word, heads touch it."""
LONGEST_BREAK = 60
"""Characters of a text that no form knows, between labels of a table within one word."""
LONGEST_WORD = 8000
"""Characters; a longer word is not cut."""

_DIGITS = frozenset("0123456789")
_MARK = r"(?:[一二三四五六七八九十]{1,3}[、.,:]|\([一二三四五六七八九十\d]{1,3}\))?(?:其中[:,]?)?"
_OPENING = re.compile(r"第二十条第\(|\(?本列数据的勾稽关系|信息内容|申请人情况|统计指标|指标名称")
_FIGURE = re.compile(r"[-+]?\d[\d,]{0,20}(?:\.\d{1,10})?(?:万元|元|件|条|次|篇|个|人次|人|项)?|[-/]{1,3}", re.ASCII)
_POINT = re.compile(r"(?P<digits>\d{1,20})[.、,)]", re.ASCII)
_NEXT_NUMBERING = re.compile(r"其中[:,]?|[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)")
_GUIDANCE = re.compile(r"\([^()]{1,150}\)")
_PROSE = re.compile("[。;!?]")


class Piece(NamedTuple):
    """A part of a word: a label of the forms, a figure, or neither. `apart` tells that it surely begins a new cell."""

    start: int
    end: int
    label: bool = False
    figure: bool = False
    apart: bool = False


def unglued(tokens: Sequence[Token], body: bytes, encoding: str) -> Sequence[Token]:
    """Returns the tokens, those cut in which labels and figures touch. Tokens with other bytes than their text stay."""
    cut = {index: pieces for index, token in enumerate(tokens) if (pieces := _cut_of(token, body, encoding))}
    if not cut:
        return tokens
    return [each for index, token in enumerate(tokens) for each in cut.get(index, (token,))]


def _cut_of(token: Token, body: bytes, encoding: str) -> Sequence[Token]:
    pieces = pieces_of(token.text, behind=token.gap == "space")
    if len(pieces) < 2 or body[token.start : token.end] != token.text.encode(encoding, "replace"):
        return ()
    return list(_tokens(token, pieces, encoding))


def _tokens(token: Token, pieces: Sequence[Piece], encoding: str) -> Iterator[Token]:
    start = token.start
    for piece in pieces:
        text = token.text[piece.start : piece.end]
        end = start + len(text.encode(encoding, "replace"))
        gap: Separator = token.gap if not piece.start else "space" if piece.apart else ""
        yield Token(text, start, end, gap, token.borders if not piece.start else 0)
        start = end


@lru_cache(maxsize=1 << 12)
def pieces_of(text: str, *, behind: bool = False) -> tuple[Piece, ...]:
    """Returns the parts of a word; `()` if it is a single text, or if nothing shows that it is a part of a table.

    `behind` tells that a blank stands before the word, so that a digit at its start may be a figure.
    """
    if not 2 < len(text) <= LONGEST_WORD or text.isascii():
        return ()
    meant = label_meaning(text)
    if meant.known and not (behind and text[0] in _DIGITS) and not (meant.anchor and len(text) > LONGEST_ANCHOR):
        return ()
    plain = zh.aligned(text)
    begun = tuple(_walk(plain, 0))
    if _is_convincing(begun, plain):
        return _completed(plain, begun)
    opening = _OPENING.search(plain)
    if opening and opening.start():
        begun = tuple(_walk(plain, opening.start()))
        if sum(piece.label for piece in begun) >= FEWEST_LABELS:
            return (Piece(0, opening.start()), *_completed(plain, begun))
    return ()


def _is_convincing(pieces: Sequence[Piece], plain: str) -> bool:
    """Whether the labels and figures at the start of a word show that it is a part of a table."""
    labels = [piece for piece in pieces if piece.label]
    if len(labels) >= FEWEST_LABELS or not pieces:
        return bool(pieces)
    last = pieces[-1]
    whole = last.end == len(plain)
    if not any(piece.figure for piece in pieces):
        return whole and len(labels) > 1 and any(label.end - label.start >= FEWEST_TELLING for label in labels)
    closed = last.label and last.end - last.start >= FEWEST_TITLE and is_title(plain[last.start : last.end])
    apart = last.figure and bool(_NEXT_NUMBERING.match(plain, last.end))
    return (whole and bool(labels)) or closed or apart


def _completed(plain: str, begun: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces up to the end of the word. Behind a text that no form knows, the table may go on."""
    pieces = list(begun)
    while pieces[-1].end < len(plain):
        end = pieces[-1].end
        again = _resumed(plain, end) if len(pieces) > FEWEST_LABELS else len(plain)
        apart = pieces[-1].figure and bool(_NEXT_NUMBERING.match(plain, end))
        pieces.append(Piece(end, again, apart=apart))
        pieces.extend(_walk(plain, again))
    return tuple(pieces)


def _resumed(plain: str, start: int) -> int:
    """Where the next long label begins; the end of the word if prose or too long a text is before it."""
    found = _long_label().search(plain, start + 1, start + LONGEST_BREAK)
    if found is None or _PROSE.search(plain, start, found.start()):
        return len(plain)
    return found.start()


def _walk(plain: str, start: int) -> Iterator[Piece]:
    """The labels, figures and units from `start` on, as far as they follow each other."""
    place = start
    while place < len(plain):
        found = list(_step(plain, place))
        if not found:
            return
        yield from found
        place = found[-1].end


def _step(plain: str, place: int) -> Iterator[Piece]:
    label = _label_end(plain, place)
    if label:
        yield Piece(place, label, label=True)
        return
    numbered = _POINT.match(plain, place)
    end = _label_end(plain, numbered.end()) if numbered else 0
    if numbered and end:
        yield from _numbered(plain, place, numbered["digits"], end)
        return
    figure = _FIGURE.match(plain, place)
    if figure:
        if not _may_be_numbering(plain, place, figure.end()):
            yield Piece(place, figure.end(), figure=True)
        return
    unit = next((place + length for length in (2, 1) if plain[place : place + length] in PRINTED_UNITS), 0)
    if unit and place and (unit == len(plain) or _FIGURE.match(plain, unit)):
        yield Piece(place, unit)


def _numbered(plain: str, place: int, digits: str, end: int) -> Iterator[Piece]:
    """A label behind digits and a point: its numbering, or a figure and its numbering."""
    core = plain[place + len(digits) + 1 : end]
    numbers = _numbers().get(without_numbering(_without_guidance(core)), frozenset())
    if digits in numbers or (not place and len(digits) == 1):
        yield Piece(place, end, label=True)
        return
    # `032.` holds a figure with a leading zero, or two figures: the row is a doubt, but the label is certain.
    number = next((each for each in sorted(numbers, key=len, reverse=True) if digits.endswith(each)), None)
    if number:
        cut = place + len(digits) - len(number)
        yield Piece(place, cut, figure=True)
        yield Piece(cut, end, label=True)


def _may_be_numbering(plain: str, place: int, end: int) -> bool:
    """Whether digits without a point before a label end as its numbering does: `12其他` is 12, or 1 and 2."""
    core = plain[end : _label_end(plain, end)]
    numbers = _numbers().get(without_numbering(_without_guidance(core)), frozenset()) if core else frozenset()
    return any(plain[place:end].endswith(number) for number in numbers)


def _label_end(plain: str, place: int) -> int:
    """The end of the label at `place`, guidance in brackets included; 0 if there is none."""
    found = _label().match(plain, place)
    if not found:
        return 0
    guidance = _GUIDANCE.match(plain, found.end())
    return guidance.end() if guidance and not _label().match(plain, found.end()) else found.end()


def _without_guidance(text: str) -> str:
    return _GUIDANCE.sub("", text)


# ---------------------------------------------------------------------------------------------------------- the words


@cache
def _label() -> re.Pattern[str]:
    """Matches a label, head, heading or note of any form, with any numbering but digits and a point."""
    return re.compile(_MARK + "(?:" + _alternatives(1) + ")")


@cache
def _long_label() -> re.Pattern[str]:
    """Matches a label that is long enough to be no chance match within a text."""
    return re.compile(_MARK + "(?:" + _alternatives(5) + ")")


def _alternatives(shortest: int) -> str:
    words = sorted({core for core in _cores() if len(core) >= shortest}, key=len, reverse=True)
    return "|".join(re.escape(word).replace("本年", r"(?:本年|20\d\d年)") for word in words)


@cache
def _cores() -> frozenset[str]:
    """The words of all forms, folded and without numbering."""
    words = (zh.fold(word) for form in forms.load_forms().values() for word in _words(form))
    return frozenset(core for word in words if len(core := without_numbering(word)) > 1)


@cache
def _numbers() -> Mapping[str, frozenset[str]]:
    """The digits with which the forms number each label."""
    numbers: defaultdict[str, set[str]] = defaultdict(set)
    for form in forms.load_forms().values():
        for word in map(zh.fold, _words(form)):
            found = _POINT.match(word.removeprefix("其中:"))
            if found:
                numbers[_without_guidance(without_numbering(word))].add(found["digits"])
    return {core: frozenset(found) for core, found in numbers.items()}


def _words(form: Form) -> Iterator[str]:
    for section in form.sections:
        yield from section.labels
    for table in form.tables:
        yield from table.words
