"""Reads the text of a cell: a number as printed, a blank, a slash or a word. Nothing is converted or guessed.

An ambiguous number (`1,23`, `3①`, a lone 一, two figures in one cell) is a text with a doubt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from govcrawl.vocabulary import Status

PRINTED_UNITS = frozenset(["件", "条", "项", "次", "篇", "个", "人", "人次", "元", "万元"])
"""Units that may fill a cell or a head by themselves."""


@dataclass(frozen=True, slots=True)
class CellValue:
    """The meaning of a cell. `value` is set for a number only, `unit` is as printed, `doubt` may be empty."""

    status: Status
    value: int | float | None = None
    unit: str | None = None
    doubt: str = ""

    @property
    def nil(self) -> bool:
        """Whether the cell means nothing or zero: a blank, a slash, 无 or 0."""
        return self.value == 0 if self.status is Status.NUMBER else not self.doubt


_WIDE = {0xFF01 + offset: 0x21 + offset for offset in range(94)}
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−─━⸺"), "-")
_UNSEEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
# NFKC is not used here: it turns a footnote mark into a digit (3① → 31).
_PLAIN = {**_WIDE, **_DASHES, **_UNSEEN, ord("\u3000"): None, ord("\u00a0"): None}

_NUMBER = re.compile(
    r"(?P<word>增加|增长|新增|增|减少|下降|减)?了?"
    r"(?P<sign>[+-]?)(?P<whole>0|[1-9]\d{0,2}(?:,\d{3})+|[1-9]\d{0,14})(?P<fraction>\.\d{1,10})?"
    r"(?P<unit>亿元|万元|元|万件|万条|万|亿|人次|件|条|项|次|人|个|篇|宗|起|份)?[。.,、;]?",
    re.ASCII,
)
_POINTED = re.compile(r"^\D*[1-9]\d{0,2}\.\d{3}(?!\d)", re.ASCII)
_DOWN = frozenset({"减少", "下降", "减"})
_SLASHES = frozenset("/-\\")
_BLANK = CellValue(Status.BLANK)
_SLASH = CellValue(Status.SLASH)
_WORD = CellValue(Status.TEXT)


@lru_cache(maxsize=1 << 14)
def read_cell(raw: str) -> CellValue:
    """Reads the text of a cell (`raw`, without white space). Never raises."""
    if raw.isascii() and raw.isdigit() and (raw[0] != "0" or raw == "0") and len(raw) < 16:
        return CellValue(Status.NUMBER, int(raw))
    text = raw.translate(_PLAIN)
    if not text:
        return _BLANK
    if set(text) <= _SLASHES:
        return _SLASH
    found = _NUMBER.fullmatch(text)
    if found:
        return _number(found)
    return (
        _WORD
        if text.startswith("无") and not re.search(r"\d", text)
        else CellValue(Status.TEXT, doubt="not one number")
    )


def _number(found: re.Match[str]) -> CellValue:
    word, sign, unit = found["word"], found["sign"], found["unit"]
    if word and sign:
        return CellValue(Status.TEXT, doubt="a word and a sign")
    digits = found["whole"].replace(",", "")
    value = float(digits + found["fraction"]) if found["fraction"] else int(digits)
    negative = word in _DOWN or sign == "-"
    whole = int(value) if value == int(value) else value
    return CellValue(Status.NUMBER, -whole if negative else whole, unit)


def doubted(value: CellValue, doubt: str) -> CellValue:
    """Returns the value as a text with a doubt, for a cell that may hold several numbers (`1 2`)."""
    return replace(value, status=Status.TEXT, value=None, unit=None, doubt=doubt)


def has_three_decimals(raw: str) -> bool:
    """Whether the point of a figure may separate thousands (37.556)."""
    return bool(_POINTED.search(raw.translate(_PLAIN)))


def is_figure(raw: str) -> bool:
    """Whether a text is a number or a slash, and so can only be a value."""
    return read_cell(raw).status in (Status.NUMBER, Status.SLASH)
