"""Pages of the archive are asked for on condition, and an unchanged one is kept as a revisit that reads as the page."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import scrapy

from govcrawl import portals, projection, warc
from govcrawl.crawl.revisits import Known, Revisits, conditions
from govcrawl.db import store
from govcrawl.db.arrival import Arrival
from govcrawl.db.ledger import Ledger
from govcrawl.models import Request, Response
from govcrawl.vocabulary import Origin, Outcome, Role
from govcrawl.warc import ArchiveWriter, Fetched

URL = "https://www.shangyu.gov.cn/art/2024/1/8/art_1_2.html"
ASKED = Request("330604", "hanweb-jpage", Role.DOCUMENT, URL)
BODY = "<html><body>年度报告</body></html>".encode()
HEADERS = (("Content-Type", "text/html"), ("ETag", '"a"'), ("Last-Modified", "Mon, 08 Jan 2024 01:00:00 GMT"))


def fetched(**changes: object) -> Fetched:
    answer = Fetched(datetime(2026, 1, 31, tzinfo=UTC), URL, 200, "OK", HEADERS, BODY, BODY, "text/html")
    return replace(answer, **changes)


NOT_MODIFIED = {"status": 304, "headers": (("ETag", '"b"'),), "wire_body": b"", "body": b""}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    warc.prepare(tmp_path)
    return tmp_path


@pytest.fixture
def writer(archive: Path) -> ArchiveWriter:
    return ArchiveWriter(archive, origin=Origin.REPLICA, software="test", registry_digest="0" * 64)


@pytest.fixture
def connection(archive: Path):
    connection = projection.open_projection(archive, Origin.REPLICA, portals.load())
    yield connection
    connection.close()


@pytest.fixture
def archived(writer, connection):
    """Keeps and stores an answer to `ASKED`; its capture."""

    def archived(answer: Fetched, outcome: Outcome = Outcome.OK, asked: Request = ASKED):
        capture = writer.write_exchange(asked, answer, outcome)
        arrival = Arrival(asked, outcome, capture.fetched_at, http_status=capture.status, capture=capture)
        store.arrive(connection, Ledger(connection, str), arrival)
        return capture

    return archived


@pytest.fixture
def sent(connection, archive):
    """The request as it goes to the wire."""

    def sent(asked: Request = ASKED) -> scrapy.Request:
        request = scrapy.Request(asked.url, meta={"asked": asked})
        Revisits(connection, archive).process_request(request)
        return request

    return sent


def test_a_known_page_is_asked_for_by_its_tag_and_its_date(archived, sent):
    capture = archived(fetched())

    request = sent()

    assert request.headers["If-None-Match"] == b'"a"'
    assert request.headers["If-Modified-Since"] == b"Mon, 08 Jan 2024 01:00:00 GMT"
    assert request.meta["known"].capture == capture
    assert request.meta["known"].response.body == BODY


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (fetched(), Outcome.BLOCKED),
        (fetched(), Outcome.SOFT_404),
        (fetched(status=404), Outcome.HTTP_ERROR),
        (fetched(truncated="disconnect"), Outcome.TRUNCATED),
    ],
)
def test_what_was_no_good_answer_is_not_compared_with(archived, sent, answer, outcome):
    archived(answer, outcome)

    assert "known" not in sent().meta
    assert not sent().headers


def test_the_last_good_answer_counts_whatever_came_after_it(archived, sent):
    archived(fetched(headers=(("ETag", '"old"'),)))
    archived(fetched(at=datetime(2026, 2, 1, tzinfo=UTC)))
    archived(fetched(at=datetime(2026, 2, 2, tzinfo=UTC)), Outcome.BLOCKED)

    assert sent().headers["If-None-Match"] == b'"a"'


def test_a_page_without_validators_is_known_and_asked_for_whole(archived, sent):
    archived(fetched(headers=(("Content-Type", "text/html"),)))

    assert not sent().headers
    assert sent().meta["known"].is_unchanged(fetched())


def test_another_request_for_the_address_is_another_page(archived, sent):
    archived(fetched())

    assert "known" not in sent(replace(ASKED, method="POST", body=b"page=2")).meta
    assert "known" not in sent(replace(ASKED, role=Role.ROBOTS)).meta


def test_a_page_that_cannot_be_read_back_is_asked_for_whole(archived, sent, archive, caplog):
    capture = archived(fetched())
    path = warc.warc_path(archive, capture.warc_file)
    data = bytearray(path.read_bytes())
    data[capture.warc_offset + 40] ^= 0xFF
    path.write_bytes(data)

    assert "known" not in sent().meta
    assert "cannot be read" in caplog.text


@pytest.mark.parametrize(
    ("answer", "same"),
    [
        (fetched(**NOT_MODIFIED), True),
        (fetched(headers=()), True),
        (fetched(body=BODY + b" "), False),
        (fetched(status=203), False),
        (fetched(truncated="length"), False),
    ],
)
def test_unchanged_is_what_the_portal_or_the_digest_says(answer, same):
    capture = type("Capture", (), {"sha256": hashlib.sha256(BODY).hexdigest()})
    known = Known(capture, Response(URL, 200, HEADERS, BODY))

    assert known.is_unchanged(answer) is same


def test_a_revisit_reads_back_as_it_was_seen(archived, writer, archive, sent):
    archived(fetched())
    known = sent().meta["known"]
    answer = fetched(**NOT_MODIFIED)

    writer.write_revisit(ASKED, answer, Outcome.NOT_MODIFIED, known.capture)

    *_, stored = warc.iter_stored(archive)
    assert stored.exchange.response == known.as_of_today(answer)
    assert stored.exchange.response.header("Content-Type") == "text/html"
    assert stored.exchange.response.header("ETag") == '"b"'
    assert stored.capture.media_type == "text/html"


def test_header_fields_of_any_bytes_are_sent_back_as_they_came():
    text = warc.to_text(b'"\xd6\xd0"')

    assert conditions(Response(URL, 200, (("etag", text),), b"")) == {"If-None-Match": b'"\xd6\xd0"'}
