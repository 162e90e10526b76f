"""Organs and divisions compared by a rate, in a table and on a tile map of the province."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from govcrawl.browse.coverage_legend import NOT_EXPECTED_STATES
from govcrawl.browse.divisions import (
    CODE_WIDTHS,
    Division,
    division_lineage,
    division_names,
    division_prefix,
    requested_division,
)
from govcrawl.browse.page import BrowsePage, PageRequest
from govcrawl.browse.quantities import rate_definitions
from govcrawl.browse.rates import ColourStep, OrganRate, RateSummary, colour_level, colour_scale, rate_summary
from govcrawl.browse.sql import SqlSource, select_rows, select_with_source
from govcrawl.browse.tiles import drawn_grid, short_county_name, tile_places
from govcrawl.vocabulary import Scope

_WIDTH_OF_LINE = {"prefecture": 4, "county": 6, "organ": 0}  # what a line of the table is: digits of its code
_LEVELS = ("province", "prefecture", "county")  # whose organs are compared, by the width of their division's code
_SORTS = ("division", "rate")
_MAX_ORGANS = 500

_START = """
SELECT max(year) AS year, (SELECT substr(min(agency_id), 1, 2) FROM coverage) AS division
FROM coverage WHERE state = 'ok'"""

_YEARS = "SELECT DISTINCT year FROM coverage ORDER BY year DESC"
_PROVINCES = "SELECT division_code, name FROM portals WHERE level = 'province' ORDER BY id"
_COUNTIES = """
SELECT DISTINCT division_code AS division, name FROM portals
WHERE level = 'county' AND division_code >= :province AND division_code < :province || ';'"""

# An organ may have reports of several scopes: that of its own scope comes last, and the last one counts.
_RATES = f"""
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
  AND coverage.state NOT IN {tuple(map(str, NOT_EXPECTED_STATES))}
GROUP BY agency.id, report.id
ORDER BY agency.id, report.scope = agency.scope, report.id"""  # noqa: S608 - the words of a closed list


@dataclass(frozen=True, slots=True)
class CompareFilters:
    """What is compared."""

    division: str  # beginning of the division code
    year: int | None  # report year; null where no report is in hand
    rate: str  # one of `choices.rate`
    by: str  # what a line of the table is: `prefecture`, `county` or `organ`
    level: str | None  # level of the organs: `province`, `prefecture` or `county`
    scope: str | None  # scope of the organs, a word of `Scope`
    sort: str  # order of the lines: `division` or `rate`


@dataclass(frozen=True, slots=True)
class CompareChoices:
    """What the filters may be."""

    division: list[Division]  # the provinces
    year: list[int]  # years of the coverage, the latest first
    rate: list[str]  # names of the rates
    by: list[str]  # lines of the table
    level: list[str]  # levels of organs
    scope: list[Scope]  # words of `Scope`
    sort: list[str]  # orders of the lines


@dataclass(frozen=True, slots=True)
class OrganLine:
    """The line of an organ that owes a report."""

    agency_id: str  # id of the organ
    agency: str  # its name
    division: str  # its division code
    scope: str  # a word of `Scope`
    state: str  # coverage of the year, a word of `CoverageState`
    report: str | None  # id of the report of the year; null where there is none
    numerator: float | None  # applications that count for the rate; null where a cell holds no number
    denominator: float | None  # applications that they are divided by
    standing: str  # `rate`, `nothing` (no applications) or `missing` (no report that can be read)
    rate: float | None  # from 0 to 1
    low: float | None  # lowest rate that is possible
    high: float | None  # highest rate that is possible


@dataclass(frozen=True, slots=True)
class DivisionLine:
    """The line of a division."""

    division: str  # beginning of the division code
    name: str  # name of the division
    organs: int  # organs that owe a report
    reports: int  # reports that give a rate
    missing: int  # organs without a report that can be read
    rate: float | None  # mean over organs, from 0 to 1
    low: float | None  # lowest mean that is possible
    high: float | None  # highest mean that is possible
    pooled: float | None  # rate of all their applications together


@dataclass(frozen=True, slots=True)
class Tile:
    """A county on the map."""

    division: str  # division code
    name: str  # name of the county
    short: str  # its name without its kind, at most four characters
    column: int  # from 0
    row: int  # from 0
    organs: int  # organs that owe a report
    reports: int  # reports that give a rate
    missing: int  # organs without a report that can be read
    rate: float | None  # mean over organs, from 0 to 1
    low: float | None  # lowest mean that is possible
    high: float | None  # highest mean that is possible
    pooled: float | None  # rate of all their applications together
    level: int | None  # step of `scale`; null without a rate


@dataclass(frozen=True, slots=True)
class TileMap:
    """The map of a province, a tile for each county."""

    drawn: bool  # true: the tiles lie as on a map; false: a line for each prefecture
    tiles: list[Tile]  # row by row
    columns: int  # width in tiles
    rows: int  # height in tiles
    scale: list[ColourStep]  # what the colours mean


@dataclass(frozen=True, slots=True)
class CompareContent:
    """The page that compares organs and divisions."""

    filters: CompareFilters  # what is compared
    choices: CompareChoices  # what the filters may be
    lineage: list[Division]  # from the province down to the division
    summary: RateSummary  # the organs that are compared, together
    lines: list[OrganLine | DivisionLine]  # lines of the table
    cut: bool  # true: there are more organs than lines
    map: TileMap  # the whole province
    source: SqlSource  # SELECT behind the rates


def _content(connection: sqlite3.Connection, request: PageRequest) -> CompareContent:
    """The organs of `?division=` by `?rate=` in `?year=`, grouped `?by=` division, and the map of the province."""
    filters = _filters(connection, request)
    province = filters.division[:2]
    source, organs = _organs(connection, filters, province)
    shown = [organ for organ in organs if _is_shown(organ.division, filters)]
    return CompareContent(
        filters=filters,
        choices=_choices(connection),
        lineage=division_lineage(connection, filters.division),
        summary=_summary(shown),
        lines=_sorted(_lines(connection, shown, filters.by), filters.sort),
        cut=filters.by == "organ" and len(shown) > _MAX_ORGANS,
        map=_map(connection, organs, province),
        source=source,
    )


def _filters(connection: sqlite3.Connection, request: PageRequest) -> CompareFilters:
    start = select_rows(connection, _START)[0]
    rates = tuple(rate_definitions())
    return CompareFilters(
        division=requested_division(request) or start["division"] or "33",
        year=request.year() or start["year"],
        rate=request.choice("rate", rates) or rates[0],
        by=request.choice("by", _WIDTH_OF_LINE) or "county",
        level=request.choice("level", _LEVELS),
        scope=request.choice("scope", tuple(Scope)),
        sort=request.choice("sort", _SORTS) or _SORTS[0],
    )


def _choices(connection: sqlite3.Connection) -> CompareChoices:
    return CompareChoices(
        division=[Division(each["division_code"][:2], each["name"]) for each in select_rows(connection, _PROVINCES)],
        year=[each["year"] for each in select_rows(connection, _YEARS)],
        rate=list(rate_definitions()),
        by=list(_WIDTH_OF_LINE),
        level=list(_LEVELS),
        scope=list(Scope),
        sort=list(_SORTS),
    )


def _organs(
    connection: sqlite3.Connection, filters: CompareFilters, province: str
) -> tuple[SqlSource, list[OrganLine]]:
    """The organs of a province that owe a report, each once."""
    rate = rate_definitions()[filters.rate]
    source, found = select_with_source(
        connection,
        _RATES,
        year=filters.year,
        province=province,
        scope=filters.scope or "",
        numerator=json.dumps(rate.numerator),
        denominator=json.dumps(rate.denominator),
    )
    return source, list({row["agency_id"]: _organ_line(row) for row in found}.values())


def _organ_line(row: dict[str, Any]) -> OrganLine:
    found = OrganRate(row["numerator"], row["denominator"])
    return OrganLine(**row, standing=found.standing, rate=found.rate, low=found.low, high=found.high)


def _is_shown(division: str, filters: CompareFilters) -> bool:
    """Whether an organ of a division lies in the one asked for, and on the level asked for."""
    level = CODE_WIDTHS.index(len(division_prefix(division)))
    return division.startswith(filters.division) and filters.level in (None, _LEVELS[level])


def _lines(connection: sqlite3.Connection, organs: list[OrganLine], by: str) -> list[OrganLine | DivisionLine]:
    """A line for each organ, or for each division."""
    if by == "organ":
        return list(organs[:_MAX_ORGANS])
    grouped = _by_division(organs, _WIDTH_OF_LINE[by])
    known = division_names(connection, grouped)
    return [DivisionLine(code, known.get(code, code), **asdict(_summary(grouped[code]))) for code in grouped]


def _by_division(organs: Iterable[OrganLine], width: int) -> dict[str, list[OrganLine]]:
    grouped: dict[str, list[OrganLine]] = {}
    for organ in organs:
        grouped.setdefault(organ.division[:width], []).append(organ)
    return grouped


def _summary(organs: Iterable[OrganLine]) -> RateSummary:
    return rate_summary(OrganRate(organ.numerator, organ.denominator) for organ in organs)


def _sorted(lines: list[OrganLine | DivisionLine], sort: str) -> list[OrganLine | DivisionLine]:
    """By division; or the highest rate first, lines without one last."""
    if sort == "division":
        return lines
    return sorted(lines, key=lambda line: (line.rate is None, -(line.rate or 0)))


def _map(connection: sqlite3.Connection, organs: list[OrganLine], province: str) -> TileMap:
    found = select_rows(connection, _COUNTIES, province=province)
    counties = {each["division"]: each["name"] for each in found}
    grouped = _by_division(organs, CODE_WIDTHS[-1])
    summaries = {code: _summary(grouped.get(code, ())) for code in counties}
    scale = colour_scale([each.rate for each in summaries.values() if each.rate is not None])
    tiles = [
        Tile(
            division=code,
            name=counties[code],
            short=short_county_name(counties[code]),
            column=column,
            row=row,
            **asdict(summaries[code]),
            level=colour_level(summaries[code].rate, scale),
        )
        for code, (column, row) in tile_places(counties).items()
    ]
    return TileMap(
        drawn=bool(drawn_grid(province)),
        tiles=sorted(tiles, key=lambda tile: (tile.row, tile.column)),
        columns=1 + max((tile.column for tile in tiles), default=0),
        rows=1 + max((tile.row for tile in tiles), default=0),
        scale=scale,
    )


COMPARE_PAGE = BrowsePage("compare", "/-/compare", _content, in_menu=True)
