"""The database as a projection of the archive: opened, caught up after a crash, or rebuilt.

All three go through `reading.arrival` and `db.store.arrive`, exactly as a crawl does, so that the content digest is
the same however the database came to be. The registry that pages are read with is handed in by a crawl, and otherwise
the archive's own: what is shipped, with the overlay that its newest crawl wrote down.
"""

import gc
import multiprocessing.connection
import os
import threading
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
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
from govcrawl.portals import Registry, registered_domain
from govcrawl.portals.overlay import read_overlay
from govcrawl.portals.writing import entry_line
from govcrawl.vocabulary import IssueKind, Origin
from govcrawl.warc import ArchiveLock, Chunk, Problem, Recovery, StoredCrawl, StoredRecord

LOST_ENTRIES = "entries of earlier overlays"
Told = Callable[[int, int], None]
"""Called with (bytes done, bytes in all) of the WARC files as a rebuild goes on."""
STRETCH = 1 << 18
"""Bytes of WARC that a process reads in one go: some dozens of reports, whose rows all are in memory at a time."""
AHEAD = 4
"""How many stretches a process may be ahead of the one that stores."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild took in, and what it could not read back; the database stands in any case."""

    arrivals: int
    problems: tuple[Problem, ...]


Replayed = Arrival | StoredCrawl | Problem
"""What one place of the archive means for the database."""


def registry_of(archive: Path) -> Registry:
    """What is shipped, with the overlay of the archive's newest crawl laid over it, wherever one works."""
    return portals.shipped(next(warc.overlays(archive), {}))


def _with_lost_entries(archive: Path, registry: Registry) -> Registry:
    """The same with entries that only an earlier crawl's overlay had, if the archive holds records of their portals."""
    folders = {name.partition("/")[0] for name in warc.warc_files(archive)} - {warc.RUNS}
    lost = {portal for portal in folders if portal not in registry}
    if not lost:
        return registry
    entries = dict(chain.from_iterable(_entries_of(overlay, lost) for overlay in reversed([*warc.overlays(archive)])))
    return portals.shipped({**registry.overlay, LOST_ENTRIES: "\n".join(entries.values()).encode()})


def _entries_of(overlay: Mapping[str, bytes], ids: Collection[str]) -> Iterator[tuple[str, str]]:
    """The entries with some ids, each with its line."""
    for key, entry in read_overlay(overlay)[0].items():
        if key in ids:
            yield key, entry_line(key, entry.over({}, {}))


def open_projection(archive: Path, origin: Origin, registry: Registry) -> Connection:
    """The archive's database, open for writing, made where it is missing, with a registry and today's forms in it.

    Raises ArchiveError where the archive is of the other origin.
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
    """Bring the registry in, unless the database holds it already: it is of the whole country."""
    if archive_property(connection, "registry") != registry.digest:
        with transaction(connection):
            sync_portals(connection, registry.values())
            set_archive_property(connection, "registry", registry.digest)


def catch_up(connection: Connection, recovery: Recovery, registry: Registry) -> tuple[Arrival, ...]:
    """Store what a killed run had archived and not stored; the arrivals among it."""
    found = [_meaning(stored, registry) for stored in recovery.stored()]
    replay(connection, found)
    return tuple(one for one in found if isinstance(one, Arrival))


def replay(connection: Connection, found: Iterable[Replayed]) -> int:
    """Store what places of the archive mean, in the order given; how many arrivals there were."""
    ledger = Ledger(connection, _domain_of)
    count = 0
    for item in found:
        if isinstance(item, Arrival):
            store.arrive(connection, ledger, item)
            count += 1
        elif isinstance(item, StoredCrawl):
            _replay_crawl(connection, item)
    return count


def _replay_crawl(connection: Connection, mark: StoredCrawl) -> None:
    crawl, fields = str(mark.fields["id"]), mark.fields
    if mark.event == "host":
        sibling = SiblingHost(*(str(fields[name]) for name in ("portal", "host", "url", "link_name")))
        store_sibling(connection, sibling, mark.at, crawl)
    elif mark.event == "start":
        arguments = {str(name): str(value) for name, value in fields["arguments"].items()}
        crawls.crawl_started(
            connection,
            Crawl(crawl, str(fields["spider"]), mark.at, str(fields["version"]), arguments, fields.get("day")),
        )
    else:
        rules_broken, day = fields.get("rules_broken", ()), fields.get("day")
        crawls.crawl_finished(connection, crawl, mark.at, str(fields["reason"]), rules_broken, day)


def _meaning(stored: StoredRecord, registry: Registry) -> Arrival | StoredCrawl:
    if isinstance(stored, StoredCrawl):
        return stored
    request = stored.request if isinstance(stored, warc.StoredAttempt) else stored.exchange.request
    if request.portal not in registry:
        raise ArchiveError(f"{stored.warc_file}: portal {request.portal} is not in the registry; add its entry back")
    return reading.arrival(stored, registry.at(request.portal, request.url))


def _domain_of(url: str) -> str:
    return registered_domain(urlsplit(url).hostname or "")


def rebuild(archive: Path, processes: int | None = None, told: Told | None = None) -> Rebuilt:
    """Make the database anew from `archive/warc/` and put it in the old one's place in one step.

    Where the reader breaks on a page, what the old database has of it is kept, and the page is listed as a problem.

    Args:
        archive: the archive folder; nothing else is read, and no network used.
        processes: how many read pages side by side; None for as many as there are cores.
        told: called with (bytes done, bytes in all) of the WARC files.

    Raises:
        ArchiveError: another process has the archive, or there is nothing to rebuild from.
    """
    warc.prepare(archive)
    lock = ArchiveLock(archive)
    lock.acquire()
    try:
        return _rebuild(archive, processes or os.cpu_count() or 1, told)
    finally:
        lock.release()


def _rebuild(archive: Path, processes: int, told: Told | None) -> Rebuilt:
    origin = warc.read_origin(archive)
    if origin is None:
        raise ArchiveError(f"{archive / 'warc'}: there are no WARC files to rebuild from; crawl first")
    newest, fresh = registry_of(archive), archive / f"{DATABASE}.new"
    registry = _with_lost_entries(archive, newest)
    _remove(fresh)
    problems: list[Problem] = []
    with (
        _reading(archive, registry, processes, told) as found,
        closing(_open(fresh, origin, registry)) as connection,
        former_of(database_of(archive)) as former,
    ):
        kept = _kept(found, problems)
        count = replay(connection, (_with_former(item, former, problems) for item in kept))
        former.sign(connection)
        _sync_registry(connection, newest)
        summed_up(connection, archive)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    _replace(fresh, database_of(archive))
    return Rebuilt(count, tuple(problems))


def summed_up(connection: Connection, archive: Path) -> None:
    """Bring up to date what is worked out from all rows, and what people decided."""
    update_derived(connection)
    verdicts = archive / VERDICTS
    if verdicts.is_file():
        with verdicts.open(encoding="utf-8") as lines:
            sync_verdicts(connection, parse_verdicts(lines, str(verdicts)))


def _kept(found: Iterable[Replayed], problems: list[Problem]) -> Iterator[Replayed]:
    for item in found:
        if isinstance(item, Problem):
            problems.append(item)
        else:
            yield item


def _with_former(found: Replayed, former: Former, problems: list[Problem]) -> Replayed:
    """The same, but what an earlier version read, with the fault as an issue, where the reader now breaks on a page."""
    if not isinstance(found, Arrival) or not found.capture or not found.reading:
        return found
    broken = [issue for issue in found.reading.issues if issue.kind is IssueKind.PARSE_FAILED]
    earlier = former.reading(found.capture) if broken else None
    if earlier is None:
        return found
    place = found.capture.warc_file, found.capture.warc_offset, found.capture.url
    problems.append(Problem(*place, f"its reader fails ({broken[0].detail}); what was read of it before is kept"))
    return replace(found, reading=replace(earlier, issues=tuple({*earlier.issues, *broken})))


@contextmanager
def _reading(archive: Path, registry: Registry, processes: int, told: Told | None) -> Iterator[Iterator[Replayed]]:
    """What every stretch means, in the archive's order, however many processes read them.

    They begin at once, before anybody has opened a database: SQLite's connections must not be there when they fork.
    """
    stretches = warc.chunks_of(archive, STRETCH)
    if processes == 1:
        read = ((stretch, _read_stretch(archive, stretch, registry.overlay)) for stretch in stretches)
        yield _told(read, archive, told)
        return
    with ProcessPoolExecutor(processes, initializer=_begin_reading) as pool:
        begun = ((stretch, pool.submit(_read_stretch, archive, stretch, registry.overlay)) for stretch in stretches)
        ahead = deque(islice(begun, AHEAD * processes))
        yield _told(_in_order(ahead, begun), archive, told)


def _begin_reading() -> None:
    """What a process that reads does first: what is loaded stays, and is not looked at; it ends with its parent."""
    gc.freeze()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A killed rebuild leaves nobody behind who waits for ever for more to read, with its parent's output open."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    multiprocessing.connection.wait([parent.sentinel])
    os._exit(1)


Begun = tuple[Chunk, Future[list[Replayed]]]
"""A stretch that a process reads or will read."""


def _in_order(ahead: deque[Begun], begun: Iterator[Begun]) -> Iterator[tuple[Chunk, list[Replayed]]]:
    """What the stretches mean; for each that is taken the next is begun, so that memory holds no more than at first."""
    while ahead:
        stretch, read = ahead.popleft()
        found = read.result()
        ahead.extend(islice(begun, 1))
        yield stretch, found


def _told(batches: Iterable[tuple[Chunk, list[Replayed]]], archive: Path, told: Told | None) -> Iterator[Replayed]:
    total = sum(warc.warc_path(archive, name).stat().st_size for name in warc.warc_files(archive)) if told else 0
    done = 0
    for stretch, batch in batches:
        yield from batch
        done += stretch.end - stretch.start
        if told:
            told(done, total)


def _read_stretch(archive: Path, stretch: Chunk, overlay: Mapping[str, bytes]) -> list[Replayed]:
    registry, found = portals.shipped(overlay), warc.survey_stretch(archive, stretch)
    return [each if isinstance(each, Problem) else _meaning(each, registry) for each in found]


def _replace(fresh: Path, database: Path) -> None:
    """Readers of the old database keep it until they close it; who opens next gets the new one, whole."""
    durable_files.sync(fresh)
    for suffix in ("-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
    fresh.replace(database)


def _remove(database: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
