"""What the archive is, how to cite it, and what is known to be missing or unsure in it, counted."""

import sqlite3
from dataclasses import dataclass

from govcrawl import __version__
from govcrawl.browse.home import Holdings, holdings
from govcrawl.browse.issues import IssueCount
from govcrawl.browse.page import BrowsePage, PageRequest
from govcrawl.browse.sql import select_as, select_rows

_ORIGIN = "SELECT value FROM archive WHERE name = 'origin'"
_STATES = "SELECT state, count(*) AS count FROM coverage GROUP BY state ORDER BY count DESC"

# Open issues only: each count leads to the list of them.
_ISSUES = """
SELECT kind, severity, count(*) AS count FROM issues WHERE closed_at IS NULL
GROUP BY kind, severity ORDER BY severity = 'error' DESC, severity = 'warning' DESC, count DESC, kind"""

_LIMITS = """
SELECT 'unasked_portals' AS "limit", (
    SELECT count(*) FROM portals WHERE host IS NOT NULL AND id NOT IN (SELECT portal_id FROM attempts)) AS count
UNION ALL SELECT 'portals_without_host', (SELECT count(*) FROM portals WHERE host IS NULL)
UNION ALL SELECT 'organs_only_listed', (SELECT count(*) FROM agencies WHERE listed)
UNION ALL SELECT 'reports_without_year', (SELECT count(*) FROM reports WHERE year IS NULL)
UNION ALL SELECT 'reports_without_date', (SELECT count(*) FROM reports WHERE published_on IS NULL)
UNION ALL SELECT 'truncated_captures', (SELECT count(*) FROM captures WHERE truncated)
UNION ALL SELECT 'illegible_documents', (SELECT count(*) FROM documents WHERE NOT legible)
UNION ALL SELECT 'serial_gaps', (SELECT count(*) FROM serial_gaps)"""


@dataclass(frozen=True, slots=True)
class LimitCount:
    """A known limit of the archive."""

    limit: str  # what is missing or unsure
    count: int  # how much of it


@dataclass(frozen=True, slots=True)
class StateCount:
    """A state of coverage."""

    state: str  # a word of `CoverageState`
    count: int  # years of organs in this state


@dataclass(frozen=True, slots=True)
class AboutContent:
    """The page about the archive."""

    origin: str | None  # `live` or `replica`
    version: str  # version of govcrawl
    holds: Holdings  # what the archive holds
    limits: list[LimitCount]  # known limits
    states: list[StateCount]  # coverage, the most frequent state first
    issues: list[IssueCount]  # open issues by kind, the gravest first


def _content(connection: sqlite3.Connection, request: PageRequest) -> AboutContent:
    del request
    origin = select_rows(connection, _ORIGIN)
    return AboutContent(
        origin=origin[0]["value"] if origin else None,
        version=__version__,
        holds=holdings(connection),
        limits=select_as(connection, LimitCount, _LIMITS),
        states=select_as(connection, StateCount, _STATES),
        issues=select_as(connection, IssueCount, _ISSUES),
    )


ABOUT_PAGE = BrowsePage("about", "/-/about", _content, in_menu=True)
