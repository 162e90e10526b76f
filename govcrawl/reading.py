"""The one path from stored bytes to rows: what the pipelines, `rebuild`, `import` and `parse` all call.

An exchange is either a page on the way to reports, which its platform reads as a list, or a document, which is read
as a report. Nothing here touches network, files other than the named input, or SQL. A page that breaks its reader
costs nobody else anything: it becomes an issue.
"""

import gc
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import Message
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlsplit

from govcrawl import files, pages, platforms, reports
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
)
from govcrawl.platforms.crawl_context import Trail
from govcrawl.platforms.redirects import MAX_HOPS, redirect_target
from govcrawl.platforms.rows import is_asked_for
from govcrawl.portals import registered_domain
from govcrawl.vocabulary import ON_THE_SPOT, IssueKind, Outcome, Role, Severity
from govcrawl.warc import StoredAttempt, StoredExchange

LISTING_ROLES = frozenset({Role.HOME, Role.COLUMN, Role.LIST})
VALIDATORS = ("ETag", "Last-Modified")
_WITH_PAGE = frozenset({Outcome.OK, Outcome.NOT_MODIFIED})


def arrival(stored: StoredExchange | StoredAttempt, portal: Portal) -> Arrival:
    """Everything one stored attempt means for the database, as one unit to be committed whole.

    The same record gives the same arrival whenever and wherever it is read.
    """
    if isinstance(stored, StoredAttempt):
        return Arrival(
            stored.request,
            stored.outcome,
            stored.at,
            http_status=stored.http_status,
            detail=stored.detail,
            archive_file=stored.warc_file,
            archive_end=stored.end,
        )
    capture, exchange = stored.capture, stored.exchange
    result = Arrival(
        exchange.request,
        _outcome(stored, portal),
        capture.fetched_at,
        http_status=capture.status,
        capture=capture,
        archive_file=stored.warc_file,
        archive_end=stored.end,
        queued=_redirected(exchange),
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
    return result  # the first page of several is read with its parts, as the conversion that was made of them


def _outcome(stored: StoredExchange, portal: Portal) -> Outcome:
    """A response that came whole is judged by what it holds, and a page that is unchanged by what it held.

    One that did not come whole keeps the outcome it was stored with.
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
    return replace(result, page=page, queued=follow_ups(page, portal))


def follow_ups(page: ListPage, portal: Portal) -> tuple[Queued, ...]:
    """What a list page asks for next: its further requests, columns on other hosts, then the document of each row."""
    return (
        *(Queued(request) for request in page.requests),
        *(Queued(link.request) for link in page.elsewhere if _is_worth_asking(link, portal)),
        *(_document_of(row, portal) for row in page.rows if is_asked_for(row)),
    )


def _is_worth_asking(link: Elsewhere, portal: Portal) -> bool:
    """Whether a link to another host concerns the portal: named as annual reports, or under a domain of its own.

    Whether it may be asked is for the crawl's gate to say.
    """
    domains = {registered_domain(host) for host in portal.hosts}
    return Trail.of(link.request).reports or registered_domain(urlsplit(link.request.url).hostname or "") in domains


def _document_of(row: Listing, portal: Portal) -> Queued:
    return Queued(platforms.locate(row, portal), platforms.report_year(row.title), row.index_number)


def _redirected(exchange: Exchange) -> tuple[Queued, ...]:
    """The request for where an answer sends on to; none for what is not followed, or not by way of the ledger."""
    request, target = exchange.request, redirect_target(exchange)
    if target is None or target == request.url or request.role in ON_THE_SPOT or _strayed(request, target):
        return ()
    return (Queued(moved(request, target)),)


def _astray(exchange: Exchange) -> str | None:
    """Why an answer that only sends on leads nowhere: once too often, round, or to itself; None for any other."""
    request, target = exchange.request, redirect_target(exchange)
    if target is None or request.role in ON_THE_SPOT:
        return None
    if target == request.url:
        return "sends on to itself" if exchange.response.status >= HTTPStatus.MULTIPLE_CHOICES else None
    return _strayed(request, target)


def _strayed(request: Request, target: str) -> str | None:
    """Why a request that was sent on to a further address is not followed there; None where it is."""
    if target in _via(request):
        return f"sent round in a circle, back to {target}"
    return f"sent on more than {MAX_HOPS} times, at last to {target}" if len(_via(request)) >= MAX_HOPS else None


def _via(request: Request) -> list[str]:
    """The addresses that sent a request on to where it is made now."""
    return dict(request.context).get("via", "").splitlines()


def moved(request: Request, target: str) -> Request:
    """The request for the address an answer sent on to: the same role, a GET, the way it came in its context."""
    via = "\n".join((*_via(request), request.url))
    return replace(
        request,
        url=target,
        method="GET",
        body=b"",
        context=tuple(sorted({**dict(request.context), "via": via}.items())),
    )


def read_document(exchange: Exchange) -> Reading:
    """The reading of a document's page; a page beyond a limit or one that breaks its reader becomes an issue."""
    media_type, charset = content_type(exchange.response.header("Content-Type"))
    return read_bytes(exchange.response.body, media_type, charset, exchange.response.url, exchange.request.portal)


def read_bytes(
    body: bytes, media_type: str | None, charset: str | None, url: str | None, portal: str | None = None
) -> Reading:
    """The reading of a page's decoded body, fetched from a portal. Never raises for what the page holds."""
    try:
        return _read(body, media_type, charset, url, portal)
    except InputError as error:
        return _unread(body, media_type, IssueKind.ATTACHMENT_ONLY, str(error))


def _read(
    body: bytes, media_type: str | None, charset: str | None, url: str | None, portal: str | None = None
) -> Reading:
    """The same, but raises InputError for a file of a kind that cannot be read."""
    try:
        with collector_at_rest():
            return reports.read_report(pages.read_page(body, media_type, charset), url, portal)
    except InputError:
        raise
    except LimitError as error:
        return _unread(body, media_type, IssueKind.REFUSED_LIMIT, str(error))
    except Exception as error:  # noqa: BLE001 - a page that breaks its reader must not cost the others
        return _unread(body, media_type, IssueKind.PARSE_FAILED, f"{type(error).__name__}: {error}")


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """No looking for cyclic garbage meanwhile: a page makes thousands of objects, hardly a cycle, and is soon read."""
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
        media_type=media_type or "application/octet-stream",
        encoding="utf-8",
        document=Document(),
        report=Report(is_report=False),
        issues=(Issue(kind, Severity.ERROR, "page", detail),),
    )


def content_type(value: str | None) -> tuple[str | None, str | None]:
    """`(media type, charset)` of a Content-Type header, both in lower case, None where it does not say."""
    if not value:
        return None, None
    message = Message()
    message["Content-Type"] = value
    charset = message.get_param("charset")
    return message.get_content_type(), charset.lower() if isinstance(charset, str) else None


def read_file(path: Path, url: str | None = None) -> Reading:
    """The reading of a file on disk; raises InputError where it, or its kind of file, cannot be read."""
    try:
        body = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}; give the path of a readable file") from error
    try:
        if files.is_file(body):
            return _read_rendered(body, url)
        return _read(body, _MEDIA_TYPES.get(path.suffix.lower()), None, url)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def _read_rendered(body: bytes, url: str | None) -> Reading:
    """The reading of a PDF or DOCX file: that of its mark-up, with the places of cells in the file itself."""
    rendition = files.render(body)
    reading = _read(rendition.markup, "text/html", "utf-8", url)
    return replace(
        reading,
        sha256=hashlib.sha256(body).hexdigest(),
        media_type=rendition.media_type,
        encoding="binary",
        facts=tuple(fact._replace(locator=rendition.place(fact.locator)) for fact in reading.facts),
    )


_MEDIA_TYPES = {".html": "text/html", ".htm": "text/html", ".shtml": "text/html", ".txt": "text/plain"}
