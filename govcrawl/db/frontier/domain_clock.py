"""The time of the last request to each registered domain, and the end of its rest.

Both are stored in the database, so a crawl that is killed and restarted keeps to the same pace. Times are seconds since
the epoch, given by the caller.
"""

import sqlite3

from govcrawl.vocabulary import Outcome


class Domains:
    """The domain clocks, one row per registered domain (or shared back-end)."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def last_request_at(self, domain: str) -> float | None:
        """Returns the time of the last request to a domain, in this run or an earlier one; None if there was none."""
        at, _, _ = self._domain(domain)
        return at

    def resting_until(self, domain: str) -> float | None:
        """Returns the end of the domain's rest; None if it never rested."""
        _, until, _ = self._domain(domain)
        return until

    def resting_for(self, domain: str) -> Outcome | None:
        """Returns the outcome that made the domain rest; None if it never rested."""
        _, _, outcome = self._domain(domain)
        return Outcome(outcome) if outcome else None

    def touched(self, domain: str, at: float) -> None:
        """Stores the time of a request to the domain."""
        self._connection.execute(
            "INSERT INTO domains (domain, last_request_at) VALUES (?, ?) ON CONFLICT (domain) DO UPDATE SET"
            " last_request_at = max(excluded.last_request_at, coalesce(last_request_at, 0))",
            (domain, at),
        )

    def rest(self, domain: str, until: float, outcome: Outcome) -> None:
        """Stores until when the domain rests, and the outcome that led to it. A longer rest stays."""
        self._connection.execute(
            "INSERT INTO domains (domain, resting_until, rests_for) VALUES (?, ?, ?) ON CONFLICT (domain) DO UPDATE SET"
            " resting_until = max(excluded.resting_until, coalesce(resting_until, 0)), rests_for = excluded.rests_for",
            (domain, until, outcome),
        )

    def end_rest(self, domain: str, at: float) -> None:
        """Stores that the domain rests no longer."""
        self._connection.execute("UPDATE domains SET resting_until = ? WHERE domain = ?", (at, domain))

    def _domain(self, domain: str) -> tuple[float | None, float | None, str | None]:
        query = "SELECT last_request_at, resting_until, rests_for FROM domains WHERE domain = ?"
        row: tuple[float | None, float | None, str | None] | None = self._connection.execute(
            query, (domain,)
        ).fetchone()
        return row or (None, None, None)
