"""What a cell without a report rests on: the wall a portal's pages met last, and from where they were asked."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from govcrawl.db.derived.list_progress import UNREACHED, WALL_OUTCOMES
from govcrawl.vocabulary import CoverageState, KnownBy, Outcome, Wall

_STATES: Mapping[CoverageState, frozenset[Outcome]] = {
    CoverageState.BLOCKED: WALL_OUTCOMES,
    CoverageState.UNREACHABLE: UNREACHED | {Outcome.HTTP_ERROR, Outcome.SOFT_404},
}
"""States of a cell, and the outcomes of requests that lead to them."""

_LAST = """
SELECT portal_id, outcome, max(at), wall, vantage, vantage_known FROM attempts
WHERE role IN ('home', 'column', 'list', 'document') AND substr(at, 1, 10) <= ?
GROUP BY portal_id, outcome ORDER BY 3"""


@dataclass(frozen=True, slots=True)
class MetWall:
    """The wall of an attempt, and from where it was made; None for what nobody can tell."""

    wall: Wall | None = None
    vantage: str | None = None
    vantage_known: KnownBy | None = None


def met_walls(connection: sqlite3.Connection, until: date) -> Mapping[tuple[str, CoverageState], MetWall]:
    """(portal, state) → what its last attempt with an outcome of that state met, of those until a day."""
    found: dict[tuple[str, CoverageState], MetWall] = {}
    for portal, outcome, _, wall, vantage, known in connection.execute(_LAST, (until.isoformat(),)):
        met = MetWall(wall and Wall(wall), vantage, known and KnownBy(known))
        found |= {(portal, state): met for state, outcomes in _STATES.items() if outcome in outcomes}
    return found
