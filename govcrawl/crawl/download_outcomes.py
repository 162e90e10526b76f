"""How an attempt ended: refusals of our gates, what each failed download is filed under, and retries.

Scrapy wraps what the network layer raised, so a failure is looked at together with its causes; the first line of
`OUTCOMES` that any of them matches decides. Which wall it is follows from what was seen of the connection. What is
kept of it are words of ours, never how a library prints its objects.
"""

import re
from collections.abc import Iterator, Mapping

from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from twisted.internet.error import ConnectError, ConnectionClosed, ConnectionDone, DNSLookupError, NoRouteError
from twisted.internet.error import TimeoutError as ConnectTimeoutError
from twisted.web._newclient import ParseError  # what the client raises, under no public name

from govcrawl.crawl.connections import Tracing
from govcrawl.crawl.tls import in_words, wall_of_handshake
from govcrawl.vocabulary import Outcome, Wall
from govcrawl.warc import AttemptFailure


class Refusal(IgnoreRequest):
    """Raised by a gate of ours for a request that is not sent, or for an answer that is not taken.

    `outcome` is what the attempt is filed under, `wall` the wall that the gate met; the message says why.
    """

    def __init__(self, outcome: Outcome, reason: str, wall: Wall | None = None) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.wall = wall


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


def failure_of(exception: BaseException, tracing: Tracing | None = None) -> AttemptFailure:
    """What is to be kept of a failed attempt; `tracing` is what was seen of its connection."""
    if isinstance(exception, Refusal):
        return AttemptFailure(exception.outcome, str(exception), exception.wall)
    outcome = outcome_of(exception)
    wall = _wall_of(exception, outcome, tracing)
    outcome = Outcome.TLS if wall in NO_TLS else outcome
    refused = tracing and tracing.refused if wall is Wall.DNS else None
    return AttemptFailure(outcome, refused or _detail_of(exception, wall), wall)


NO_TLS = frozenset({Wall.TLCP, Wall.SM4_ONLY})
"""Walls that are filed as `tls`, whichever side ended the connection."""

WALL_WORDS: Mapping[Wall, str] = {
    Wall.SILENT_DROP: "nothing answered the attempt to connect",
    Wall.TIMEOUT: "the host took the connection and did not answer in time",
    Wall.DNS: "the name has no address",
    Wall.RESET_AFTER_HEADERS: "the connection was cut behind the head of the answer",
    Wall.HANDSHAKE_CLOSED: "the connection was closed in the TLS handshake",
    Wall.HANDSHAKE_RESET: "the connection was reset in the TLS handshake",
    Wall.TLCP: "the server speaks TLCP (GB/T 38636-2020), not TLS",
    Wall.SM4_ONLY: "the server wants a suite of RFC 8998 (TLS 1.3 with SM4), and no handshake came of it",
}
"""What is said of walls that no page and no certificate told of."""

KIND_WORDS: tuple[tuple[type[BaseException], str], ...] = (
    (DownloadTimeoutError, "no answer in time"),
    (CannotResolveHostError, "the name has no address"),
    (ResponseDataLossError, "the answer broke off"),
    (UnsupportedURLSchemeError, "the scheme of the address is none that is asked"),
    (ParseError, "the answer is not HTTP"),
    (DownloadConnectionRefusedError, "the connection was refused"),
    (NoRouteError, "there is no route to the host"),
    (ConnectError, "no connection could be made"),
    (ConnectionDone, "the connection was closed before an answer came"),
    (ConnectionClosed, "the connection was reset before an answer came"),
    (DownloadFailedError, "the connection ended before an answer came"),
)
"""What is said of other failures of the network, by what was raised."""

_PRINTED = re.compile(r"<[\w.]+[ >]|\[[(<]|object at 0x")
"""What gives away a library's print of its objects."""
_OF_REQUEST = re.compile(r" in request <[^>]*>")


def _wall_of(exception: BaseException, outcome: Outcome, seen: Tracing | None) -> Wall | None:
    """The wall that a failure shows; a time-out without a word of its connection shows none."""
    if outcome is Outcome.TIMEOUT:
        return None if seen is None else Wall.TIMEOUT if seen.connected or seen.resolving else Wall.SILENT_DROP
    by_outcome = {Outcome.DNS: Wall.DNS, Outcome.TRUNCATED: Wall.RESET_AFTER_HEADERS}.get(outcome)
    error = next((cause for cause in _causes(exception) if isinstance(cause, SSL.Error)), None)
    return by_outcome or wall_of_handshake(seen.handshake if seen else None, error)


def _detail_of(exception: BaseException, wall: Wall | None) -> str:
    """What went wrong, in a line."""
    causes = tuple(_causes(exception))
    told = wall and WALL_WORDS.get(wall)
    by_kind = (words for kind, words in KIND_WORDS if any(isinstance(cause, kind) for cause in causes))
    return told or next(filter(None, map(in_words, causes)), None) or next(by_kind, None) or _plain(exception)


def _plain(exception: BaseException) -> str:
    """What an error of another kind says, if it says it in words; else its class."""
    name, said = type(exception).__name__, _OF_REQUEST.sub("", str(exception))
    return said if said and not _PRINTED.search(said) else name


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
