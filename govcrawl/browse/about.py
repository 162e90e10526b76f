"""What this archive is, how to cite it, and what is known to be missing or unsure in it, counted."""

import sqlite3

from govcrawl import __version__
from govcrawl.browse.home import holdings
from govcrawl.browse.page import Asked, Content, Page, rows

_ORIGIN = "SELECT value FROM archive WHERE name = 'origin'"
_STATES = "SELECT state, count(*) AS count FROM coverage GROUP BY state ORDER BY count DESC"

# Open issues only: each count leads to the list of them.
_ISSUES = """
SELECT kind, severity, count(*) AS count FROM issues WHERE closed_at IS NULL
GROUP BY kind, severity ORDER BY severity = 'error' DESC, severity = 'warning' DESC, count DESC, kind"""

_LIMITS = """
SELECT 'unasked_portals' AS limit_, (
    SELECT count(*) FROM portals WHERE host IS NOT NULL AND id NOT IN (SELECT portal_id FROM attempts)) AS count
UNION ALL SELECT 'portals_without_host', (SELECT count(*) FROM portals WHERE host IS NULL)
UNION ALL SELECT 'organs_only_listed', (SELECT count(*) FROM agencies WHERE listed)
UNION ALL SELECT 'reports_without_year', (SELECT count(*) FROM reports WHERE year IS NULL)
UNION ALL SELECT 'reports_without_date', (SELECT count(*) FROM reports WHERE published_on IS NULL)
UNION ALL SELECT 'truncated_captures', (SELECT count(*) FROM captures WHERE truncated)
UNION ALL SELECT 'illegible_documents', (SELECT count(*) FROM documents WHERE NOT legible)
UNION ALL SELECT 'serial_gaps', (SELECT count(*) FROM serial_gaps)"""


def content(connection: sqlite3.Connection, asked: Asked) -> Content:
    """Holdings, citation data and limits: `{"limit", "count"}`, states of coverage, open issues by kind."""
    del asked
    origin = rows(connection, _ORIGIN)
    return {
        "origin": origin[0]["value"] if origin else None,
        "version": __version__,
        "holds": holdings(connection),
        "limits": [{"limit": each["limit_"], "count": each["count"]} for each in rows(connection, _LIMITS)],
        "states": rows(connection, _STATES),
        "issues": rows(connection, _ISSUES),
    }


PAGE = Page("about", "/-/about", content, in_menu=True)
