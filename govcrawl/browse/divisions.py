"""Divisions and what they are called: codes of two, four and six digits, for provinces, prefectures and counties."""

import re
import sqlite3
from collections.abc import Iterable, Mapping

from govcrawl.browse.page import Asked, Content, QuestionError, rows

WIDTHS = (2, 4, 6)
"""Digits of the codes of provinces, prefectures and counties."""

_NAMES = """
SELECT division_code AS code, name FROM portals
WHERE level <> 'organ' AND division_code IN (SELECT value FROM json_each(:codes))"""

_CODE = re.compile(r"(?:\d\d){0,3}", re.ASCII)


def requested_division(asked: Asked) -> str:
    """The `?division=` of a page as a prefix; empty where it is absent.

    Raises:
        QuestionError: it is not two, four or six digits.
    """
    code = asked.chosen("division") or ""
    if not _CODE.fullmatch(code):
        raise QuestionError(f"division={code}: give two, four or six digits of a division code")
    return division_prefix(code)


def division_prefix(code: str) -> str:
    """What the codes of all divisions inside one begin with: 330000 → 33, 330100 → 3301, 330604 → 330604.

    An area without a code of its own has a name behind that of its province (650000-xjbt → 65).
    """
    digits = code.partition("-")[0]
    return re.sub(r"(?:00){1,2}$", "", digits) if len(digits) == 6 else digits


def names(connection: sqlite3.Connection, codes: Iterable[str]) -> Mapping[str, str]:
    """Code → name, for codes of any width that the registry knows."""
    asked = {code.ljust(6, "0"): code for code in codes}
    listed = "[" + ",".join(f'"{code}"' for code in asked) + "]"
    return {asked[each["code"]]: each["name"] for each in rows(connection, _NAMES, codes=listed)}


def lineage(connection: sqlite3.Connection, code: str) -> list[Content]:
    """The divisions from the province down to `code`, as `{"division", "name"}`."""
    whole = division_prefix(code)
    parts = [whole[:width] for width in WIDTHS if width <= len(whole)]
    known = names(connection, parts)
    return [{"division": part, "name": known.get(part, part)} for part in parts]
