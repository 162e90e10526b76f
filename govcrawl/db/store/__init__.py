"""Stores what a crawl fetches: everything that one response means, in one transaction.

A reading is stored whole or not at all. The same arrivals in any order, with any repeats, give the same rows except for
timestamps. `arrive` is called by the pipelines, by the catch-up after a crash and by `rebuild`.
"""

import json
import sqlite3
from collections.abc import Iterator

from govcrawl.agencies.naming import nearness
from govcrawl.db.arrival import Arrival, storable
from govcrawl.db.connection import WriteError, transaction
from govcrawl.db.connection_cache import cached_for_connection, portal_gazetteer
from govcrawl.db.frontier.ledger import Ledger
from govcrawl.db.frontier.revisit_calendar import is_absent, rest_until, year_asked_for
from govcrawl.db.ids import address_id, digest_of, report_id
from govcrawl.db.rows import insert_new
from govcrawl.db.store import crawls
from govcrawl.db.store.agencies import store_agency
from govcrawl.db.store.derived_fields import update_agency_code, update_report_fields
from govcrawl.db.store.documents import is_legible, store_document
from govcrawl.db.store.issues import store_issues
from govcrawl.db.store.listings import store_listings
from govcrawl.db.store.versions import Evidence, store_version
from govcrawl.models import Capture, Issue, ListPage, Reading
from govcrawl.vocabulary import ON_THE_SPOT, IssueKind, KnownBy, LedgerState, Outcome, Role, Severity, Shown

_ANSWERED = frozenset({Outcome.OK, Outcome.NOT_MODIFIED})
_OF_DOCUMENTS = frozenset({Role.DOCUMENT, Role.ATTACHMENT})


def arrive(connection: sqlite3.Connection, ledger: Ledger, arrival: Arrival, now: float = 0.0) -> Arrival:
    """Stores an arrival and settles its request; follow-up requests are due from `now` (seconds since the epoch).

    Returns what was stored: the arrival or, where something in it cannot be stored, the attempt of outcome `error`.
    Raises WriteError if the disk refuses.
    """
    try:
        _store(connection, ledger, arrival, now)
    except WriteError:
        raise
    except Exception as error:  # noqa: BLE001 - one record must not end the run, or any later one
        failed = arrival.failed(error)
        _store(connection, ledger, failed, now)
        return failed
    return arrival


def _store(connection: sqlite3.Connection, ledger: Ledger, arrival: Arrival, now: float) -> None:
    with transaction(connection):
        if arrival.capture:
            _store_capture(connection, arrival, arrival.capture)
            _store_content(connection, arrival, arrival.capture)
        _store_attempt(connection, arrival, ledger.crawl)
        ledger.enqueue(arrival.queued, now)
        if arrival.request.role not in ON_THE_SPOT:
            _settle(ledger, arrival, now)


def _settle(ledger: Ledger, arrival: Arrival, now: float) -> None:
    """Settles a request as done, queued for another try, or failed. A replay fails only absent documents."""
    request = arrival.request
    if arrival.outcome in _ANSWERED or arrival.queued:
        listed = len(arrival.page.rows) if arrival.page else None
        ledger.settle(request, LedgerState.DONE, arrival.at, listed=listed)
        if arrival.answered:
            ledger.settle(arrival.answered, LedgerState.DONE, arrival.at)
    elif arrival.retry_at is not None:
        ledger.settle(request, LedgerState.QUEUED, arrival.at, arrival.retry_at)
    elif is_absent(request.role, arrival.outcome, arrival.http_status):
        year = year_asked_for(request) or ledger.report_year(request)
        ledger.settle(request, LedgerState.FAILED, arrival.at, rest_until(year, arrival.at))
    elif ledger.crawl is None:
        ledger.settle(request, LedgerState.QUEUED, arrival.at, now)
    else:
        ledger.settle(request, LedgerState.FAILED, arrival.at)


def shown(arrival: Arrival) -> Shown | None:
    """Returns what a response shows at a document's address; None elsewhere, and if it shows nothing certain."""
    if not _is_of_document(arrival):
        return None
    if arrival.reading:
        seen = Shown.REPORT if arrival.reading.report.is_report else Shown.OTHER
        return seen if is_legible(arrival.reading) else None
    if is_absent(arrival.request.role, arrival.outcome, arrival.http_status):
        return Shown.GONE
    return Shown.MOVED if arrival.queued else None


def _is_of_document(arrival: Arrival) -> bool:
    """True for what was asked of a document's address, and for a page on the way that is itself a document."""
    return arrival.request.role in _OF_DOCUMENTS or arrival.answered is not None


def _store_capture(connection: sqlite3.Connection, arrival: Arrival, capture: Capture) -> None:
    request = capture.request
    document = address_id(request.portal, request.url) if _is_of_document(arrival) else None
    row = {
        "id": capture.id,
        "portal_id": request.portal,
        "document_id": document,
        "request_id": request.id,
        "role": request.role,
        "url": capture.url,
        "fetched_at": capture.fetched_at,
        "http_status": capture.status,
        "sha256": capture.sha256,
        "media_type": capture.media_type,
        "warc_file": capture.warc_file,
        "warc_offset": capture.warc_offset,
        "warc_length": capture.warc_length,
        "truncated": capture.truncated,
        "comparable": arrival.comparable,
        "shows": shown(arrival),
    }
    insert_new(connection, "captures", row)


def _store_attempt(connection: sqlite3.Connection, arrival: Arrival, crawl: str | None) -> None:
    request = arrival.request
    identity = arrival.capture.id if arrival.capture else digest_of(request.id, arrival.at, arrival.outcome)
    row = {
        "id": identity,
        "crawl_id": crawl,
        "request_id": request.id,
        "portal_id": request.portal,
        "role": request.role,
        "url": request.url,
        "at": arrival.at,
        "outcome": arrival.outcome,
        "http_status": arrival.http_status,
        "detail": arrival.detail and storable(arrival.detail),  # it may quote a header of any bytes
        "wall": arrival.wall,
        "vantage": arrival.vantage,
        "vantage_known": arrival.vantage and KnownBy.CLAIMED,
    }
    insert_new(connection, "attempts", row)
    if arrival.archive_file is not None and arrival.archive_end is not None:
        crawls.mark_indexed(connection, arrival.archive_file, arrival.archive_end)


def _store_content(connection: sqlite3.Connection, arrival: Arrival, capture: Capture) -> None:
    if arrival.issues:
        store_issues(connection, capture, arrival.issues)
    if arrival.page:
        _store_page(connection, capture, arrival.page)
    if arrival.reading:
        _store_reading(connection, capture, arrival.reading)


# ---------------------------------------------------------------------------------------------------------- lists


def _store_page(connection: sqlite3.Connection, capture: Capture, page: ListPage) -> None:
    changed = store_listings(connection, page.rows, capture.fetched_at)
    for report, agency in _reports_at(connection, changed):
        update_report_fields(connection, report)
        update_agency_code(connection, agency)
    store_issues(connection, capture, _issues_of_list(capture.request.url, page))


def _issues_of_list(url: str, page: ListPage) -> Iterator[Issue]:
    for excerpt in page.debris:
        yield Issue(IssueKind.LIST_ROW_UNUSABLE, Severity.INFO, url, excerpt)
    if page.open_ended:
        told = "the list goes on, and no further page could be asked for"
        yield Issue(IssueKind.LIST_LENGTH_UNKNOWN, Severity.WARNING, url, told)


def _reports_at(connection: sqlite3.Connection, documents: tuple[str, ...]) -> list[tuple[str, str]]:
    """The reports that some documents carry, each with its agency."""
    return connection.execute(
        "SELECT DISTINCT report.id, report.agency_id FROM report_copies AS copy"
        " JOIN reports AS report ON report.id = copy.report_id"
        " WHERE copy.document_id IN (SELECT value FROM json_each(?))",
        (json.dumps(documents),),
    ).fetchall()


# ------------------------------------------------------------------------------------------------------ documents


def _store_reading(connection: sqlite3.Connection, capture: Capture, reading: Reading) -> None:
    document = store_document(connection, capture, reading)
    version = None
    if reading.report.is_report and is_legible(reading):
        version = _store_report(connection, capture, document, reading)
    for report, agency in _reports_at(connection, (document,)):
        update_report_fields(connection, report)
        update_agency_code(connection, agency)
    store_issues(connection, capture, reading.issues, document, version)


def _store_report(connection: sqlite3.Connection, capture: Capture, document: str, reading: Reading) -> str:
    """Inserts the report, its copy and its version; returns the version's id."""
    place = cached_for_connection(connection, portal_gazetteer).portals[capture.request.portal]
    agency = store_agency(connection, place, document, reading)
    year, scope = reading.report.year, reading.report.scope
    report = report_id(agency.id, year, scope, document)
    insert_new(connection, "reports", {"id": report, "agency_id": agency.id, "year": year, "scope": scope})
    copy = {"report_id": report, "document_id": document, "preferred": 0, "nearness": nearness(place, agency)}
    insert_new(connection, "report_copies", copy)
    version = store_version(connection, Evidence(report, document, capture.id, capture.fetched_at), reading)
    connection.execute("UPDATE captures SET report_version_id = ? WHERE id = ?", (version, capture.id))
    return version
