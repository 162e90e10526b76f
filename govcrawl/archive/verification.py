"""Verification: every record reads back, and the bytes at every fact's locator are the fact's text.

Each fault is reported with file, offset and address. Nothing is repaired here.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from functools import cache
from pathlib import Path

from govcrawl import warc
from govcrawl.archive.layout import database_of
from govcrawl.db.connection import Connection, read_database
from govcrawl.db.queries.evidence import (
    FactPlace,
    Indexed,
    capture_of,
    captures_in_order,
    captures_not_stored,
    database_faults,
    evidence_count,
    places_in,
)
from govcrawl.models import Capture, capture_id
from govcrawl.pages.decoding import decoding_of
from govcrawl.pages.spans import raw_at
from govcrawl.warc import Problem, StoredExchange, StoredRecord, content_type

_OF_INDEX = ("warc_file", "warc_offset", "warc_length", "sha256", "url")


def verify_archive(archive: Path, sample: int | None = None) -> Iterator[str]:
    """Yields every fault, one line each: records, digests, index, bytes of facts, the database's own consistency.

    Args:
        archive: The archive folder.
        sample: How many record groups to check, picked at random. None checks all of them, and also finds rows of the
            database without a record.

    Raises:
        ArchiveError: There is no archive or no database.
    """
    with ExitStack() as opened:
        connection = opened.enter_context(read_database(database_of(archive)))
        trial = cache(lambda: opened.enter_context(_trial_store(archive)))
        yield from (f"{database_of(archive)}: {fault}" for fault in database_faults(connection))
        checked, met = 0, set()
        for found in warc.everything(archive, sample):
            yield from _misdated(found)
            if isinstance(found, Problem):
                yield str(found)
                met.add(capture_id(found.warc_file, found.offset))
            elif isinstance(found, StoredExchange):
                places, row = places_in(connection, found.capture.id), capture_of(connection, found.capture.id)
                checked += len(places)
                met.add(found.capture.id)
                yield from misindexed(found.capture, row) if row else trial()(found)
                yield from misplaced(found, places)
        yield from _not_stored(connection)
        if sample is None:
            yield from _without_record(connection, met)
            yield from _unchecked(connection, checked)


def _trial_store(archive: Path) -> AbstractContextManager[Callable[[StoredExchange], Iterator[str]]]:
    from govcrawl.archive.trial_store import trial_store  # noqa: PLC0415 - the parser, which few archives need here

    return trial_store(archive)


def _not_stored(connection: Connection) -> Iterator[str]:
    """The records of which the database has the attempt alone, because reading or storing them failed."""
    for row, why in captures_not_stored(connection):
        what = f"it could not be read or stored ({why}); the bytes are kept, a later version may read them"
        yield str(Problem(row.warc_file, row.warc_offset, row.url, what))


def _misdated(found: StoredRecord | Problem) -> Iterator[str]:
    """Yields what is wrong with a record's date: a page of after now would stand for the newest for long."""
    if isinstance(found, Problem):
        return
    capture = found.capture if isinstance(found, StoredExchange) else None
    if fault := warc.misdated(capture.fetched_at if capture else getattr(found, "at", None)):
        place, what = (capture.warc_offset, capture.url) if capture else (found.end, None)
        advice = "it is kept; see that the clock is right"
        yield str(Problem(found.warc_file, place, what, f"{fault}; {advice}"))


def misindexed(capture: Capture, row: Indexed) -> Iterator[str]:
    """Yields the differences between a record and its row."""
    for name in _OF_INDEX:
        said, found = getattr(row, name), getattr(capture, name)
        if said != found:
            what = f"the database says {name} {said}, the record {found}; run `govcrawl rebuild`"
            yield str(Problem(capture.warc_file, capture.warc_offset, capture.url, what))


def _without_record(connection: Connection, met: set[str]) -> Iterator[str]:
    """The captures in the database without a record, except those already reported as damaged."""
    for row in captures_in_order(connection):
        if row.capture_id not in met:
            what = "the database has this capture, the archive no such record; restore the file from a copy"
            yield str(Problem(row.warc_file, row.warc_offset, row.url, what))


def misplaced(stored: StoredExchange, places: tuple[FactPlace, ...]) -> Iterator[str]:
    """Yields the facts whose text differs from the bytes at their locator."""
    if not places:
        return
    response, capture = stored.exchange.response, stored.capture
    _, charset = content_type(response.header("Content-Type"))
    encoding = decoding_of(response.body, charset).encoding
    for place in places:
        found = raw_at(response.body, place.locator, encoding)
        if found != place.raw:
            span = f"bytes {place.locator.start} to {place.locator.end}"
            what = f"fact {place.fact_id} says {place.raw!r}, {span} say {found!r}; run `govcrawl rebuild`"
            yield str(Problem(capture.warc_file, capture.warc_offset, capture.url, what))


def _unchecked(connection: Connection, checked: int) -> Iterator[str]:
    known = evidence_count(connection)
    if checked < known:
        yield f"{known - checked} of {known} facts rest on records that are not there; restore their files from a copy"
