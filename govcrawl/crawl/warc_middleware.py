"""Store before parse: every response is in the archive before any other component sees it.

The middleware stands next to the wire, so redirects and errors come by as well and the body is still as it was sent.
It takes the encoding off itself, within a limit, judges what came back, writes both to WARC in one append, and leaves
the stored exchange on the request: `meta["stored"]` is the item the spider hands on, `meta["outcome"]` how it ended.
A failed attempt is written down the same way. If a record cannot be written, the request fails and the crawl stops.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TypeVar

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Headers, Response

from govcrawl import models, reading
from govcrawl.crawl.archive_extension import WRITE_FAILED, ArchiveExtension
from govcrawl.crawl.download_outcomes import Refusal, failure_of
from govcrawl.crawl.rendering import converted
from govcrawl.crawl.shutdown import Stopped
from govcrawl.db.arrival import in_plain_words
from govcrawl.errors import ArchiveWriteError, LimitError
from govcrawl.spiders.request_meta import ASKED, CONVERTED, FAILURE, HELD, OUTCOME, STORED, TLS
from govcrawl.vocabulary import Outcome, Role, Wall
from govcrawl.warc import (
    ArchiveWriter,
    AttemptFailure,
    ConnectionSeen,
    Fetched,
    HeldPage,
    StoredExchange,
    decode,
    is_status,
    media_type,
    to_text,
)

_T = TypeVar("_T")


class WarcMiddleware:
    """Downloader middleware that keeps every response and every failed attempt.

    `limit` is the most bytes a body may have, as sent and decoded; `stop` ends the crawl with a finish reason and the
    error behind it; `at` gives a portal as a page at an address of it is to be judged.
    """

    def __init__(
        self,
        writer: ArchiveWriter,
        limit: int,
        stop: Callable[[str, Exception], None],
        at: Callable[[str, str], models.Portal],
    ) -> None:
        self._writer = writer
        self._limit = limit
        self._stop = stop
        self._at = at

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "WarcMiddleware":
        """Build over the archive that the run has open."""
        keeper = ArchiveExtension.of(crawler)
        archive = keeper.archive
        return cls(archive.writer, crawler.settings.getint("DOWNLOAD_MAXSIZE"), keeper.halt, archive.registry.at)

    def process_response(self, request: Request, response: Response) -> Response:
        """Keep the response; raises Refusal where its body unpacks beyond the limit."""
        try:
            return self._kept(request, response)
        except (ArchiveWriteError, Refusal):
            raise
        except Exception as error:  # a request without an attempt would stay in flight for ever
            told = f"the answer could not be kept ({in_plain_words(error)})"
            raise self._refused(request, Outcome.ERROR, told, None) from error

    def _kept(self, request: Request, response: Response) -> Response:
        if CONVERTED.get(request):
            self._keep_conversion(request, response)
            return response
        if not is_status(response.status):
            raise self._refused(request, Outcome.ERROR, "the status of the answer is no number of three digits", None)
        try:
            fetched = received(request, response, self._limit)
        except LimitError as error:
            raise self._refused(request, Outcome.TOO_LARGE, str(error), response.status) from error
        known = HELD.get(request)
        if known and known.is_unchanged(fetched):
            self._keep_revisit(request, fetched, known)
        else:
            self._keep_exchange(request, fetched)
        return response

    def _refused(self, request: Request, outcome: Outcome, reason: str, status: int | None) -> Refusal:
        """Keep that an answer is not taken; returns what is to be raised."""
        self._keep_attempt(request, AttemptFailure(outcome, reason), status)
        return Refusal(outcome, reason)

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Keep the failed attempt, whether the network failed or a gate refused."""
        if not isinstance(exception, ArchiveWriteError | Stopped):
            self._keep_attempt(request, FAILURE.get(request) or failure_of(exception), None)

    def _keep_exchange(self, request: Request, fetched: Fetched) -> None:
        asked = ASKED.of(request)
        response = models.Response(fetched.url, fetched.status, fetched.headers, fetched.body)
        exchange = models.Exchange(asked, response)
        outcome = self._judged(exchange, fetched)
        capture = self._written(lambda: self._writer.write_exchange(asked, fetched, outcome))
        self._leave(request, fetched, capture, exchange, outcome)

    def _keep_revisit(self, request: Request, fetched: Fetched, known: HeldPage) -> None:
        """Keep that a page is as it was known, without its body."""
        asked = ASKED.of(request)
        exchange = models.Exchange(asked, known.as_of_today(fetched))
        unchanged = fetched.status == HTTPStatus.NOT_MODIFIED
        outcome = Outcome.NOT_MODIFIED if unchanged else self._judged(exchange, fetched)
        capture = self._written(lambda: self._writer.write_revisit(asked, fetched, outcome, known.capture))
        self._leave(request, fetched, capture, exchange, outcome)

    def _leave(
        self, request: Request, fetched: Fetched, capture: models.Capture, exchange: models.Exchange, outcome: Outcome
    ) -> None:
        """Leave what was stored on the request."""
        end = self._writer.ends()[capture.warc_file]
        wall = fetched.seen.wall
        STORED.put(
            request, StoredExchange(capture, exchange, outcome, capture.warc_file, end, wall, self._writer.vantage)
        )
        OUTCOME.put(request, outcome)

    def _keep_conversion(self, request: Request, response: Response) -> None:
        """Keep what a browser made of a page, beside the answer it made it from."""
        asked = ASKED.of(request)
        source = CONVERTED.of(request)
        shown = converted(response.body, source)
        exchange = models.Exchange(asked, models.Response(shown.url, shown.status, shown.headers, shown.body))
        outcome = self._judged(exchange, shown)
        capture = self._written(lambda: self._writer.write_conversion(asked, shown, outcome, source.capture))
        self._leave(request, shown, capture, exchange, outcome)

    def _judged(self, exchange: models.Exchange, fetched: Fetched) -> Outcome:
        if fetched.truncated:
            return Outcome.TRUNCATED
        if fetched.status == HTTPStatus.NOT_MODIFIED:
            return Outcome.HTTP_ERROR  # nobody had asked on a condition
        if exchange.request.role is Role.ROBOTS and fetched.status == HTTPStatus.OK and not fetched.body.strip():
            return Outcome.OK  # an empty page is a wall, an empty robots.txt is not
        return reading.judged(exchange, self._at(exchange.request.portal, exchange.request.url))

    def _keep_attempt(self, request: Request, failure: AttemptFailure, status: int | None) -> None:
        asked = ASKED.of(request)
        at = datetime.now(UTC)
        seen = ConnectionSeen(failure.wall, TLS.get(request))
        stored = self._written(
            lambda: self._writer.write_attempt(asked, failure.outcome, at, failure.detail, status, seen)
        )
        STORED.put(request, stored)
        OUTCOME.put(request, failure.outcome)

    def _written(self, write: Callable[[], _T]) -> _T:
        """What `write` gives; a failure stops the crawl and fails the request."""
        try:
            return write()
        except ArchiveWriteError as error:
            self._stop(WRITE_FAILED, error)
            raise


def received(request: Request, response: Response, limit: int) -> Fetched:
    """What came back, with its body decoded; raises LimitError where that is beyond `limit` bytes."""
    headers = field_pairs(response.headers)
    decoded = decode(headers, response.body, limit=limit)
    is_cut = "dataloss" in response.flags
    is_part = decoded.truncated or response.status == HTTPStatus.PARTIAL_CONTENT
    return Fetched(
        at=datetime.now(UTC),
        url=response.url,
        status=response.status,
        reason=_reason(response.status),
        headers=headers,
        wire_body=response.body,
        body=decoded.body,
        media_type=media_type(to_text(response.headers.get("Content-Type") or b"")),
        sent_headers=field_pairs(request.headers),
        truncated="disconnect" if is_cut else "unspecified" if is_part else None,
        seen=ConnectionSeen(Wall.RESET_AFTER_HEADERS if is_cut else None, TLS.get(request)),
    )


def field_pairs(headers: Headers) -> models.Headers:
    """Scrapy's headers as pairs of texts, repeated names kept."""
    return tuple((to_text(name), to_text(value)) for name, values in headers.items() for value in values)


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
