"""The ledger: the frontier of a crawl, stored in the database so that a killed crawl continues where it stopped.

Lists are requested before documents, documents in the order of their index numbers, revisits of known documents last. A
list is requested once in every round; `refresh_round` defines which other known pages a round requests. A round is the
work of one spider from the end of its last finished run to the end of the next. Runs that were killed or stopped and
restarted share a round, so no list is read twice in it. Times are seconds since the epoch, given by the caller.
"""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from govcrawl import index_number
from govcrawl.db.connection import transaction
from govcrawl.db.ids import address_id
from govcrawl.models import Queued, Request
from govcrawl.vocabulary import LedgerState, Role

RANKS = {role: rank for rank, role in enumerate((Role.HOME, Role.COLUMN, Role.LIST, Role.DOCUMENT, Role.ATTACHMENT))}
_BEHIND = "~"  # sorts behind every index prefix


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A request taken from the ledger, its registered domain, its tries in this round, and its report year if known."""

    request: Request
    domain: str
    tries: int
    report_year: int | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """The portals and report years of a run; an empty set means all. A request of unknown year is always wanted."""

    portals: frozenset[str] = frozenset()
    years: frozenset[int] = frozenset()

    @property
    def parameters(self) -> dict[str, str | None]:
        """The SQL parameters of `IS_WANTED`: JSON lists, None for all."""
        return {"portals": _json_set(self.portals), "years": _json_set(self.years)}


class Ledger:
    """The frontier of one run.

    `domain_of` returns the registered domain (or shared back-end) of an address: the unit of politeness. `crawl` is the
    id of a run stored by `crawls.crawl_started`, or None when stored responses are replayed: a request that failed then
    stays queued. Requests in flight are held in memory only, so after a kill they are still queued.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        domain_of: Callable[[str], str],
        *,
        crawl: str | None = None,
        wanted: Wanted = Wanted(),
    ) -> None:
        self.crawl = crawl
        self._connection = connection
        self._domain_of = domain_of
        self._in_flight: set[str] = set()
        row = connection.execute("SELECT round FROM crawls WHERE id = ?", (crawl,)).fetchone()
        self._round: str | None = row[0] if row else None
        self._wanted = wanted.parameters

    # -------------------------------------------------------------------------------------------------- filling

    def seed(self, requests: Iterable[Request], at: float) -> int:
        """Inserts the start requests of a crawl; returns how many were inserted or queued again."""
        return self.enqueue([Queued(request) for request in requests], at)

    def enqueue(self, queued: Sequence[Queued], at: float) -> int:
        """Inserts new requests and queues known ones again where due; returns the number of rows changed.

        Queued again are requests settled in another round: lists, failed requests without a later due time, and pages
        on the way to lists whose context differs (other years, for example).
        """
        rows = [self._row(item, at) for item in queued]
        with transaction(self._connection):
            before = self._connection.total_changes
            self._connection.executemany(_ENQUEUE, rows)
            return self._connection.total_changes - before

    def _row(self, queued: Queued, at: float) -> dict[str, object]:
        return {
            **self._columns(queued.request),
            **_order_of(queued),
            "report_year": queued.year,
            "at": at,
            "round": self._round,
        }

    def _columns(self, request: Request) -> dict[str, object]:
        return {
            "id": request.id,
            "portal_id": request.portal,
            "platform": request.platform,
            "role": request.role,
            "role_rank": RANKS[request.role],
            "url": request.url,
            "key": request.key,
            "method": request.method,
            "headers": json.dumps(request.headers),
            "body": request.body,
            "context": json.dumps(request.context, ensure_ascii=False),
            "domain": self._domain_of(request.url),
            "listing_id": address_id(request.portal, request.url),
        }

    # -------------------------------------------------------------------------------------------------- walking

    def take(self, domain: str, now: float, limit: int = 1) -> list[LedgerEntry]:
        """Returns the next due and wanted requests of a domain, at most `limit`, and marks them as in flight."""
        taken: list[LedgerEntry] = []
        for row in self._connection.execute(_TAKE, {**self._wanted, "domain": domain, "now": now}):
            if len(taken) == limit:
                break
            if row[0] not in self._in_flight:
                taken.append(_entry(row))
        self._in_flight.update(entry.request.id for entry in taken)
        return taken

    def give_back(self, request: Request) -> None:
        """Marks a request that was not sent as no longer in flight."""
        self._in_flight.discard(request.id)

    def domains_due(self, now: float) -> list[str]:
        """Returns the domains that have a due and wanted request, sorted by name."""
        return [domain for (domain,) in self._connection.execute(_DOMAINS_DUE, {**self._wanted, "now": now})]

    # ------------------------------------------------------------------------------------------------- settling

    def settle(
        self,
        request: Request,
        state: LedgerState,
        at: str,
        due_at: float | None = None,
        listed: int | None = None,
    ) -> None:
        """Stores how an attempt ended. Called by `store.arrive`.

        A `queued` request is tried again at `due_at`. A `failed` request with `due_at` is not queued again before that
        time, in any round. `listed` is the number of rows on a list page.

        A request that is not in the ledger yet (a replayed response) is inserted. An older attempt never overwrites a
        newer one.
        """
        row = {
            **self._columns(request),
            **_order_of(Queued(request)),
            "state": state,
            "at": at,
            "due_at": due_at,
            "round": None if state is LedgerState.QUEUED else self._round,
            "listed": listed,
        }
        self._connection.execute(_SETTLE, row)
        self._in_flight.discard(request.id)

    def report_year(self, request: Request) -> int | None:
        """Returns the report year of a request, read from a title; None if unknown."""
        row = self._connection.execute("SELECT report_year FROM frontier WHERE id = ?", (request.id,)).fetchone()
        return row[0] if row else None

    def give_up(self, portal: str, key: str | None = None) -> int:
        """Fails the queued pages of a portal's list, or of all its lists if `key` is None; returns how many.

        This holds for the current round; the next one requests them.
        """
        row = {"portal": portal, "key": key, "round": self._round}
        return self._connection.execute(_GIVE_UP, row).rowcount

    def lists(self, portal: str) -> list[Request]:
        """Returns the requests of all known list pages of a portal, sorted by address."""
        rows = self._connection.execute(_LISTS, (portal,))
        return [_entry(row).request for row in rows]

    def knows(self, request: Request) -> bool:
        """True if a request is in the ledger, in any state."""
        row = self._connection.execute("SELECT 1 FROM frontier WHERE id = ?", (request.id,)).fetchone()
        return row is not None

    # ------------------------------------------------------------------------------------------------- counting

    def counts(self) -> Mapping[tuple[Role, LedgerState], int]:
        """Returns (role, state) → number of wanted requests."""
        rows = self._connection.execute(_COUNTS, self._wanted)
        return {(Role(role), LedgerState(state)): count for role, state, count in rows}


def _json_set(values: Collection[object]) -> str | None:
    return json.dumps(sorted(values, key=str)) if values else None


def _order_of(queued: Queued) -> dict[str, object]:
    _, _, place = queued.request.url.partition("://")
    number = index_number.parse_index_number(queued.index_number) if queued.index_number else None
    if number is None:
        return {"order_prefix": _BEHIND, "order_year": 0, "order_serial": 0, "order_place": place}
    return {
        "order_prefix": number.prefix,
        "order_year": number.year * 100 + (number.month or 0),
        "order_serial": number.serial,
        "order_place": place,
    }


def _entry(row: Sequence[object]) -> LedgerEntry:
    (_, portal, platform, role, url, key, method, headers, body, context, domain, tries, year) = row
    request = Request(
        portal=str(portal),
        platform=str(platform),
        role=Role(str(role)),
        url=str(url),
        key=str(key),
        method=str(method),
        headers=tuple(_pairs(str(headers))),
        body=bytes(body) if isinstance(body, bytes) else b"",
        context=tuple(_pairs(str(context))),
    )
    return LedgerEntry(request, str(domain), int(str(tries)), int(str(year)) if year is not None else None)


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in json.loads(text))


# ------------------------------------------------------------------------------------------------------------ SQL

_INSERT = """
INSERT INTO frontier (
  id, portal_id, platform, role, role_rank, url, key, method, headers, body, context, domain, listing_id,
  order_prefix, order_year, order_serial, order_place, {columns}
) VALUES (
  :id, :portal_id, :platform, :role, :role_rank, :url, :key, :method, :headers, :body, :context, :domain, :listing_id,
  :order_prefix, :order_year, :order_serial, :order_place, {values}
)"""

_AGAIN = f"""(
  state = 'failed' AND settled_round IS NOT :round AND coalesce(due_at, 0) <= :at
  OR state = 'done' AND settled_round IS NOT :round AND (
    role = '{Role.LIST}' OR role_rank < {RANKS[Role.LIST]} AND context <> excluded.context
  )
)"""

_ENQUEUE = f"""
{_INSERT.format(columns="report_year, state, tries, due_at", values=":report_year, 'queued', 0, :at")}
ON CONFLICT (id) DO UPDATE SET
  state = CASE WHEN {_AGAIN} THEN 'queued' ELSE state END,
  tries = CASE WHEN {_AGAIN} THEN 0 ELSE tries END,
  due_at = CASE WHEN {_AGAIN} THEN :at ELSE due_at END,
  context = CASE WHEN {_AGAIN} THEN excluded.context ELSE context END,
  order_year = CASE WHEN excluded.order_prefix < order_prefix THEN excluded.order_year ELSE order_year END,
  order_serial = CASE WHEN excluded.order_prefix < order_prefix THEN excluded.order_serial ELSE order_serial END,
  order_prefix = min(order_prefix, excluded.order_prefix),
  report_year = coalesce(report_year, excluded.report_year)
WHERE {_AGAIN}
  OR excluded.order_prefix < order_prefix
  OR report_year IS NULL AND excluded.report_year IS NOT NULL"""

_SETTLED = "state, tries, due_at, settled_at, settled_round, listed"
_SETTLE = f"""
{_INSERT.format(columns=_SETTLED, values=":state, 1, :due_at, :at, :round, :listed")}
ON CONFLICT (id) DO UPDATE SET
  state = :state, tries = tries + 1, due_at = :due_at, settled_at = :at, settled_round = :round,
  listed = coalesce(:listed, listed)
WHERE settled_at IS NULL OR settled_at <= :at"""

IS_WANTED = """
(:portals IS NULL OR portal_id IN (SELECT value FROM json_each(:portals)))
AND (:years IS NULL OR report_year IS NULL OR report_year IN (SELECT value FROM json_each(:years)))"""

_TAKE = f"""
SELECT id, portal_id, platform, role, url, key, method, headers, body, context, domain, tries, report_year
FROM frontier
WHERE state = 'queued' AND domain = :domain AND +due_at <= :now AND {IS_WANTED}
ORDER BY role_rank, order_prefix, order_year, order_serial, order_place"""

_GIVE_UP = f"""
UPDATE frontier SET state = '{LedgerState.FAILED}', settled_round = :round
WHERE portal_id = :portal AND (:key IS NULL OR key = :key) AND state = '{LedgerState.QUEUED}'
  AND role_rank < {RANKS[Role.DOCUMENT]}"""

_LISTS = """
SELECT id, portal_id, platform, role, url, key, method, headers, body, context, domain, tries, report_year
FROM frontier WHERE portal_id = ? AND role = 'list' ORDER BY url, id"""

# `+due_at` keeps SQLite on the index of the walk, which returns rows in order and avoids a sort of all due rows.
# SQLite has no loose index scan: the recursion jumps from one domain to the next instead of reading every row.
_DOMAINS_DUE = f"""
WITH RECURSIVE known (domain) AS (
  SELECT min(domain) FROM frontier WHERE state = 'queued'
  UNION ALL
  SELECT (SELECT min(domain) FROM frontier WHERE state = 'queued' AND domain > known.domain)
  FROM known WHERE known.domain IS NOT NULL
)
SELECT known.domain FROM known
WHERE known.domain IS NOT NULL AND EXISTS (
  SELECT 1 FROM frontier
  WHERE state = 'queued' AND frontier.domain = known.domain AND due_at <= :now AND {IS_WANTED}
)"""

_COUNTS = f"SELECT role, state, count(*) FROM frontier WHERE {IS_WANTED} GROUP BY role, state"
