"""The first page: what the archive holds, where each report stands, and what is new.

The heat map has two parts: the divisions below the one that is shown, with the reports in hand out of those that are
asked for, and its organs, a page of them, with the state of each year. Codes begin the ids of agencies, so both
read `coverage` by its key alone: what lies below a code sorts from it up to the code with `;`, which follows `:`.
"""

import json
import sqlite3
from collections.abc import Mapping

from govcrawl.browse.cues import legend
from govcrawl.browse.divisions import WIDTHS, lineage, names, requested_division
from govcrawl.browse.page import Asked, Content, Page, rows
from govcrawl.browse.sourced import sourced
from govcrawl.vocabulary import CoverageState

PAGE_SIZE = 30
NEWEST = 12
_LAST_PAGE = 10_000

UNWANTED = (CoverageState.EXEMPT, CoverageState.OUT_OF_SCOPE, CoverageState.NEVER_LISTED, CoverageState.NOT_DUE)
"""States in which no report is looked for: they do not count against what is in hand."""

_HOLDS = """
SELECT (SELECT count(*) FROM portals WHERE id IN (SELECT portal_id FROM attempts)) AS portals,
  (SELECT count(*) FROM agencies) AS agencies,
  (SELECT count(*) FROM reports WHERE current_version_id IS NOT NULL) AS reports,
  (SELECT count(*) FROM report_versions) AS versions,
  (SELECT count(*) FROM captures) AS captures,
  (SELECT min(year) FROM reports) AS first_year, (SELECT max(year) FROM reports) AS last_year,
  (SELECT max(started_at) FROM crawls) AS last_crawl"""

# Division and year grouped as one number: it sorts in half the time of a text and a number.
_STATES = """
SELECT substr(agency_id, 1, :width) AS division, year, state, count(*) AS count
FROM coverage WHERE agency_id >= :division AND agency_id < :division || ';'
GROUP BY CAST(substr(agency_id, 1, :width) AS INTEGER) * 10000 + year, state"""

_ORGANS = """
SELECT id, name FROM agencies
WHERE id >= :division AND id < :division || ';' AND instr(name, :organ)
  AND EXISTS (SELECT 1 FROM coverage WHERE agency_id = agencies.id)
ORDER BY listed, portal_id NOT IN (SELECT portal_id FROM attempts), id LIMIT :size OFFSET :first"""

_CELLS = """
SELECT agency_id, year, state, reason FROM coverage WHERE agency_id IN (SELECT value FROM json_each(:agencies))
ORDER BY agency_id, year"""

_CHANGES = """
SELECT revision.seen_at, revision.report_id AS report, agency.name AS agency, report.year,
  revision.prior_version_id AS before, revision.report_version_id AS version,
  json_array_length(revision.sections) AS sections, json_array_length(revision.checks_opened) AS checks_opened,
  json_array_length(revision.checks_closed) AS checks_closed
FROM revisions AS revision
JOIN reports AS report ON report.id = revision.report_id
JOIN agencies AS agency ON agency.id = report.agency_id
ORDER BY revision.seen_at DESC, revision.capture_id LIMIT :newest"""

_NEW_REPORTS = """
SELECT version.valid_from AS seen_at, report.id AS report, agency.name AS agency, report.year, report.published_on
FROM (SELECT id, report_id, valid_from FROM report_versions ORDER BY valid_from DESC, id LIMIT :newest) AS version
JOIN reports AS report ON report.id = version.report_id
JOIN agencies AS agency ON agency.id = report.agency_id
ORDER BY version.valid_from DESC, version.id"""


def content(connection: sqlite3.Connection, asked: Asked) -> Content:
    """What the archive holds, the heat map of `?division=`, its organs named like `?organ=`, and what is new."""
    division, organ = requested_division(asked), asked.chosen("organ") or ""
    page = asked.number("page", 1, _LAST_PAGE) or 1
    shares = _shares(connection, division)
    return {
        "holds": holdings(connection),
        "legend": legend(),
        "division": division,
        "lineage": lineage(connection, division),
        "organ": organ,
        "years": shares["years"],
        "divisions": shares["divisions"],
        "source": shares["source"],
        **_organs(connection, division, organ, page),
        "changes": rows(connection, _CHANGES, newest=NEWEST),
        "new_reports": rows(connection, _NEW_REPORTS, newest=NEWEST),
    }


def holdings(connection: sqlite3.Connection) -> Content:
    """How much of everything the archive holds, the years of its reports, the start of its last crawl."""
    return rows(connection, _HOLDS)[0]


def _shares(connection: sqlite3.Connection, division: str) -> Content:
    """How many reports are in hand of each division below one; where there is only one below, of those below that."""
    width = next((width for width in WIDTHS if width > len(division)), WIDTHS[-1])
    found = sourced(connection, _STATES, division=division, width=width)
    codes = sorted({each["division"] for each in found["rows"]})
    if len(codes) == 1 and codes[0] != division and width < WIDTHS[-1]:
        return _shares(connection, codes[0])
    known = names(connection, codes)
    counts: dict[tuple[str, int], dict[str, int]] = {}
    for each in found["rows"]:
        counts.setdefault((each["division"], each["year"]), {})[each["state"]] = each["count"]
    years = sorted({year for _, year in counts})
    lines = [
        {
            "division": code,
            "name": known.get(code, code),
            "cells": [_share(year, counts.get((code, year), {})) for year in years],
        }
        for code in codes
    ]
    return {"years": years, "divisions": lines, "source": {key: found[key] for key in ("sql", "values")}}


def _share(year: int, counts: Mapping[str, int]) -> Content:
    """`ok` reports of `wanted`; `level` from 0 (none) to 4 (all), None where none is wanted."""
    ok, wanted = counts.get(CoverageState.OK, 0), sum(counts.values()) - sum(counts.get(state, 0) for state in UNWANTED)
    return {"year": year, "ok": ok, "wanted": wanted, "level": level(ok, wanted)}


def level(part: int, whole: int) -> int | None:
    """How dark a share is shown: 0 for none, 4 for all, 1 to 3 between; None where there is no whole."""
    if not whole:
        return None
    return 4 if part == whole else min(part, 1) + 3 * part // whole


def _organs(connection: sqlite3.Connection, division: str, organ: str, page: int) -> Content:
    """A page of organs, those of portals that were asked first, each with the state of each of its years."""
    first = (page - 1) * PAGE_SIZE
    found = rows(connection, _ORGANS, division=division, organ=organ, size=PAGE_SIZE + 1, first=first)
    shown = found[:PAGE_SIZE]
    cells: dict[str, list[Content]] = {each["id"]: [] for each in shown}
    for cell in rows(connection, _CELLS, agencies=json.dumps([each["id"] for each in shown])):
        cells[cell.pop("agency_id")].append(cell)
    return {
        "organs": [{**each, "cells": cells[each["id"]]} for each in shown],
        "page": page,
        "next_page": page + 1 if len(found) > PAGE_SIZE else None,
    }


PAGE = Page("home", "/", content, in_menu=True)
