"""Full-text search over the sections of all reports: Chinese from one character up, with the hits marked."""

import sqlite3
from dataclasses import dataclass

from govcrawl.browse.divisions import requested_division
from govcrawl.browse.page import BrowsePage, InvalidQueryError, PageRequest
from govcrawl.browse.search_index import MAX_COUNTED, SearchHits, SearchQuery, find_sections
from govcrawl.browse.search_terms import SnippetPiece, snippet
from govcrawl.browse.sql import select_rows
from govcrawl.vocabulary import SectionKey

HITS_PER_PAGE = 20
_MAX_QUERY = 100  # characters
_LAST_PAGE = 500
_MAX_ORGANS = 200

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


@dataclass(frozen=True, slots=True)
class SearchFilters:
    """What is searched for."""

    q: str | None  # words, all of which a section must hold
    year: int | None  # report year
    division: str  # beginning of the division code, empty for all
    organ: str | None  # agency, or text that its name contains
    section: str | None  # a word of `SectionKey`


@dataclass(frozen=True, slots=True)
class SearchChoices:
    """What the filters may be."""

    section: list[SectionKey]  # words of `SectionKey`
    year: list[int]  # years of the coverage, the latest first


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A section that holds all words."""

    pieces: list[SnippetPiece]  # the part of its text about the first hit
    section: str  # id of the section
    key: str  # a word of `SectionKey`
    heading: str  # as published
    report: str  # id of the report
    year: int | None  # report year
    scope: str  # a word of `Scope`
    is_current: int  # 1: of the current version of the report
    agency_id: str  # id of the organ
    agency: str  # its name


@dataclass(frozen=True, slots=True)
class SearchContent:
    """The search page."""

    filters: SearchFilters  # what is searched for
    choices: SearchChoices  # what the filters may be
    indexed: bool  # false: there is no index
    stale: bool  # true: the index was made from an earlier state of the database
    found: int | None  # hits, counted up to `counted` and one more; null before anything is searched for
    counted: int  # number up to which hits are counted
    hits: list[SearchHit]  # a page of hits, the newest reports first
    page: int  # number of that page, from 1
    next_page: int | None  # number of the next page; null on the last one


def _content(connection: sqlite3.Connection, request: PageRequest) -> SearchContent:
    """A page of the sections that hold the words of `?q=`."""
    filters = _filters(request)
    page = request.page_number(_LAST_PAGE)
    query = _query(connection, filters)
    hits = find_sections(request.archive, query, connection, (page - 1) * HITS_PER_PAGE, HITS_PER_PAGE)
    return SearchContent(
        filters=filters,
        choices=SearchChoices(list(SectionKey), [each["year"] for each in select_rows(connection, _YEARS)]),
        indexed=hits is not None,
        stale=bool(hits and hits.stale),
        found=hits.count if hits and filters.q else None,
        counted=MAX_COUNTED,
        hits=_hits(connection, hits, filters.q or "") if hits else [],
        page=page,
        next_page=page + 1 if hits and page * HITS_PER_PAGE < hits.count and page < _LAST_PAGE else None,
    )


def _filters(request: PageRequest) -> SearchFilters:
    words = request.value("q")
    if words and len(words) > _MAX_QUERY:
        raise InvalidQueryError(f"q has {len(words)} characters; give at most {_MAX_QUERY}")
    return SearchFilters(
        q=words,
        year=request.year(),
        division=requested_division(request),
        organ=request.value("organ"),
        section=request.choice("section", tuple(SectionKey)),
    )


def _query(connection: sqlite3.Connection, filters: SearchFilters) -> SearchQuery:
    agencies = None
    if filters.organ:
        found = select_rows(connection, _ORGANS, organ=filters.organ, division=filters.division, most=_MAX_ORGANS)
        agencies = tuple(each["id"] for each in found)
    return SearchQuery(filters.q or "", filters.year, filters.division or None, filters.section, agencies)


def _hits(connection: sqlite3.Connection, hits: SearchHits, words: str) -> list[SearchHit]:
    """The hits with their snippets; a section that the database no longer holds is left out."""
    places = ({"version": version, "section": section} for version, section in hits.places)
    found = [each for place in places for each in select_rows(connection, _HIT, **place)]
    return [SearchHit(pieces=snippet(each.pop("text"), words), **each) for each in found]


SEARCH_PAGE = BrowsePage("search", "/-/search", _content, in_menu=True)
