"""Chinese text as portals print it: width, white space, script, numerals and dates in one spelling.

All functions are pure, never raise for any string, and give the same result on every day and machine. Labels are
compared by `fold`. Text for people keeps its spelling and is cleaned by `raw` and `squeeze`.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from functools import cache, lru_cache
from itertools import chain

import opencc

from govcrawl.vocabulary import Script

# ------------------------------------------------------------------------------------------------------ spelling

_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad"  # zero width, soft hyphen: invisible
_SAME_MARKS = {
    **dict.fromkeys("“”„‟〝〞〟«»「」『』﹁﹂﹃﹄", '"'),
    **dict.fromkeys("‘’‚‛′`", "'"),
    **dict.fromkeys("‐‑‒–—―−─━⸺", "-"),
    **dict.fromkeys(_UNSEEN, ""),
}
_MARKS = str.maketrans(_SAME_MARKS)
_WITHOUT_UNSEEN = str.maketrans("", "", _UNSEEN)


@lru_cache(maxsize=1 << 14)
def fold(text: str) -> str:
    """Returns the key of a label, equal for all its spellings; not for display.

    NFKC (full width, ㈠ → (一), ③ → 3), traditional → simplified character by character, all white space and zero-width
    characters dropped, every quote and every dash one character. `fold(fold(x)) == fold(x)`.
    """
    if text.isascii() and text.isalnum():
        return text
    spelled = unicodedata.normalize("NFKC", text).translate(_MARKS).translate(_simplified_characters())
    # A combining mark after a dropped space may now compose with the letter before it.
    return unicodedata.normalize("NFKC", raw(spelled))


def aligned(text: str) -> str:
    """Returns the text folded one character for one, so that positions in it are positions in the text.

    As `fold`, except that each white space becomes a space (line feeds stay), and that a character which folds to
    several stays as it is.
    """
    return _misaligned().sub(_align, text)


def _align(run: re.Match[str]) -> str:
    return run[0].translate(_aligned_characters())


def visible(text: str) -> str:
    """Returns the text without invisible characters: zero-width ones and soft hyphens."""
    return text.translate(_WITHOUT_UNSEEN)


def narrow(text: str) -> str:
    """Returns the text with full-width letters, digits and signs in normal width (NFKC), otherwise unchanged."""
    return unicodedata.normalize("NFKC", text)


def raw(text: str) -> str:
    """Returns the text without any white space (Unicode, so no-break space and U+3000 too), otherwise unchanged."""
    return "".join(text.split())


def squeeze(text: str) -> str:
    """Returns the text with every run of white space as one space, and none at the ends."""
    return " ".join(text.split())


# -------------------------------------------------------------------------------------------------------- script

_IDEOGRAPHS = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000))


def simplified(text: str) -> str:
    """Returns a text in traditional script in simplified characters; any other text unchanged.

    So proper names in simplified text stay (乾县, 於潜镇, 濛阳镇). In traditional text whole words decide (乾隆 stays,
    乾燥 becomes 干燥).
    """
    return str(_converter().convert(text)) if script_of(text) is Script.HANT else text


def script_of(text: str) -> Script:
    """Returns the script of a text: `hant` if traditional-only characters are more than twice the simplified-only ones.

    Characters of both scripts (后, 里, 面) do not count, and a few stray ones of a converter do not suffice. A text
    without evidence is `hans`.
    """
    if not _traditional().search(text):
        return Script.HANS
    traditional = sum(map(_traditional_only().__contains__, text))
    simple = sum(map(_simplified_only().__contains__, text))
    return Script.HANT if traditional > 2 * simple else Script.HANS


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def _simplified_characters() -> Mapping[int, str]:
    """OpenCC's conversion of each single ideograph, as a table for `str.translate`.

    Characters are converted on lines of their own, so that no phrase of the dictionary spans two of them.
    """
    alone = [chr(code) for code in chain(*_IDEOGRAPHS)]
    converted = str(_converter().convert("\n".join(alone))).split("\n")
    return {ord(old): new for old, new in zip(alone, converted, strict=True) if old != new}


@cache
def _aligned_characters() -> Mapping[int, str]:
    """The one character that each character of the basic plane folds to, if it is one; white space becomes a space."""
    table = dict(_simplified_characters())
    for code in chain(range(0x3400), range(0xF900, 0x10000)):
        character = chr(code)
        folded = " " if character.isspace() else unicodedata.normalize("NFKC", character).translate(_MARKS)
        if len(folded) == 1 and folded != character:
            table[code] = folded
    del table[ord("\n")]
    return table


@cache
def _traditional_only() -> frozenset[str]:
    """Ideographs that simplify to another one and are not in the mainland's GB 2312."""
    return frozenset(old for old in map(chr, _simplified_characters()) if not _encodable(old, "gb2312"))


@cache
def _traditional() -> re.Pattern[str]:
    """Any traditional-only character; one search is many times faster than a test of each character of a text."""
    return re.compile(f"[{''.join(sorted(_traditional_only()))}]")


@cache
def _misaligned() -> re.Pattern[str]:
    """A run of characters that `aligned` changes; a simplified text has few."""
    return re.compile(f"[{re.escape(''.join(map(chr, sorted(_aligned_characters()))))}]+")


@cache
def _simplified_only() -> frozenset[str]:
    """Ideographs to which another one simplifies and which are not in Taiwan's Big5."""
    return frozenset(new for new in _simplified_characters().values() if not _encodable(new, "big5"))


def _encodable(character: str, charset: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


# ------------------------------------------------------------------------------------------------------ numerals

_DIGITS = {
    character: value
    for value, spellings in enumerate(
        ("零〇○O", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
    )
    for character in spellings
}
_UNITS = {"": 1, "十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_SCALES = (("亿", 10**8), ("万", 10**4))
_LONGEST, _LARGEST = 32, 10**15

_ARABIC = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3}){1,4}|\d{1,15})(?:\.\d{1,10})?", re.ASCII)
_ZERO, _DIGIT = "[零〇○O]", "[一二三四五六七八九壹贰两叁肆伍陆柒捌玖]"
_TENS = f"{_DIGIT}?[十拾]{_DIGIT}?"
_HUNDREDS = f"{_DIGIT}[百佰](?:{_TENS}|{_ZERO}{_DIGIT})?"
_THOUSANDS = f"{_DIGIT}[千仟](?:{_HUNDREDS}|{_ZERO}(?:{_TENS}|{_DIGIT}))?"
_NUMERAL = re.compile(f"{_THOUSANDS}|{_HUNDREDS}|{_TENS}|{_DIGIT}|{_ZERO}")
_PLACE = re.compile(f"({_DIGIT}?)([十拾百佰千仟]?)")
_DIGIT_STRING = re.compile("[一二三四五六七八九][零〇○O一二三四五六七八九]{1,14}")


def number(text: str) -> int | float | None:
    """Returns the number that a whole text is; None if it is anything else or ambiguous.

    Digits of any width with thousands separators and a sign (`1,234`, `＋1036`, `160.5964`), Chinese numerals
    (一千二百, 二〇二三, 贰拾), and either before 万 and 亿 (1.44万, 三百万). An integral value is an `int`. Numbers of
    more than 15 digits, lists (三四) and colloquial short forms (二百五, 一万二) give None.
    """
    return _number(text) if len(text) <= 2 * _LONGEST else None


@lru_cache(maxsize=1 << 12)
def _number(text: str) -> int | float | None:
    folded = fold(text)
    value = _value(folded) if len(folded) <= _LONGEST else None
    if value is None or abs(value) >= _LARGEST:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _value(text: str) -> Decimal | None:
    if _ARABIC.fullmatch(text):
        return Decimal(text.replace(",", ""))
    for unit, factor in _SCALES:
        head, found, tail = text.rpartition(unit)
        if found:
            return _scaled(head, factor, tail)
    whole, point, fraction = text.partition("点")
    return _decimal(whole, fraction) if point else _below_ten_thousand(text)


def _scaled(head: str, factor: int, tail: str) -> Decimal | None:
    """`head` × `factor` + `tail`. The tail must be smaller than the unit and no colloquial short form."""
    first = _value(head)
    rest = _value(re.sub(f"^{_ZERO}(?=.)", "", tail)) if tail else Decimal(0)
    if first is None or rest is None or first < 0 or not 0 <= rest < factor or tail in _DIGITS:
        return None
    return first * factor + rest


def _decimal(whole: str, fraction: str) -> Decimal | None:
    head = _below_ten_thousand(whole)
    if head is None or not fraction or not _DIGITS.keys() >= set(fraction):
        return None
    return head + Decimal(f"0.{_digits(fraction)}")


def _below_ten_thousand(text: str) -> Decimal | None:
    if _NUMERAL.fullmatch(text):
        return Decimal(sum(_place(*match.groups()) for match in _PLACE.finditer(text)))
    # Two digits in a row without a zero are a list ("三四件"), not a number.
    if _DIGIT_STRING.fullmatch(text) and (len(text) > 2 or "0" in _digits(text)):
        return Decimal(_digits(text))
    return None


def _place(digit: str, unit: str) -> int:
    """The value of one place: 三百 → 300; a bare 十 is ten; an empty place (between matches, 零) is 0."""
    return _DIGITS[digit] * _UNITS[unit] if digit else _UNITS[unit] * bool(unit)


def _digits(text: str) -> str:
    return "".join(str(_DIGITS[character]) for character in text)


# --------------------------------------------------------------------------------------------------------- dates

_YEAR_DIGIT = "[零〇○O一二三四五六七八九]"
_UP_TO_99 = f"(?:{_TENS}|{_DIGIT})"
_DATE = re.compile(
    r"(?<!\d)(?:"
    r"(?P<y1>(?:19|20)\d\d)\s*(?P<mark>[-/.])\s*(?P<m1>\d{1,2})\s*(?P=mark)\s*(?P<d1>\d{1,2})(?!\d)"
    r"|(?P<y2>(?:19|20)\d\d)\s*年\s*(?P<m2>\d{1,2})\s*月\s*(?P<d2>\d{1,2})(?!\d)"
    r"|(?P<y3>(?:19|20)\d\d)(?P<m3>[01]\d)(?P<d3>[0-3]\d)(?=(?:\d{4}(?:\d\d)?)?(?!\d))"
    rf"|(?P<y4>{_YEAR_DIGIT}{{4}})\s*年\s*(?P<m4>{_UP_TO_99})\s*月\s*(?P<d4>{_UP_TO_99})\s*[日号]"
    r")",
    re.ASCII,
)
_DATE_PARTS = tuple(f"{part}{spelling}" for spelling in range(1, 5) for part in "ymd")


def date(text: str) -> str | None:
    """Returns the first real calendar date of 1900–2099 in a text as `YYYY-MM-DD`, or None.

    Reads 2024年1月22日, 2024-01-22, 2024/1/22, 2024.1.22, 20240122 (also with a time after it), `2024- 03- 08` and
    二〇二四年一月二十二日, in any width.
    """
    found = _DATE.finditer(unicodedata.normalize("NFKC", text).translate(_MARKS))
    return next(filter(None, map(_calendar_date, found)), None)


def _calendar_date(match: re.Match[str]) -> str | None:
    """The date of a match, or None for one that does not exist (30 February)."""
    year, month, day = (part for part in match.group(*_DATE_PARTS) if part is not None)
    if match["y4"]:
        year, month, day = _digits(year), str(number(month)), str(number(day))
    try:
        return dt.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
