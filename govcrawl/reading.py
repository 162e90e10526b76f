"""The one path from stored bytes to rows, used by the pipelines, `rebuild`, `import` and `parse`.

An exchange is either a page on the way to reports, which its platform reads as a list, or a document, which is read as
a report. This module uses no network, no SQL, and no files except the named input. If the parser fails on a page, the
failure becomes an issue of that page and affects no other.
"""

import gc
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from govcrawl import files, platforms, reports
from govcrawl.db.arrival import Arrival
from govcrawl.errors import InputError, LimitError, PlatformError
from govcrawl.models import (
    Document,
    Elsewhere,
    Exchange,
    Issue,
    Listing,
    ListPage,
    Portal,
    Queued,
    Reading,
    Report,
    Request,
    identity_of,
)
from govcrawl.pages.page_reader import read_page
from govcrawl.platforms.crawl_context import Trail
from govcrawl.platforms.redirects import MAX_HOPS, no_address_in, redirect_target
from govcrawl.platforms.rows import is_asked_for
from govcrawl.portals import registered_domain
from govcrawl.reading_pool import CUT_OFF, ReadingPool
from govcrawl.titles import read_title, report_year
from govcrawl.vocabulary import ON_THE_SPOT, IssueKind, Outcome, Role, Severity, Wall
from govcrawl.warc import UNKNOWN_TYPE, StoredAttempt, StoredExchange, content_type

LISTING_ROLES = frozenset({Role.HOME, Role.COLUMN, Role.LIST})
VALIDATORS = ("ETag", "Last-Modified")
_LISTED = "organ"
"""The key of a document's context that holds the organ which its list's row names."""
_WITH_PAGE = frozenset({Outcome.OK, Outcome.NOT_MODIFIED})


def arrival(stored: StoredExchange | StoredAttempt, portal: Portal) -> Arrival:
    """Returns everything one stored attempt means for the database, as one unit to commit.

    The same record always gives the same arrival. Nothing that a record holds can raise here: whatever fails makes
    the attempt one of outcome `error`, with an issue.
    """
    try:
        return _read_arrival(stored, portal)
    except Exception as error:  # noqa: BLE001 - one record must not end the run, or any later one
        return attempt_of(stored).failed(error)


def arrival_within(pool: ReadingPool, stored: StoredExchange | StoredAttempt, portal: Portal) -> Arrival:
    """The same as `arrival`, worked out by a reading process that is cut off at its limits."""
    try:
        return pool.call(arrival, stored, portal)
    except LimitError as error:
        return refused(stored, error)


def refused(stored: StoredExchange | StoredAttempt, why: LimitError) -> Arrival:
    """Returns the arrival of a stored attempt whose reading was cut off: a document is refused, a list has failed."""
    attempt = attempt_of(stored)
    if isinstance(stored, StoredAttempt) or stored.exchange.request.role is not Role.DOCUMENT:
        return attempt.failed(why)
    response = stored.exchange.response
    media_type, _ = content_type(response.header("Content-Type"))
    return replace(attempt, reading=_unread(response.body, media_type, IssueKind.REFUSED_LIMIT, str(why)))


def _read_arrival(stored: StoredExchange | StoredAttempt, portal: Portal) -> Arrival:
    attempt = attempt_of(stored)
    if isinstance(stored, StoredAttempt):
        return attempt
    exchange = stored.exchange
    outcome = _outcome(stored, portal)
    wall = wall_met(stored, outcome)
    result = replace(
        attempt,
        outcome=outcome,
        wall=wall,
        queued=() if wall is Wall.LOGIN else _redirected(exchange),
        comparable=any(map(exchange.response.header, VALIDATORS)),
    )
    if result.outcome is Outcome.OK and (astray := _astray(exchange)):
        return replace(result, outcome=Outcome.HTTP_ERROR, detail=astray)
    if result.outcome not in _WITH_PAGE or result.queued or exchange.response.status == HTTPStatus.NOT_MODIFIED:
        return result
    if exchange.request.role in LISTING_ROLES:
        return _listed(result, exchange, portal)
    if exchange.request.role is Role.DOCUMENT and not platforms.parts_of(exchange, portal):
        return replace(result, reading=read_document(exchange))
    return result  # the first of several pages is read with the others, from the joined capture made of them


def attempt_of(stored: StoredExchange | StoredAttempt) -> Arrival:
    """Returns the arrival of a stored attempt without its content."""
    if isinstance(stored, StoredAttempt):
        attempt = Arrival(
            stored.request, stored.outcome, stored.at, stored.http_status, stored.detail, wall=stored.wall
        )
    else:
        request, capture = stored.exchange.request, stored.capture
        attempt = Arrival(request, stored.outcome, capture.fetched_at, capture.status, capture=capture)
    return replace(attempt, archive_file=stored.warc_file, archive_end=stored.end, vantage=stored.vantage)


def wall_met(stored: StoredExchange | StoredAttempt, outcome: Outcome | None = None) -> Wall | None:
    """The wall that an attempt met, from its connection, else its page; `outcome` is the page's, if not stored."""
    if stored.wall or isinstance(stored, StoredAttempt):
        return stored.wall
    return platforms.wall_of(stored.exchange, outcome or stored.outcome)


def judged(exchange: Exchange, portal: Portal) -> Outcome:
    """How a response is filed while it is written, by its content; never raises.

    What cannot be judged is filed as ok: it is judged again when it is read, and what fails there is told.
    """
    try:
        return platforms.classify(exchange, portal)
    except Exception:  # noqa: BLE001 - evidence first: the record is written whatever the page does to its reader
        return Outcome.OK


def _outcome(stored: StoredExchange, portal: Portal) -> Outcome:
    """The outcome of a stored response, classified by its content if it is complete.

    A 304 is classified by the stored page; an incomplete response keeps the outcome it was stored with.
    """
    if stored.outcome not in _WITH_PAGE:
        return stored.outcome
    held = platforms.classify(stored.exchange, portal)
    return stored.outcome if held is Outcome.OK else held


def _listed(result: Arrival, exchange: Exchange, portal: Portal) -> Arrival:
    try:
        page = platforms.read(exchange, portal)
    except PlatformError as error:
        return replace(result, outcome=Outcome.ERROR, detail=str(error))
    here = _document_here(page, exchange, portal)
    reading = read_document(replace(exchange, request=here)) if here else None
    return replace(result, page=page, reading=reading, queued=follow_ups(page, portal), answered=here)


def _document_here(page: ListPage, exchange: Exchange, portal: Portal) -> Request | None:
    """The request for the document that a page on the way is itself, if this very answer is that document's too.

    An organ's name under a heading of reports leads to its column or to its report: only the answer tells.
    """
    request, response = exchange.request, exchange.response
    shown = (row for row in page.rows if is_asked_for(row) and identity_of(row.url) == identity_of(response.url))
    document = next((_document_of(row, portal).request for row in shown), None)
    if document is None or (document.method, document.url) != (request.method, request.url):
        return None
    is_converted = platforms.is_rendered(request) or platforms.parts_of(Exchange(document, response), portal)
    return None if is_converted else document


def follow_ups(page: ListPage, portal: Portal) -> tuple[Queued, ...]:
    """Returns the follow-up requests of a list page: further pages, columns on other hosts, then documents."""
    return (
        *(Queued(request) for request in page.requests),
        *(Queued(link.request) for link in page.elsewhere if _is_worth_asking(link, portal)),
        *(_document_of(row, portal) for row in page.rows if is_asked_for(row)),
    )


def _is_worth_asking(link: Elsewhere, portal: Portal) -> bool:
    """True if a link to another host concerns the portal: it is named as annual reports, or shares a registered domain.

    The crawl's registry gate decides whether the host may be asked.
    """
    domains = {registered_domain(host) for host in portal.hosts}
    return Trail.of(link.request).reports or registered_domain(urlsplit(link.request.url).hostname or "") in domains


def _document_of(row: Listing, portal: Portal) -> Queued:
    request, organ = platforms.locate(row, portal), _organ_of(row)
    if organ:  # the page itself may not name it
        request = replace(request, context=tuple(sorted({**dict(request.context), _LISTED: organ}.items())))
    return Queued(request, report_year(row.title), row.index_number)


def _organ_of(row: Listing) -> str | None:
    """The organ that a list's row names: in its title, else as its publisher."""
    said = read_title(row.title)
    return None if said.names_several else said.organ or row.publisher


def _redirected(exchange: Exchange) -> tuple[Queued, ...]:
    """The request for the target of a redirect; empty if it is not followed, or not through the ledger."""
    request, target = exchange.request, redirect_target(exchange)
    if target is None or target == request.url or request.role in ON_THE_SPOT or _strayed(request, target):
        return ()
    return (Queued(moved(request, target)),)


def _astray(exchange: Exchange) -> str | None:
    """Why a redirect is not followed: no address, too many, a circle, to itself; None for any other response."""
    request, target = exchange.request, redirect_target(exchange)
    if request.role in ON_THE_SPOT:
        return None
    if target is None:
        named = no_address_in(exchange)
        return None if named is None else f"sends on to what is no address of the web: {named or 'nothing'}"
    if target == request.url:
        return "sends on to itself" if exchange.response.status >= HTTPStatus.MULTIPLE_CHOICES else None
    return _strayed(request, target)


def _strayed(request: Request, target: str) -> str | None:
    """Why a redirected request is not followed to a target; None if it is."""
    if target in _via(request):
        return f"sent round in a circle, back to {target}"
    return f"sent on more than {MAX_HOPS} times, at last to {target}" if len(_via(request)) >= MAX_HOPS else None


def _via(request: Request) -> list[str]:
    """The addresses that redirected to this request, in order."""
    return dict(request.context).get("via", "").splitlines()


def moved(request: Request, target: str) -> Request:
    """Returns the request for a redirect's target: the same role, method GET, the earlier addresses in its context."""
    via = "\n".join((*_via(request), request.url))
    return replace(
        request,
        url=target,
        method="GET",
        body=b"",
        context=tuple(sorted({**dict(request.context), "via": via}.items())),
    )


def read_document(exchange: Exchange) -> Reading:
    """Returns the reading of a document's page. If it is beyond a limit or the parser fails, that is an issue in it."""
    media_type, charset = content_type(exchange.response.header("Content-Type"))
    response, request = exchange.response, exchange.request
    listed = dict(request.context).get(_LISTED)
    return read_bytes(response.body, media_type, charset, response.url, request.portal, listed)


def read_bytes(
    body: bytes,
    media_type: str | None,
    charset: str | None,
    url: str | None,
    portal: str | None = None,
    listed: str | None = None,
) -> Reading:
    """Returns the reading of a page's decoded body, fetched from a portal. Never raises for any content.

    `listed` is the organ that the row of the page's list named.
    """
    try:
        return _read(body, media_type, charset, url, portal, listed)
    except InputError as error:
        return _unread(body, media_type, IssueKind.ATTACHMENT_ONLY, str(error))


def _read(
    body: bytes,
    media_type: str | None,
    charset: str | None,
    url: str | None,
    portal: str | None = None,
    listed: str | None = None,
) -> Reading:
    """The same as `read_bytes`, but raises InputError for a kind of file that cannot be read."""
    try:
        with collector_at_rest():
            return reports.read_report(read_page(body, media_type, charset), url, portal, listed)
    except InputError:
        raise
    except (LimitError, MemoryError) as error:
        return _unread(body, media_type, IssueKind.REFUSED_LIMIT, str(error) or CUT_OFF)
    except Exception as error:  # noqa: BLE001 - a parser failure on one page must not end the run
        return _unread(body, media_type, IssueKind.PARSE_FAILED, f"{type(error).__name__}: {error}")


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Pauses the garbage collector: a page makes thousands of objects, but few cycles, and is soon read."""
    awake = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if awake:
            gc.enable()


def _unread(body: bytes, media_type: str | None, kind: IssueKind, detail: str) -> Reading:
    return Reading(
        sha256=hashlib.sha256(body).hexdigest(),
        media_type=media_type or UNKNOWN_TYPE,
        encoding="utf-8",
        document=Document(),
        report=Report(is_report=False),
        issues=(Issue(kind, Severity.ERROR, "page", detail),),
    )


def read_file(path: Path, url: str | None = None, pool: ReadingPool | None = None) -> Reading:
    """Returns the reading of a file on disk, by readers if there are any.

    Raises InputError if the file, or its kind of file, cannot be read.
    """
    try:
        body = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}; give the path of a readable file") from error
    media_type = _MEDIA_TYPES.get(path.suffix.lower())
    try:
        return pool.call(_read_body, body, media_type, url) if pool else _read_body(body, media_type, url)
    except LimitError as error:
        return _unread(body, media_type, IssueKind.REFUSED_LIMIT, str(error))
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def _read_body(body: bytes, media_type: str | None, url: str | None) -> Reading:
    return _read_rendered(body, url) if files.is_file(body) else _read(body, media_type, None, url)


def _read_rendered(body: bytes, url: str | None) -> Reading:
    """The reading of a PDF or DOCX file, from its mark-up, with locators that point into the file itself."""
    rendition = files.render_file(body)
    reading = _read(rendition.markup, "text/html", "utf-8", url)
    return replace(
        reading,
        sha256=hashlib.sha256(body).hexdigest(),
        media_type=rendition.media_type,
        encoding="binary",
        facts=tuple(fact._replace(locator=rendition.place(fact.locator)) for fact in reading.facts),
    )


_MEDIA_TYPES = {".html": "text/html", ".htm": "text/html", ".shtml": "text/html", ".txt": "text/plain"}
