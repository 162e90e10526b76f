"""Administrative divisions and their names: codes of two, four and six digits, from provinces down to counties."""

import re
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from govcrawl.browse.page import InvalidQueryError, PageRequest
from govcrawl.browse.sql import select_rows

CODE_WIDTHS = (2, 4, 6)
"""Digits of the codes of provinces, prefectures and counties."""

_NAMES = """
SELECT division_code AS code, name FROM portals
WHERE level <> 'organ' AND division_code IN (SELECT value FROM json_each(:codes))"""

_CODE = re.compile(r"(?:\d\d){0,3}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Division:
    """A province, a prefecture or a county."""

    division: str  # two, four or six digits of its code
    name: str  # in the registry; the code where it has none


def requested_division(request: PageRequest) -> str:
    """The `?division=` of a page as a prefix; empty where it is absent.

    Raises:
        InvalidQueryError: it is not two, four or six digits.
    """
    code = request.value("division") or ""
    if not _CODE.fullmatch(code):
        raise InvalidQueryError(f"division={code}: give two, four or six digits of a division code")
    return division_prefix(code)


def division_prefix(code: str) -> str:
    """The beginning of the codes of all divisions inside one: 330000 → 33, 330100 → 3301, 330604 → 330604.

    An area without a code of its own has a name behind the code of its province (650000-xjbt → 65).
    """
    digits = code.partition("-")[0]
    return re.sub(r"(?:00){1,2}$", "", digits) if len(digits) == 6 else digits


def division_names(connection: sqlite3.Connection, codes: Iterable[str]) -> Mapping[str, str]:
    """Code → name, for the codes of any width that the registry knows."""
    asked = {code.ljust(6, "0"): code for code in codes}
    listed = "[" + ",".join(f'"{code}"' for code in asked) + "]"
    return {asked[each["code"]]: each["name"] for each in select_rows(connection, _NAMES, codes=listed)}


def division_lineage(connection: sqlite3.Connection, code: str) -> list[Division]:
    """The divisions from the province down to `code`."""
    prefix = division_prefix(code)
    parts = [prefix[:width] for width in CODE_WIDTHS if width <= len(prefix)]
    known = division_names(connection, parts)
    return [Division(part, known.get(part, part)) for part in parts]
