"""The grammar of 索引号 (index number), under which a government's catalogue files a piece of information.

The national rule (国务院办公厅秘书局 政府信息公开目录系统实施指引(试行), core metadata no. 1) is twenty characters: the
organisation code of the publishing unit, a stroke, the year of publication, a hyphen, and five digits counted within
the year. Practice has some fifteen further shapes, listed in `PATTERNS`. A text of any other shape is no index
number; it is never repaired. Check characters follow GB 11714-1997 (organisation code) and GB 32100-2015 (unified
social credit code). All functions are pure.

A number is unique only on its host, its year is that of publication and not of the report, and most counters are shared
by many organs. An unseen serial is a lead, never proof that something was withdrawn.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

# -------------------------------------------------------------------------------------------------- check digits

_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_CODE = re.compile(r"[0-9A-Z]{8}[0-9X]", re.ASCII)

_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_USCC = re.compile(f"[{_USCC_ALPHABET}]{{18}}")


def check_organisation_code(code: str) -> bool:
    """True if nine characters, with or without a hyphen before the last, are an organisation code (GB 11714-1997).

    The check character is 11 minus the weighted sum modulo 11, with 10 written as X and 11 as 0.
    """
    plain = _without_hyphen(code)
    if not _ORGANISATION_CODE.fullmatch(plain):
        return False
    total = sum(weight * int(character, 36) for weight, character in zip(_ORGANISATION_WEIGHTS, plain, strict=False))
    return plain[8] == "0123456789X0"[11 - total % 11]


def check_uscc(code: str) -> bool:
    """True if eighteen characters are a unified social credit code (GB 32100-2015).

    The check character is 31 minus the sum, weighted with the powers of 3, modulo 31, in the alphabet of 31 characters
    without I, O, S, V and Z. Characters 9 to 17 are an organisation code, which is not checked here: the standard gives
    each its own check.
    """
    if not _USCC.fullmatch(code):
        return False
    values = map(_USCC_ALPHABET.index, code)
    total = sum(weight * value for weight, value in zip(_USCC_WEIGHTS, values, strict=False))
    return code[17] == _USCC_ALPHABET[-total % 31]


def _without_hyphen(code: str) -> str:
    return code[:8] + code[9:] if code[8:9] == "-" else code


# ------------------------------------------------------------------------------------------------------- grammar


@dataclass(frozen=True, slots=True)
class IndexNumber:
    """An index number in its parts.

    `prefix` is the organ's code, without the hyphen of an organisation code. `year` is the year of publication, `month`
    1–12 if the serial restarts each month, `serial` the running number. `text` is the whole number without white space,
    `pattern` the key of its shape. `check` is true if its check character is right, None if the shape has none.
    """

    prefix: str
    year: int
    month: int | None
    serial: int
    text: str
    pattern: str
    check: bool | None


CodeCheck = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A shape of index numbers: prefix, `mark`, year (with month if `monthly`), hyphen, serial.

    `prefix` and `serial` are regular expressions. `check` returns whether a prefix has the right check character. A
    `daily` number prints the day behind the month. Several patterns may share a key.
    """

    key: str
    example: str
    prefix: str
    check: CodeCheck | None = None
    serial: str = r"\d{5,6}"
    mark: str = "/"
    monthly: bool = False
    daily: bool = False

    @property
    def expression(self) -> re.Pattern[str]:
        """The regular expression of the whole shape, with the groups prefix, year, month and serial."""
        month = "(?P<month>0[1-9]|1[0-2])" if self.monthly or self.daily else "(?P<month>)"
        day = r"(?:0[1-9]|[12]\d|3[01])" if self.daily else ""
        year = rf"(?P<year>(?:19|20)\d\d){month}"
        return re.compile(rf"(?P<prefix>{self.prefix}){self.mark}{year}{day}-(?P<serial>{self.serial})", re.ASCII)


def _check_leading_code(prefix: str) -> bool:
    return check_organisation_code(_without_hyphen(prefix)[:9])


_CODE_9 = "[0-9A-Z]{8}-?[0-9X]"
_CODE_18 = f"[{_USCC_ALPHABET}]{{18}}"

PATTERNS = (
    Pattern("guide_2009", "002489452/2024-00230", _CODE_9, _check_leading_code),
    Pattern("uscc", "11370812004339255B/2020-22849", _CODE_18, check_uscc, r"\d{4,7}"),
    Pattern("yyyymm", "00298627-2/202003-00010", _CODE_9, _check_leading_code, r"\d{5}", monthly=True),
    Pattern("yyyymm", "113417030032499282/202011-00140", _CODE_18, check_uscc, r"\d{5}", monthly=True),
    Pattern("daily", "01526376-X/20200227-00001", _CODE_9, _check_leading_code, r"\d{3,5}", daily=True),
    Pattern("daily", "113417030032499282/20201130-00140", _CODE_18, check_uscc, r"\d{3,5}", daily=True),
    Pattern("hyphen", "01527918X-2020-153077", "[0-9A-Z]{8}[0-9X]", _check_leading_code, mark="-"),
    Pattern(
        "dated", "01606072-9-30/2021-0223004", r"\d{8}-[0-9X]-\d\d", _check_leading_code, r"(?:0[1-9]|1[0-2])\d{5}"
    ),
    Pattern("code_unit", "E95417299-1/2025-00045", r"[0-9A-Z]{8}[0-9X]-\d", _check_leading_code),
    Pattern("organ_path", "001008003013146/2023-223616", r"001008\d{9}"),
    Pattern("division", "330502/2025-00293", r"\d{6}|\d{12}"),
    Pattern("local_numeric10", "3212000002/2018-354983", r"\d{10}"),
    Pattern("short_hyphen", "0142768-8/2022-00185", r"\d{7}-[0-9X]"),
    Pattern("local_alpha", "GCX0048/2020-00201", r"[A-Za-z]+\d*"),
    Pattern("local_letter", "15253908T/2020-01119", r"\d{8}-?[A-Z]"),
    Pattern("local_alpha_hyphen", "WQX001-2022-000049", r"[A-Za-z]+\d+", mark="-"),
)
"""All shapes, the national ones first. The first one that matches the whole text applies."""

_EXPRESSIONS = tuple((pattern, pattern.expression) for pattern in PATTERNS)
_LONGEST = 64


def parse_index_number(text: str) -> IndexNumber | None:
    """Returns the parts of an index number as published, in any width and with white space anywhere, or None.

    None for broken numbers (`/2021-None`, a control character for the stroke, half a number) and for local rules of
    other shapes (four to six groups, 21 digits).
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split()) if len(text) <= _LONGEST else ""
    for pattern, expression in _EXPRESSIONS:
        match = expression.fullmatch(plain)
        if match:
            return _index_number(pattern, match)
    return None


def _index_number(pattern: Pattern, match: re.Match[str]) -> IndexNumber:
    prefix = match["prefix"]
    return IndexNumber(
        prefix=_without_hyphen(prefix) if pattern.check else prefix,
        year=int(match["year"]),
        month=int(match["month"]) if match["month"] else None,
        serial=int(match["serial"]),
        text=match[0],
        pattern=pattern.key,
        check=pattern.check(prefix) if pattern.check else None,
    )


# ----------------------------------------------------------------------------------------------- order and gaps

_SERIES_WITHOUT_COUNTER = frozenset({"dated", "daily"})  # the day is part of the number, so its gaps are calendar days


@dataclass(frozen=True, slots=True, order=True)
class SerialGap:
    """A run of unseen serials, both ends included, between two seen numbers of one series."""

    prefix: str
    year: int
    month: int | None
    first_serial: int
    last_serial: int


def with_serial(number: IndexNumber, serial: int) -> str:
    """Returns the number as published with another serial, of as many digits."""
    head, _, digits = number.text.rpartition("-")
    return f"{head}-{serial:0{len(digits)}d}"


def gaps(
    numbers: Iterable[IndexNumber], taken: Mapping[int, Collection[int]] = MappingProxyType({})
) -> tuple[SerialGap, ...]:
    """Returns the unseen serials of each (prefix, year, month), as runs, in the order of the walk.

    Only serials between two seen ones count: where a shared counter began or ends is unknown. `taken` maps a year to
    the serials that other prefixes of a common counter use; they are no gaps.
    """
    series: dict[tuple[str, int, int], set[int]] = defaultdict(set)
    for number in numbers:
        if number.pattern not in _SERIES_WITHOUT_COUNTER:
            series[number.prefix, number.year, number.month or 0].add(number.serial)
    return tuple(gap for key in sorted(series) for gap in _runs(*key, _known(series[key], taken.get(key[1], ()))))


def _known(serials: set[int], taken: Collection[int]) -> list[int]:
    first, last = min(serials), max(serials)
    return sorted(serials.union(serial for serial in taken if first < serial < last))


def _runs(prefix: str, year: int, month: int, serials: list[int]) -> Iterator[SerialGap]:
    for before, after in pairwise(serials):
        if after - before > 1:
            yield SerialGap(prefix, year, month or None, before + 1, after - 1)
