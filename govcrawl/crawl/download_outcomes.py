"""How an attempt ended: refusals of our gates, the outcome each failed download is filed under, and retries.

Scrapy wraps what the network layer raised, so a failure is looked at together with its causes; the first line of
`OUTCOMES` that any of them matches decides.
"""

from collections.abc import Iterator

from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from twisted.internet.error import ConnectError, ConnectionClosed, DNSLookupError
from twisted.internet.error import TimeoutError as ConnectTimeoutError

from govcrawl.crawl.tls import in_words
from govcrawl.vocabulary import Outcome


class Refusal(IgnoreRequest):
    """Raised by a gate of ours for a request that is not sent, or for an answer that is not taken.

    `outcome` is what the attempt is filed under; the message says why.
    """

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(reason)
        self.outcome = outcome


OUTCOMES: tuple[tuple[type[BaseException], Outcome], ...] = (
    (DownloadTimeoutError, Outcome.TIMEOUT),
    (ConnectTimeoutError, Outcome.TIMEOUT),
    (CannotResolveHostError, Outcome.DNS),
    (DNSLookupError, Outcome.DNS),
    (SSL.Error, Outcome.TLS),
    (DownloadCancelledError, Outcome.TOO_LARGE),  # Scrapy cancels a download for its size alone
    (ResponseDataLossError, Outcome.TRUNCATED),
    (DownloadConnectionRefusedError, Outcome.REFUSED),
    (ConnectError, Outcome.REFUSED),
    (ConnectionClosed, Outcome.REFUSED),
    (DownloadFailedError, Outcome.REFUSED),  # no cause above: the connection ended before an answer
)


def outcome_of(exception: BaseException) -> Outcome:
    """The outcome a failed attempt is filed under; ERROR for what no line of the table names."""
    if isinstance(exception, Refusal):
        return exception.outcome
    causes = tuple(_causes(exception))
    matches = (outcome for kind, outcome in OUTCOMES if any(isinstance(cause, kind) for cause in causes))
    return next(matches, Outcome.ERROR)


def detail_of(exception: BaseException) -> str:
    """What went wrong, in a line: in words where TLS failed, else as whoever raised it says."""
    told = next(filter(None, map(in_words, _causes(exception))), None)
    return told or str(exception) or type(exception).__name__


def _causes(exception: BaseException) -> Iterator[BaseException]:
    """The exception, what it was raised from, and what Twisted lists as reasons for it."""
    yield exception
    if exception.__cause__ is not None:
        yield from _causes(exception.__cause__)
    for reason in getattr(exception, "reasons", None) or ():
        yield from _causes(reason.value)


RETRIED = frozenset({
    Outcome.TIMEOUT, Outcome.DNS, Outcome.TLS, Outcome.REFUSED, Outcome.TRUNCATED, Outcome.BLOCKED, Outcome.ERROR,
})  # fmt: skip
"""Outcomes that may be another one a little later; of `http_error` only the statuses of `RETRIED_STATUSES` are."""

RETRIED_STATUSES = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 522, 524})
MAX_TRIES = 3


def due_again(outcome: Outcome, http_status: int | None, tries: int, now: float, first_wait: float) -> float | None:
    """When an attempt that ended so is made again (seconds since the epoch), or None if that was the last.

    `tries` counts this attempt. The wait is `first_wait` seconds after the first and four times as long after each
    further one.
    """
    passing = outcome in RETRIED or (outcome is Outcome.HTTP_ERROR and http_status in RETRIED_STATUSES)
    if not passing or tries >= MAX_TRIES:
        return None
    return now + first_wait * 4.0 ** (tries - 1)
