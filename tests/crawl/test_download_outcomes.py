import pytest
from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)
from twisted.internet.error import ConnectionDone, ConnectionLost, NoRouteError
from twisted.python.failure import Failure
from twisted.web._newclient import ParseError
from twisted.web.client import ResponseNeverReceived

from govcrawl.crawl.connections import Tracing
from govcrawl.crawl.download_outcomes import Refusal, due_again, failure_of, outcome_of
from govcrawl.vocabulary import Outcome, Wall
from govcrawl.warc import AttemptFailure


def wrapped(cause: Exception) -> Exception:
    """As Scrapy hands on what Twisted raised."""
    failure = DownloadFailedError("failed")
    failure.__cause__ = ResponseNeverReceived([Failure(cause)])
    return failure


@pytest.mark.parametrize(
    ("exception", "outcome"),
    [
        (DownloadTimeoutError(), Outcome.TIMEOUT),
        (CannotResolveHostError(), Outcome.DNS),
        (DownloadConnectionRefusedError(), Outcome.REFUSED),
        (DownloadCancelledError(), Outcome.TOO_LARGE),
        (wrapped(SSL.Error()), Outcome.TLS),
        (wrapped(ConnectionLost()), Outcome.REFUSED),
        (DownloadFailedError(), Outcome.REFUSED),
        (Refusal(Outcome.ROBOTS, "forbidden by robots.txt"), Outcome.ROBOTS),
        (KeyError("a fault of ours"), Outcome.ERROR),
    ],
)
def test_each_failure_has_its_outcome(exception: Exception, outcome: Outcome):
    assert outcome_of(exception) is outcome


@pytest.mark.parametrize(
    ("outcome", "status", "tries", "expected"),
    [
        (Outcome.TIMEOUT, None, 1, 110.0),
        (Outcome.TIMEOUT, None, 2, 140.0),
        (Outcome.TIMEOUT, None, 3, None),
        (Outcome.HTTP_ERROR, 503, 1, 110.0),
        (Outcome.HTTP_ERROR, 404, 1, None),
        (Outcome.ROBOTS, None, 1, None),
        (Outcome.OUT_OF_REGISTRY, None, 1, None),
        (Outcome.OK, 200, 1, None),
    ],
)
def test_only_what_may_pass_is_tried_again_and_three_times_at_most(outcome, status, tries, expected):
    assert due_again(outcome, status, tries, now=100.0, first_wait=10.0) == expected


@pytest.mark.parametrize(
    ("exception", "detail"),
    [
        (wrapped(ConnectionLost()), "the connection was reset before an answer came"),
        (wrapped(ConnectionDone()), "the connection was closed before an answer came"),
        (wrapped(ParseError("nonsense", b"SSH-2.0")), "the answer is not HTTP"),
        (wrapped(SSL.Error([("SSL routines", "", "wrong version number")])), "the port speaks no TLS"),
        (wrapped(NoRouteError()), "there is no route to the host"),
        (DownloadFailedError("[<twisted.python.failure.Failure x: y>]"), "the connection ended before an answer came"),
        (DownloadConnectionRefusedError("Connection was refused"), "the connection was refused"),
        (
            DownloadCancelledError(
                "Received 9 bytes which is larger than download max size (8) in request <GET http://a>."
            ),
            "Received 9 bytes which is larger than download max size (8).",
        ),
        (KeyError("a fault of ours"), "'a fault of ours'"),
        (RuntimeError("<twisted.web.Thing at 0x7f>"), "RuntimeError"),
    ],
)
def test_what_is_kept_of_a_failure_are_words(exception: Exception, detail: str):
    assert failure_of(exception).detail == detail


def test_how_far_a_request_came_tells_a_drop_from_a_host_that_does_not_answer():
    ends = {
        None: failure_of(DownloadTimeoutError()).wall,
        Wall.SILENT_DROP: failure_of(DownloadTimeoutError(), Tracing()).wall,
        Wall.TIMEOUT: failure_of(DownloadTimeoutError(), Tracing(connected=True)).wall,
    }

    assert all(found is wall for wall, found in ends.items())


def test_the_wall_that_a_gate_met_is_that_of_what_it_refuses():
    refusal = Refusal(Outcome.TLS, "robots.txt could not be read (tls)", Wall.TLCP)

    assert failure_of(refusal) == AttemptFailure(Outcome.TLS, "robots.txt could not be read (tls)", Wall.TLCP)
