"""The database as a projection of the archive: opened, caught up after a crash, or rebuilt.

All three use `reading.arrival` and `db.store.arrive`, as a crawl does, so the content digest is the same however the
database was made. A crawl passes its own registry. Otherwise the archive's is used: the packaged registry with the
overlay that the archive's newest crawl recorded.
"""

import os
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from urllib.parse import urlsplit

from govcrawl import durable_files, forms, portals, reading, warc
from govcrawl.archive.layout import DATABASE, VERDICTS, database_of
from govcrawl.db import schema, store
from govcrawl.db.arrival import Arrival, Crawl
from govcrawl.db.connection import Connection, archive_property, open_database, set_archive_property, transaction
from govcrawl.db.derived.update import update_derived
from govcrawl.db.frontier.ledger import Ledger
from govcrawl.db.frontier.sibling_hosts import SiblingHost, store_sibling
from govcrawl.db.queries.stored_readings import Former, former_of
from govcrawl.db.store import crawls
from govcrawl.db.store.form_identities import sync_identities
from govcrawl.db.store.registry import sync_items, sync_portals
from govcrawl.db.store.verdicts import parse_verdicts, sync_verdicts
from govcrawl.errors import ArchiveError
from govcrawl.models import Portal
from govcrawl.portals import Registry, registered_domain
from govcrawl.portals.overlay import read_overlay
from govcrawl.portals.writing import entry_line
from govcrawl.reading_pool import ReadingPool, allow_another
from govcrawl.vocabulary import IssueKind, Origin
from govcrawl.warc import (
    ArchiveLock,
    Chunk,
    Problem,
    Recovery,
    StoredAttempt,
    StoredCrawl,
    StoredExchange,
    StoredRecord,
)

LOST_ENTRIES = "entries of earlier overlays"
Told = Callable[[int, int], None]
"""Called with (bytes done, bytes in total) of the WARC files during a rebuild."""
STRETCH = 1 << 18
"""Bytes of WARC per chunk that a process reads: some dozens of reports, whose rows are all in memory at a time."""
AHEAD = 4
"""Chunks that a reading process may be ahead of the storing one."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """The result of a rebuild: arrivals stored, and problems with records. The database is complete in any case."""

    arrivals: int
    problems: tuple[Problem, ...]


Replayed = Arrival | StoredCrawl | Problem
"""What one record group of the archive means for the database."""


def registry_of(archive: Path) -> Registry:
    """Returns the packaged registry with the overlay of the archive's newest crawl, whatever the working directory."""
    return portals.shipped(next(warc.overlays(archive), {}))


def _with_lost_entries(archive: Path, registry: Registry) -> Registry:
    """The registry with entries only an earlier overlay had, if the archive holds records of their portals."""
    folders = {name.partition("/")[0] for name in warc.warc_files(archive)} - {warc.RUNS}
    lost = {portal for portal in folders if portal not in registry}
    if not lost:
        return registry
    entries = dict(chain.from_iterable(_entries_of(overlay, lost) for overlay in reversed([*warc.overlays(archive)])))
    return portals.shipped({**registry.overlay, LOST_ENTRIES: "\n".join(entries.values()).encode()})


def _entries_of(overlay: Mapping[str, bytes], ids: Collection[str]) -> Iterator[tuple[str, str]]:
    """The entries with the given ids, each with its TOML line."""
    for key, entry in read_overlay(overlay)[0].items():
        if key in ids:
            yield key, entry_line(key, entry.over({}, {}))


def open_projection(archive: Path, origin: Origin, registry: Registry) -> Connection:
    """Returns the archive's database, open for writing; it is created if missing, with the registry and today's forms.

    Raises ArchiveError if the archive is of the other origin.
    """
    return _open(database_of(archive), origin, registry)


def _open(path: Path, origin: Origin, registry: Registry) -> Connection:
    schema.create(path, origin)
    connection = open_database(path)
    _sync_registry(connection, registry)
    sync_items(connection, forms.load_forms().by_number.values())
    sync_identities(connection, {form.key: form.identities for form in forms.load_forms().values()})
    return connection


def _sync_registry(connection: Connection, registry: Registry) -> None:
    """Stores the registry, which covers the whole country, unless the database holds it already."""
    if archive_property(connection, "registry") != registry.digest:
        with transaction(connection):
            sync_portals(connection, registry.values())
            set_archive_property(connection, "registry", registry.digest)


CaughtUp = tuple[tuple[Arrival, ...], tuple[Problem, ...]]
"""The arrivals that were stored, and what could not be."""


def catch_up(connection: Connection, recovery: Recovery, registry: Registry, pool: ReadingPool) -> CaughtUp:
    """Stores what a killed run had archived but not stored."""
    problems: list[Problem] = []
    read = partial(reading.arrival_within, pool)
    stored = replay(connection, (meaning(stored, registry, read) for stored in recovery.stored()))
    return tuple(_kept(stored, problems)), tuple(problems)


def replay(connection: Connection, found: Iterable[Replayed]) -> Iterator[Arrival | Problem]:
    """Stores what record groups of the archive mean, in the order given; yields arrivals as stored, and problems."""
    ledger = Ledger(connection, _domain_of)
    for item in found:
        if isinstance(item, Problem):
            yield item
        elif isinstance(item, Arrival):
            yield store.arrive(connection, ledger, item)
        else:
            yield from _replay_mark(connection, item)


def _replay_mark(connection: Connection, mark: StoredCrawl) -> Iterator[Problem]:
    """Stores a mark of a run; yields it as a problem if its fields are not those of one."""
    try:
        _replay_crawl(connection, mark)
        crawls.note_mark(connection, mark.warc_file, mark.end, mark.at)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        what = f"the mark of a run is not one of govcrawl's ({type(error).__name__}: {error})"
        yield Problem(mark.warc_file, mark.end, None, what)


def _replay_crawl(connection: Connection, mark: StoredCrawl) -> None:
    crawl, fields = str(mark.fields["id"]), mark.fields
    if mark.event == "host":
        sibling = SiblingHost(*(str(fields[name]) for name in ("portal", "host", "url", "link_name")))
        store_sibling(connection, sibling, mark.at, crawl)
    elif mark.event == "start":
        arguments = {str(name): str(value) for name, value in fields["arguments"].items()}
        spider, version = str(fields["spider"]), str(fields["version"])
        run = Crawl(crawl, spider, mark.at, version, arguments, fields.get("day"), fields.get("vantage"))
        crawls.crawl_started(connection, run)
    else:
        rules_broken, day = fields.get("rules_broken", ()), fields.get("day")
        crawls.crawl_finished(connection, crawl, mark.at, str(fields["reason"]), rules_broken, day)


_Read = Callable[[StoredExchange | StoredAttempt, Portal], Arrival]


def meaning(stored: StoredRecord, registry: Registry, read: _Read) -> Replayed:
    """Returns what a stored record means for the database; a Problem if its portal is not in the registry."""
    if isinstance(stored, StoredCrawl):
        return stored
    request = stored.request if isinstance(stored, warc.StoredAttempt) else stored.exchange.request
    if request.portal not in registry:
        what = f"portal {request.portal} is not in the registry; add its entry back and run `govcrawl rebuild`"
        return Problem(stored.warc_file, stored.end, request.url, what)
    return read(stored, registry.at(request.portal, request.url))


def _domain_of(url: str) -> str:
    return registered_domain(urlsplit(url).hostname or "")


def rebuild(archive: Path, processes: int | None = None, told: Told | None = None) -> Rebuilt:
    """Rebuilds the database from `archive/warc/` and replaces the old one in one step.

    If the parser fails on a page, the old database's reading of it is kept, and the page is listed as a problem.

    Args:
        archive: The archive folder. Nothing else is read, and no network is used.
        processes: How many processes read pages in parallel; None for one per core.
        told: Called with (bytes done, bytes in total) of the WARC files.

    Raises:
        ArchiveError: Another process holds the archive, or it has no WARC files.
    """
    warc.prepare(archive)
    with ReadingPool(processes or os.cpu_count() or 1) as pool, ArchiveLock(archive):
        return _rebuild(archive, pool, told)


def _rebuild(archive: Path, pool: ReadingPool, told: Told | None) -> Rebuilt:
    origin = warc.read_origin(archive)
    if origin is None:
        raise ArchiveError(f"{archive / 'warc'}: there are no WARC files to rebuild from; crawl first")
    newest, fresh = registry_of(archive), archive / f"{DATABASE}.new"
    registry = _with_lost_entries(archive, newest)
    _remove(fresh)
    problems: list[Problem] = []
    found = _told(_Chunks(archive, registry, pool).read(), archive, told)
    with (
        closing(_open(fresh, origin, registry)) as connection,
        former_of(database_of(archive)) as former,
    ):
        stored = replay(connection, (_with_former(item, former, problems) for item in found))
        count = sum(1 for _ in _kept(stored, problems))
        former.sign(connection)
        _sync_registry(connection, newest)
        problems += summed_up(connection, archive)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        lost = former.captures_missing_from(connection)
    if lost:
        before = _set_aside(database_of(archive))
        problems += (Problem(*place, f"the former database, kept as {before}, has this capture") for place in lost)
    _replace(fresh, database_of(archive))
    return Rebuilt(count, tuple(problems))


def summed_up(connection: Connection, archive: Path) -> tuple[Problem, ...]:
    """Brings up to date what is worked out from all rows and what people decided; returns lines that decide nothing."""
    update_derived(connection)
    file = archive / VERDICTS
    if not file.is_file():
        return ()
    verdicts, faults = parse_verdicts(file.read_bytes())
    sync_verdicts(connection, verdicts)
    return tuple(Problem(VERDICTS, offset, None, what) for offset, what in faults)


def _kept(found: Iterable[Arrival | Problem], problems: list[Problem]) -> Iterator[Arrival]:
    for item in found:
        if isinstance(item, Problem):
            problems.append(item)
        else:
            yield item


_NOT_READ = frozenset({IssueKind.PARSE_FAILED, IssueKind.REFUSED_LIMIT})


def _with_former(found: Replayed, former: Former, problems: list[Problem]) -> Replayed:
    """The same item; if the parser fails on its page, with the earlier reading and the fault as an issue."""
    if not isinstance(found, Arrival) or not found.capture or not found.reading:
        return found
    broken = [issue for issue in found.reading.issues if issue.kind in _NOT_READ]
    earlier = former.reading(found.capture) if broken else None
    if earlier is None:
        return found
    place = found.capture.warc_file, found.capture.warc_offset, found.capture.url
    problems.append(Problem(*place, f"its reader fails ({broken[0].detail}); what was read of it before is kept"))
    return replace(found, reading=replace(earlier, issues=tuple({*earlier.issues, *broken})))


Begun = tuple[Chunk, Future[list[Replayed]]]
"""A chunk and its result in a process."""


@dataclass(frozen=True, slots=True)
class _Chunks:
    """Reads an archive chunk by chunk with many readers; a chunk whose reader died is read again record by record."""

    archive: Path
    registry: Registry
    pool: ReadingPool

    def read(self) -> Iterator[tuple[Chunk, list[Replayed]]]:
        """What every chunk means, in the archive's order, with any number of readers."""
        begun = ((stretch, self._begin(stretch)) for stretch in warc.chunks_of(self.archive, STRETCH))
        ahead = deque(islice(begun, AHEAD * self.pool.count))
        while ahead:
            stretch, read = ahead.popleft()
            found = self._result(stretch, read)
            ahead.extend(islice(begun, 1))  # only now: memory use stays constant
            yield stretch, found

    def _begin(self, stretch: Chunk) -> Future[list[Replayed]]:
        return self.pool.submit(_read_stretch, self.archive, stretch, self.registry.overlay)

    def _result(self, stretch: Chunk, read: Future[list[Replayed]]) -> list[Replayed]:
        try:
            return read.result()
        except BrokenProcessPool:
            with ReadingPool() as careful:
                one_by_one = partial(reading.arrival_within, careful)
                return _meanings(self.archive, stretch, self.registry, one_by_one)


def _told(batches: Iterable[tuple[Chunk, list[Replayed]]], archive: Path, told: Told | None) -> Iterator[Replayed]:
    total = sum(warc.warc_path(archive, name).stat().st_size for name in warc.warc_files(archive)) if told else 0
    done = 0
    for stretch, batch in batches:
        yield from batch
        done += stretch.end - stretch.start
        if told:
            told(done, total)


def _read_stretch(archive: Path, stretch: Chunk, overlay: Mapping[str, bytes]) -> list[Replayed]:
    return _meanings(archive, stretch, portals.shipped(overlay), _next_arrival)


def _next_arrival(stored: StoredExchange | StoredAttempt, portal: Portal) -> Arrival:
    allow_another()
    return reading.arrival(stored, portal)


def _meanings(archive: Path, stretch: Chunk, registry: Registry, read: _Read) -> list[Replayed]:
    found = warc.survey_stretch(archive, stretch)
    return [each if isinstance(each, Problem) else meaning(each, registry, read) for each in found]


def _replace(fresh: Path, database: Path) -> None:
    """Readers of the old database keep it until they close it; the next to open it gets the new one, complete."""
    durable_files.sync(fresh)
    for suffix in ("-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
    fresh.replace(database)


def _set_aside(database: Path) -> str:
    """Keeps a database that holds what the archive no longer does; returns its new name."""
    kept = database.with_name(f"{database.name}.before")
    with closing(open_database(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.replace(kept)
    return kept.name


def _remove(database: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
