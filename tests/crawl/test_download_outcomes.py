import pytest
from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
)
from twisted.internet.error import ConnectionLost
from twisted.python.failure import Failure
from twisted.web.client import ResponseNeverReceived

from govcrawl.crawl.download_outcomes import Refusal, due_again, outcome_of
from govcrawl.vocabulary import Outcome


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
