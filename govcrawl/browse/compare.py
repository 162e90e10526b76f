"""Comparing organs and divisions by a rate, in a table and on a map of the province, county by county."""

import json
import sqlite3
from collections.abc import Iterable

from govcrawl.browse.divisions import WIDTHS, division_prefix, lineage, names, requested_division
from govcrawl.browse.page import Asked, Content, Page, QuestionError, rows
from govcrawl.browse.quantities import rates
from govcrawl.browse.rates import level_of, scale, standing, summary
from govcrawl.browse.sourced import sourced
from govcrawl.browse.tiles import drawn, places, short
from govcrawl.vocabulary import Scope

BY = {"prefecture": 4, "county": 6, "organ": 0}
"""What a line of the table is, and the digits of its code."""

LEVELS = ("province", "prefecture", "county")
"""Whose organs are compared, by the width of their division's code."""

SORTS = ("division", "rate")
_MOST_ORGANS = 500

_START = """
SELECT max(year) AS year, (SELECT substr(min(agency_id), 1, 2) FROM coverage) AS division
FROM coverage WHERE state = 'ok'"""

_YEARS = "SELECT DISTINCT year FROM coverage ORDER BY year DESC"
_PROVINCES = "SELECT division_code, name FROM portals WHERE level = 'province' ORDER BY id"
_COUNTIES = """
SELECT DISTINCT division_code AS division, name FROM portals
WHERE level = 'county' AND division_code >= :province AND division_code < :province || ';'"""

# Organs of which no report is looked for are left out. An organ may have reports of several scopes: its own is its.
_RATES = """
SELECT agency.id AS agency_id, agency.name AS agency, agency.division_code AS division, agency.scope, coverage.state,
  report.id AS report,
  iif(count(cell.item) FILTER (WHERE cell.item IN (SELECT value FROM json_each(:numerator))) > 0
    AND count(*) FILTER (WHERE cell.item IN (SELECT value FROM json_each(:numerator)) AND cell.value IS NULL) = 0,
    sum(cell.value) FILTER (WHERE cell.item IN (SELECT value FROM json_each(:numerator))), NULL) AS numerator,
  sum(cell.value) FILTER (WHERE cell.item IN (SELECT value FROM json_each(:denominator))) AS denominator
FROM agencies AS agency
JOIN coverage ON coverage.agency_id = agency.id AND coverage.year = :year
LEFT JOIN reports AS report ON report.agency_id = agency.id AND report.year = :year
LEFT JOIN version_keys AS k ON k.report_version_id = report.current_version_id
LEFT JOIN cells AS cell ON cell.version_key = k.key AND cell.item IN (
  SELECT value FROM json_each(:numerator) UNION ALL SELECT value FROM json_each(:denominator))
WHERE agency.id >= :province AND agency.id < :province || ';' AND :scope IN ('', agency.scope)
  AND coverage.state NOT IN ('exempt', 'out_of_scope', 'never_listed', 'not_due')
GROUP BY agency.id, report.id
ORDER BY agency.id, report.scope = agency.scope, report.id"""


def content(connection: sqlite3.Connection, asked: Asked) -> Content:
    """The organs below `?division=` by `?rate=` in `?year=`, grouped `?by=` division, and the map of the province.

    Raises:
        QuestionError: a parameter is not one of its choices.
    """
    filters = _filters(connection, asked)
    province = filters["division"][:2]
    rate = rates()[filters["rate"]]
    found = sourced(
        connection,
        _RATES,
        year=filters["year"],
        province=province,
        scope=filters["scope"] or "",
        numerator=json.dumps(rate.numerator),
        denominator=json.dumps(rate.denominator),
    )
    organs = list({organ["agency_id"]: standing(organ) for organ in found["rows"]}.values())
    shown = [organ for organ in organs if _belongs(organ["division"], filters)]
    return {
        "filters": filters,
        "choices": _choices(connection),
        "lineage": lineage(connection, filters["division"]),
        "summary": summary(shown),
        "lines": _sorted(_lines(connection, shown, filters["by"]), filters["sort"]),
        "cut": filters["by"] == "organ" and len(shown) > _MOST_ORGANS,
        "map": _map(connection, organs, province),
        "source": {key: found[key] for key in ("sql", "values")},
    }


def _filters(connection: sqlite3.Connection, asked: Asked) -> Content:
    start = rows(connection, _START)[0]
    return {
        "division": requested_division(asked) or start["division"] or "33",
        "year": asked.number("year", 0, 9999) or start["year"],
        "rate": _one_of(asked, "rate", tuple(rates())),
        "by": _one_of(asked, "by", tuple(BY), "county"),
        "level": _one_of(asked, "level", LEVELS) if asked.chosen("level") else None,
        "scope": _one_of(asked, "scope", tuple(Scope)) if asked.chosen("scope") else None,
        "sort": _one_of(asked, "sort", SORTS),
    }


def _belongs(division: str, filters: Content) -> bool:
    """Whether an organ of a division lies in the one asked for, and on the level asked for."""
    level = WIDTHS.index(len(division_prefix(division)))
    return division.startswith(filters["division"]) and filters["level"] in (None, LEVELS[level])


def _one_of(asked: Asked, name: str, allowed: tuple[str, ...], default: str | None = None) -> str:
    chosen = asked.chosen(name) or default or allowed[0]
    if chosen not in allowed:
        raise QuestionError(f"{name}={chosen}: give one of {', '.join(allowed)}")
    return chosen


def _choices(connection: sqlite3.Connection) -> Content:
    provinces = [{"division": each["division_code"][:2], "name": each["name"]} for each in rows(connection, _PROVINCES)]
    return {
        "division": provinces,
        "year": [each["year"] for each in rows(connection, _YEARS)],
        "rate": list(rates()),
        "by": list(BY),
        "level": list(LEVELS),
        "scope": list(Scope),
        "sort": list(SORTS),
    }


def _lines(connection: sqlite3.Connection, organs: list[Content], by: str) -> list[Content]:
    """A line an organ, or a line a division with what its organs sum up to."""
    if by == "organ":
        return [{**organ, **_bounds(organ)} for organ in organs[:_MOST_ORGANS]]
    grouped = _grouped(organs, BY[by])
    known = names(connection, grouped)
    return [{"division": code, "name": known.get(code, code), **summary(members)} for code, members in grouped.items()]


def _bounds(organ: Content) -> Content:
    """Between which rates an organ's own must lie."""
    unknown = organ["standing"] == "missing"
    return {"low": 0.0 if unknown else organ["rate"], "high": 1.0 if unknown else organ["rate"]}


def _grouped(organs: Iterable[Content], width: int) -> dict[str, list[Content]]:
    grouped: dict[str, list[Content]] = {}
    for organ in organs:
        grouped.setdefault(organ["division"][:width], []).append(organ)
    return grouped


def _sorted(lines: list[Content], sort: str) -> list[Content]:
    """By division; or the highest rate first, those without one last."""
    if sort == "division":
        return lines
    return sorted(lines, key=lambda line: (line["rate"] is None, -(line["rate"] or 0)))


def _map(connection: sqlite3.Connection, organs: list[Content], province: str) -> Content:
    """A tile a county with its rate: `{"tiles", "columns", "rows", "scale"}`; `drawn`: they lie as on a map."""
    found = rows(connection, _COUNTIES, province=province)
    counties = {each["division"]: each["name"] for each in found}
    grouped = _grouped(organs, 6)
    summaries = {code: summary(grouped.get(code, ())) for code in counties}
    steps = scale([each["rate"] for each in summaries.values() if each["rate"] is not None])
    tiles = [
        {
            "division": code,
            "name": counties[code],
            "short": short(counties[code]),
            "column": column,
            "row": row,
            **summaries[code],
            "level": level_of(summaries[code]["rate"], steps),
        }
        for code, (column, row) in places(counties).items()
    ]
    tiles.sort(key=lambda tile: (tile["row"], tile["column"]))
    return {
        "drawn": bool(drawn(province)),
        "tiles": tiles,
        "columns": 1 + max((tile["column"] for tile in tiles), default=0),
        "rows": 1 + max((tile["row"] for tile in tiles), default=0),
        "scale": steps,
    }


PAGE = Page("compare", "/-/compare", content, in_menu=True)
