"""When each registered domain was asked last, and until when it rests. Kept across restarts.

Kept in the ledger, so that a crawl that is killed and started again waits as if it had never stopped. Times are seconds
since the epoch, given by the caller.
"""

import sqlite3

from govcrawl.vocabulary import Outcome


class Domains:
    """The memory of politeness, one row a registered domain (or shared back-end)."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def last_request_at(self, domain: str) -> float | None:
        """When the domain was last asked, by this run or an earlier one."""
        at, _, _ = self._domain(domain)
        return at

    def resting_until(self, domain: str) -> float | None:
        """Until when the domain is left alone, if it is."""
        _, until, _ = self._domain(domain)
        return until

    def resting_for(self, domain: str) -> Outcome | None:
        """The outcome that made the domain rest, if it ever did."""
        _, _, outcome = self._domain(domain)
        return Outcome(outcome) if outcome else None

    def touched(self, domain: str, at: float) -> None:
        """Note that the domain is asked at a time."""
        self._connection.execute(
            "INSERT INTO domains (domain, last_request_at) VALUES (?, ?) ON CONFLICT (domain) DO UPDATE SET"
            " last_request_at = max(excluded.last_request_at, coalesce(last_request_at, 0))",
            (domain, at),
        )

    def rest(self, domain: str, until: float, outcome: Outcome) -> None:
        """Leave the domain alone until a time, or longer if it rests already, because of how requests to it ended."""
        self._connection.execute(
            "INSERT INTO domains (domain, resting_until, rests_for) VALUES (?, ?, ?) ON CONFLICT (domain) DO UPDATE SET"
            " resting_until = max(excluded.resting_until, coalesce(resting_until, 0)), rests_for = excluded.rests_for",
            (domain, until, outcome),
        )

    def _domain(self, domain: str) -> tuple[float | None, float | None, str | None]:
        query = "SELECT last_request_at, resting_until, rests_for FROM domains WHERE domain = ?"
        row: tuple[float | None, float | None, str | None] | None = self._connection.execute(
            query, (domain,)
        ).fetchone()
        return row or (None, None, None)
