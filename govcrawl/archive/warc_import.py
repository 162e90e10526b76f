"""Taking in WARC files that others made, through the door of a crawl: kept first, then read and stored.

Each answer of a host of the registry becomes a stored exchange of ours in a new file, under the time it was made at.
The family of its portal tells by the address what it is: a list that the family knows, a document, or something to be
kept and not read. What was taken in before is not taken in again. Hosts are those of the registry under which the
archive was crawled last, and those that its crawls admitted beside it.
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

from govcrawl import __version__, platforms, warc
from govcrawl.archive import projection
from govcrawl.db.connection import Connection
from govcrawl.db.queries.evidence import captured
from govcrawl.db.sibling_hosts import sibling_hosts
from govcrawl.db.store import crawls
from govcrawl.models import Exchange, Listing, Portal, Request, Response
from govcrawl.platforms.addresses import canonical
from govcrawl.portals import Registry
from govcrawl.vocabulary import Origin, Outcome, Role
from govcrawl.warc import ArchiveLock, ArchiveWriter, Fetched, Foreign, Problem

FIRST_YEAR = 2008
"""The first year that annual reports were due for."""

SPIDER = "import"
"""What a run of this kind is filed under."""


@dataclass(slots=True)
class Imported:
    """What became of the answers in some files.

    Taken in; known before; errors and redirections of what would not be read (a missing picture), which are passed
    over; refused, by host; not usable.
    """

    kept: int = 0
    known: int = 0
    passed: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)


def import_files(archive: Path, paths: Sequence[Path]) -> Imported:
    """Take in what portals of the registry answered.

    Raises:
        InputError: a file cannot be read at all; nothing was taken in.
        ArchiveError: the archive cannot be used, or a file is of the other origin; files before that one are in.
        ArchiveWriteError: the disk refused; the next import goes on where this one stopped.
    """
    origins = {path: warc.foreign_origin(path) for path in paths}
    warc.prepare(archive)
    done = Imported()
    with ArchiveLock(archive):
        registry = projection.registry_of(archive)
        for path, origin in origins.items():
            with closing(projection.open_projection(archive, origin, registry)) as connection:
                done.problems += _stored(connection, archive, registry)  # what a killed run left comes first
                fresh = _fresh(_Owners(registry, connection), _Known(connection), path, done)
                _keep(_writer(archive, origin, registry), path, fresh, done)
                done.problems += _stored(connection, archive, registry)
                projection.summed_up(connection, archive)
    return done


def _stored(connection: Connection, archive: Path, registry: Registry) -> tuple[Problem, ...]:
    """Store what the archive holds and the database does not, as after a crash; what was found damaged."""
    recovery = warc.recover(archive, crawls.indexed_ends(connection))
    projection.catch_up(connection, recovery, registry)
    for tail in recovery.tails:
        crawls.mark_indexed(connection, tail.warc_file, tail.end)
    torn = (Problem(cut.warc_file, cut.offset, None, f"a torn end, kept as {cut.kept_as}") for cut in recovery.cuts)
    return (*recovery.problems, *torn)


Kept = tuple[Request, Fetched, Outcome]


class _Known:
    """What the database has of each portal, and what has come since; answers are told by address, time and body."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._of: dict[str, set[tuple[str, str, str]]] = {}

    def has(self, portal: str, fetched: Fetched) -> bool:
        """Whether an answer is known; from now on it is."""
        if portal not in self._of:
            self._of[portal] = captured(self._connection, portal)
        known = self._of[portal]
        before = len(known)
        known.add((fetched.url, warc.timestamp(fetched.at), hashlib.sha256(fetched.body).hexdigest()))
        return len(known) == before


class _Owners:
    """Whose an address is: by the registry, and by the hosts that crawls of the archive admitted beside it."""

    def __init__(self, registry: Registry, connection: Connection) -> None:
        self._registry = registry
        self._siblings = {one.host: one.portal_id for one in chain.from_iterable(sibling_hosts(connection).values())}

    def of(self, url: str) -> tuple[Portal, ...]:
        """The portals at the host of an address; none for a host that nobody may ask."""
        host = urlsplit(url).hostname or ""
        listed = self._registry.by_host(host)
        return listed or tuple(self._registry.at(self._siblings[one], url) for one in {host} & self._siblings.keys())


def _fresh(owners: _Owners, known: _Known, path: Path, done: Imported) -> Iterator[Kept]:
    """The usable answers of a file that the database does not have."""

    def is_ours(url: str) -> bool:
        if owners.of(url):
            return True
        done.refused[urlsplit(url).hostname or ""] += 1
        return False

    for found in warc.read_foreign(path, is_ours):
        if isinstance(found, Problem):
            done.problems.append(found)
            continue
        portal, request = _recognised(found, owners.of(found.fetched.url))
        if request.role is Role.ATTACHMENT and found.fetched.status != HTTPStatus.OK:
            done.passed += 1
        elif known.has(portal.id, found.fetched):
            done.known += 1
        else:
            yield request, found.fetched, _outcome(request, found.fetched, portal)


def _writer(archive: Path, origin: Origin, registry: Registry) -> ArchiveWriter:
    software = f"govcrawl/{__version__} import"
    return ArchiveWriter(archive, origin=origin, software=software, registry_digest=registry.digest)


def _keep(writer: ArchiveWriter, path: Path, answers: Iterator[Kept], done: Imported) -> None:
    """Write answers to a new file of each portal, between the marks of a run; nothing where there are none."""
    first = next(answers, None)
    if first is None:
        return
    run = uuid.uuid4().hex[:16]
    with path.open("rb") as file:
        arguments = {"file": path.name, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
    start = {"id": run, "spider": SPIDER, "arguments": arguments, "version": __version__}
    with writer:
        writer.write_crawl(None, "start", datetime.now(UTC), start)
        for request, fetched, outcome in chain([first], answers):
            writer.write_exchange(request, fetched, outcome)
            done.kept += 1
        writer.write_crawl(None, "end", datetime.now(UTC), {"id": run, "reason": crawls.FINISHED})


def _outcome(request: Request, fetched: Fetched, portal: Portal) -> Outcome:
    if fetched.truncated:
        return Outcome.TRUNCATED
    response = Response(fetched.url, fetched.status, fetched.headers, fetched.body)
    return platforms.classify(Exchange(request, response), portal)


# ------------------------------------------------------------------------------------------------- what it answers


def _recognised(found: Foreign, at_host: Sequence[Portal]) -> tuple[Portal, Request]:
    """The portal that answered, and the request as a crawl would have made it.

    Of portals that share a host it is the first whose family knows the address, else the first.
    """
    requests = [(portal, _request(found, portal)) for portal in at_host]
    return next((pair for pair in requests if pair[1].role is not Role.ATTACHMENT), requests[0])


def _request(found: Foreign, portal: Portal) -> Request:
    """A list or front page that the portal's family asks for, a document by its address, or a mere attachment."""
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
    """Address → request of the front page and the lists that a crawl of that year would have begun with."""
    years = tuple(range(FIRST_YEAR, year + 1))
    return {request.url: request for request in platforms.start(portal, years) if request.method == "GET"}
