"""Import of WARC files made by other software. As in a crawl, each response is stored first, then read.

Each response from a host of the registry is written to a new file as a stored exchange, with its original time. The
platform of its portal recognises by the address what it is: a known list, a document, or a file that is kept and not
read. A response that was imported before is skipped. The hosts are those of the registry of the archive's newest crawl,
and those that its crawls admitted beside it.
"""

import hashlib
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

from govcrawl import __version__, platforms, reading, warc
from govcrawl.archive import projection
from govcrawl.clock import today
from govcrawl.db.arrival import in_plain_words
from govcrawl.db.connection import Connection
from govcrawl.db.frontier.sibling_hosts import sibling_hosts
from govcrawl.db.queries.evidence import capture_at, captured
from govcrawl.db.store import crawls
from govcrawl.forms import FIRST_REPORT_YEAR
from govcrawl.models import Capture, Exchange, Listing, Portal, Request, Response
from govcrawl.platforms.addresses import canonical
from govcrawl.portals import Registry
from govcrawl.reading_pool import ReadingPool
from govcrawl.vocabulary import Origin, Outcome, Role
from govcrawl.warc import ArchiveLock, ArchiveWriter, Fetched, Foreign, Problem

SPIDER = "import"
"""The spider name of an import run."""


@dataclass(slots=True)
class Imported:
    """What became of the responses in some files.

    `kept` were imported, `known` before. `passed` are errors and redirects of addresses that would not be read (a
    missing picture). `refused` counts those of other hosts, by host. `problems` are unusable records.
    """

    kept: int = 0
    known: int = 0
    passed: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)


def import_files(archive: Path, paths: Sequence[Path]) -> Imported:
    """Imports the responses of the registry's portals from WARC files.

    Raises:
        InputError: A file cannot be read at all; nothing was imported.
        ArchiveError: The archive cannot be used, or a file is of the other origin; the files before it are imported.
        ArchiveWriteError: The disk refuses; the next import continues where this one stopped.
    """
    origins = {path: warc.foreign_origin(path) for path in paths}
    warc.prepare(archive)
    done = Imported()
    with ReadingPool() as pool, ArchiveLock(archive):
        registry = projection.registry_of(archive)
        for path, origin in origins.items():
            with closing(projection.open_projection(archive, origin, registry)) as connection:
                done.problems += _stored(connection, archive, registry, pool)  # first what a killed run left
                known = _Known(connection)
                fresh = _fresh(_Owners(registry, connection), known, path, done)
                _keep(_writer(archive, origin, registry), path, fresh, known, done)
                done.problems += _stored(connection, archive, registry, pool)
                done.problems += projection.summed_up(connection, archive)
    return done


def _stored(connection: Connection, archive: Path, registry: Registry, pool: ReadingPool) -> tuple[Problem, ...]:
    """Stores what the archive holds and the database lacks, as after a crash; returns the damaged records."""
    recovery = warc.recover(archive, crawls.indexed_ends(connection))
    _, problems = projection.catch_up(connection, recovery, registry, pool)
    for tail in recovery.tails:
        crawls.mark_indexed(connection, tail.warc_file, tail.end)
    torn = (Problem(cut.warc_file, cut.offset, None, f"a torn end, kept as {cut.kept_as}") for cut in recovery.cuts)
    return (*recovery.problems, *problems, *torn)


@dataclass(frozen=True, slots=True)
class _Kept:
    """An answer that is to be written: the request that a crawl would have sent, what came, how it is filed."""

    request: Request
    found: Foreign
    outcome: Outcome


Key = tuple[str, str, str]
"""What tells a portal's answers apart: address, time, digest of the body."""


def _key(fetched: Fetched) -> Key:
    return fetched.url, warc.timestamp(fetched.at), hashlib.sha256(fetched.body).hexdigest()


class _Known:
    """The responses of each portal that are in the database or were imported since, by address, time and body."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._of: dict[str, set[Key]] = {}
        self._written: dict[tuple[str, Key], Capture] = {}

    def has(self, portal: str, fetched: Fetched) -> bool:
        """True if a response is known; adds it."""
        if portal not in self._of:
            self._of[portal] = captured(self._connection, portal)
        known = self._of[portal]
        before = len(known)
        known.add(_key(fetched))
        return len(known) == before

    def wrote(self, fetched: Fetched, capture: Capture) -> None:
        """Notes where a response was written."""
        self._written[capture.request.portal, _key(fetched)] = capture

    def original(self, request: Request, fetched: Fetched) -> Capture | None:
        """Where the page lies that a revisit stands for; None where it was not imported."""
        key = _key(fetched)
        return self._written.get((request.portal, key)) or capture_at(self._connection, request, *key)


class _Owners:
    """The portal of an address, from the registry and from the hosts that crawls of the archive admitted beside it."""

    def __init__(self, registry: Registry, connection: Connection) -> None:
        self._registry = registry
        self._siblings = {one.host: one.portal_id for one in chain.from_iterable(sibling_hosts(connection).values())}

    def of(self, url: str) -> tuple[Portal, ...]:
        """The portals at the host of an address; empty for a host outside the registry."""
        host = urlsplit(url).hostname or ""
        listed = self._registry.by_host(host)
        return listed or tuple(self._registry.at(self._siblings[one], url) for one in {host} & self._siblings.keys())


def _fresh(owners: _Owners, known: _Known, path: Path, done: Imported) -> Iterator[_Kept]:
    """The usable responses of a file that the database lacks."""

    def is_ours(url: str) -> bool:
        if owners.of(url):
            return True
        done.refused[urlsplit(url).hostname or ""] += 1
        return False

    for found in warc.read_foreign(path, is_ours):
        if isinstance(found, Problem):
            done.problems.append(found)
            continue
        try:
            kept = _kept(found, owners, known, done)
        except Exception as error:  # noqa: BLE001 - one record must not cost the file's others
            what = f"the record could not be placed ({in_plain_words(error)})"
            done.problems.append(Problem(path.name, found.offset, found.fetched.url, what))
        else:
            yield from kept


def _kept(found: Foreign, owners: _Owners, known: _Known, done: Imported) -> tuple[_Kept, ...]:
    """What is to be written of a response: itself, or nothing if it is known or would not be read."""
    portal, request = _recognised(found, owners.of(found.fetched.url))
    if request.role is Role.ATTACHMENT and found.fetched.status != HTTPStatus.OK:
        done.passed += 1
        return ()
    if known.has(portal.id, found.fetched):
        done.known += 1
        return ()
    return (_Kept(request, found, _outcome(request, found.fetched, portal)),)


def _writer(archive: Path, origin: Origin, registry: Registry) -> ArchiveWriter:
    software = f"govcrawl/{__version__} import"
    return ArchiveWriter(archive, origin=origin, software=software, registry_digest=registry.digest)


def _keep(writer: ArchiveWriter, path: Path, answers: Iterator[_Kept], known: _Known, done: Imported) -> None:
    """Writes the responses to a new file of each portal, between the start and end records of a run; none, no files."""
    first = next(answers, None)
    if first is None:
        return
    run = uuid.uuid4().hex[:16]
    with path.open("rb") as file:
        arguments = {"file": path.name, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
    mark = {"id": run, "day": today().isoformat()}
    start = {**mark, "spider": SPIDER, "arguments": arguments, "version": __version__}
    with writer:
        writer.write_crawl(None, "start", datetime.now(UTC), start)
        for answer in chain([first], answers):
            known.wrote(answer.found.fetched, _write(writer, answer, known))
            done.kept += 1
        writer.write_crawl(None, "end", datetime.now(UTC), {**mark, "reason": crawls.FINISHED})


def _write(writer: ArchiveWriter, answer: _Kept, known: _Known) -> Capture:
    """Writes an answer; a revisit as one of the page that it stands for, if that is in the archive."""
    request, fetched, page = answer.request, answer.found.fetched, answer.found.original
    original = known.original(request, page) if page else None
    if original:
        return writer.write_revisit(request, fetched, answer.outcome, original)
    whole = replace(page, at=fetched.at, url=fetched.url) if page else fetched
    return writer.write_exchange(request, whole, answer.outcome)


def _outcome(request: Request, fetched: Fetched, portal: Portal) -> Outcome:
    if fetched.truncated:
        return Outcome.TRUNCATED
    response = Response(fetched.url, fetched.status, fetched.headers, fetched.body)
    return reading.judged(Exchange(request, response), portal)


# ------------------------------------------------------------------------------------------------- what it answers


def _recognised(found: Foreign, at_host: Sequence[Portal]) -> tuple[Portal, Request]:
    """The portal that answered, and the request that a crawl would have sent.

    If portals share a host, the first one whose platform knows the address is chosen, else the first.
    """
    requests = [(portal, _request(found, portal)) for portal in at_host]
    return next((pair for pair in requests if pair[1].role is not Role.ATTACHMENT), requests[0])


def _request(found: Foreign, portal: Portal) -> Request:
    """The request for a list or front page of the platform, for a document by its address, or for a mere attachment."""
    fetched, asked = found.fetched, found.asked
    url = canonical(fetched.url, portal) or fetched.url
    family = next((name for name in portal.platforms if name in platforms.PLATFORMS), "")
    kept_only = Request(portal.id, family, Role.ATTACHMENT, url, method=asked.method, body=asked.body)
    if asked.method != "GET":
        return kept_only
    if urlsplit(url).path == "/robots.txt":
        return replace(kept_only, role=Role.ROBOTS)
    if known := _known(portal, fetched.at.year).get(url):
        return known
    is_document = platforms.is_document_address(url, portal)
    return platforms.locate(Listing(portal.id, url, ""), portal) if is_document else kept_only


@cache
def _known(portal: Portal, year: int) -> Mapping[str, Request]:
    """Address → request of the front page and the lists with which a crawl of that year would have started."""
    years = tuple(range(FIRST_REPORT_YEAR, year + 1))
    return {request.url: request for request in platforms.start(portal, years) if request.method == "GET"}
