"""Divisions and what they are called: codes of two, four and six digits, for provinces, prefectures and counties."""

import re
import sqlite3
from collections.abc import Iterable, Mapping

from govcrawl.browse.page import Content, QuestionError, rows

WIDTHS = (2, 4, 6)
"""Digits of the codes of provinces, prefectures and counties."""

_NAMES = """
SELECT division_code AS code, name FROM portals
WHERE level <> 'organ' AND division_code IN (SELECT value FROM json_each(:codes))"""

_WHOLE = re.compile(r"(?:\d\d){0,3}", re.ASCII)


def beginning(code: str | None) -> str:
    """The code of a division without the zeros of its parts, as its organs' codes begin: 330000 → 33, 330100 → 3301.

    Nothing for None; QuestionError for what is no code.
    """
    text = code or ""
    if not _WHOLE.fullmatch(text):
        raise QuestionError(f"division={text}: give two, four or six digits of a division code")
    return re.sub(r"(?:00){1,2}$", "", text) if len(text) == 6 else text


def names(connection: sqlite3.Connection, codes: Iterable[str]) -> Mapping[str, str]:
    """Code → name, for codes of any width that the registry knows."""
    asked = {code.ljust(6, "0"): code for code in codes}
    listed = "[" + ",".join(f'"{code}"' for code in asked) + "]"
    return {asked[each["code"]]: each["name"] for each in rows(connection, _NAMES, codes=listed)}


def lineage(connection: sqlite3.Connection, code: str) -> list[Content]:
    """The divisions from the province down to `code`, as `{"division", "name"}`."""
    whole = beginning(code)
    parts = [whole[:width] for width in WIDTHS if width <= len(whole)]
    known = names(connection, parts)
    return [{"division": part, "name": known.get(part, part)} for part in parts]
