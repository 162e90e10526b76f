"""Full-text search over the sections of all reports: Chinese from one character up, with the hits in their place."""

import sqlite3

from govcrawl.browse.divisions import requested_division
from govcrawl.browse.page import Asked, Content, Page, QuestionError, rows
from govcrawl.browse.search_index import COUNTED, Hits, Wanted, find
from govcrawl.browse.search_terms import marked
from govcrawl.vocabulary import SectionKey

PAGE_SIZE = 20
LONGEST = 100
"""Characters of a query."""

_LAST_PAGE = 500
_MOST_ORGANS = 200

_HIT = """
SELECT section.id AS section, section.key, section.heading, section.text, report.id AS report, report.year,
  report.scope, report.current_version_id = section.report_version_id AS is_current,
  agency.id AS agency_id, agency.name AS agency
FROM sections AS section
JOIN report_versions AS version ON version.id = section.report_version_id
JOIN reports AS report ON report.id = version.report_id
JOIN agencies AS agency ON agency.id = report.agency_id
WHERE section.report_version_id = :version AND section.id = :section"""

_ORGANS = """
SELECT id FROM agencies WHERE id = :organ OR instr(name, :organ) AND id >= :division AND id < :division || ';'
ORDER BY listed, id LIMIT :most"""

_YEARS = "SELECT DISTINCT year FROM coverage ORDER BY year DESC"


def content(connection: sqlite3.Connection, asked: Asked) -> Content:
    """A page of sections that hold the words of `?q=`, the newest reports first.

    `found` is None before anything is asked for; `indexed` is false where there is no index; `stale` says that the
    index is of an earlier state of the archive. `counted` is the number up to which hits are counted.
    """
    filters = _filters(asked)
    page = asked.number("page", 1, _LAST_PAGE) or 1
    hits = find(asked.archive, _wanted(connection, filters), connection, (page - 1) * PAGE_SIZE, PAGE_SIZE)
    return {
        "filters": filters,
        "choices": {
            "section": list(SectionKey),
            "year": [each["year"] for each in rows(connection, _YEARS)],
        },
        "indexed": hits is not None,
        "stale": bool(hits and hits.stale),
        "found": hits.count if hits and filters["q"] else None,
        "counted": COUNTED,
        "hits": _shown(connection, hits, filters["q"] or "") if hits else [],
        "page": page,
        "next_page": page + 1 if hits and page * PAGE_SIZE < hits.count and page < _LAST_PAGE else None,
    }


def _filters(asked: Asked) -> Content:
    section, query = asked.chosen("section"), asked.chosen("q")
    if query and len(query) > LONGEST:
        raise QuestionError(f"q has {len(query)} characters; give at most {LONGEST}")
    if section is not None and section not in tuple(SectionKey):
        raise QuestionError(f"section={section}: give one of {', '.join(SectionKey)}")
    return {
        "q": query,
        "year": asked.number("year", 0, 9999) or None,
        "division": requested_division(asked),
        "organ": asked.chosen("organ"),
        "section": section,
    }


def _wanted(connection: sqlite3.Connection, filters: Content) -> Wanted:
    organ, division = filters["organ"], filters["division"]
    found = rows(connection, _ORGANS, organ=organ, division=division, most=_MOST_ORGANS) if organ else None
    agencies = tuple(each["id"] for each in found) if found is not None else None
    return Wanted(filters["q"] or "", filters["year"], division or None, filters["section"], agencies)


def _shown(connection: sqlite3.Connection, hits: Hits, query: str) -> list[Content]:
    """The hits with their `pieces`; a section that the database no longer holds is left out."""
    places = ({"version": version, "section": section} for version, section in hits.places)
    found = [each for place in places for each in rows(connection, _HIT, **place)]
    return [{"pieces": marked(each.pop("text"), query), **each} for each in found]


PAGE = Page("search", "/-/search", content, in_menu=True)
