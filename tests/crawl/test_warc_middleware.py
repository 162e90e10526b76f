import gzip
import zlib
from types import SimpleNamespace

import pytest
from scrapy import Request
from scrapy.exceptions import DownloadTimeoutError
from scrapy.http import Headers, HtmlResponse

from govcrawl import models, portals
from govcrawl.crawl.archive_extension import WRITE_FAILED
from govcrawl.crawl.download_outcomes import Refusal
from govcrawl.crawl.warc_middleware import WarcMiddleware, field_pairs, received
from govcrawl.errors import ArchiveWriteError
from govcrawl.vocabulary import Origin, Outcome, Role
from govcrawl.warc import ArchiveWriter, StoredAttempt, StoredExchange, iter_stored, prepare

URL = "http://www.hangzhou.gov.cn/art/2024/1/22/art_1229063423_4234590.html"
PAGE = (
    "<html><title>2023年政府信息公开工作年度报告</title><body>" + "<p>本年度新公开规范性文件3件。</p>" * 200
).encode()
LIMIT = 1 << 20


def request(role: Role = Role.DOCUMENT) -> Request:
    asked = models.Request("330100", "hanweb-jpage", role, URL)
    return Request(URL, headers={"User-Agent": "govcrawl"}, meta={"asked": asked})


def response(status: int = 200, body: bytes = PAGE, flags: tuple[str, ...] = (), **headers: object) -> HtmlResponse:
    fields = {"Content-Type": "text/html; charset=utf-8", **{name.replace("_", "-"): v for name, v in headers.items()}}
    return HtmlResponse(URL, status=status, body=body, flags=list(flags), headers=fields)


@pytest.fixture
def archive(tmp_path):
    prepare(tmp_path)
    return tmp_path


@pytest.fixture
def writer(archive):
    writer = ArchiveWriter(archive, origin=Origin.REPLICA, software="test", registry_digest="0")
    yield writer
    writer.close()


@pytest.fixture
def stopped() -> list[str]:
    return []


@pytest.fixture
def middleware(writer, stopped):
    return WarcMiddleware(writer, LIMIT, lambda reason, _error: stopped.append(reason), portals.load_registry().at)


def stored_in(archive) -> list:
    return list(iter_stored(archive))


def test_a_response_is_in_the_archive_before_anything_else_sees_it(middleware, archive):
    asked = request()
    answer = response(body=gzip.compress(PAGE), Content_Encoding="gzip", Set_Cookie=["a=1", "b=2"])

    assert middleware.process_response(asked, answer) is answer

    (stored,) = stored_in(archive)
    assert isinstance(stored, StoredExchange)
    assert stored == asked.meta["stored"]
    assert stored.exchange.request == asked.meta["asked"]
    assert stored.exchange.response.body == PAGE
    assert [value for name, value in stored.exchange.response.headers if name == "Set-Cookie"] == ["a=1", "b=2"]
    assert asked.meta["outcome"] is stored.outcome is Outcome.OK


def test_a_redirect_is_kept_like_any_response(middleware, archive):
    middleware.process_response(request(), response(302, b"", Location="https://www.hangzhou.gov.cn/"))

    (stored,) = stored_in(archive)
    assert (stored.capture.status, stored.exchange.response.header("location")) == (302, "https://www.hangzhou.gov.cn/")


@pytest.mark.parametrize(
    "answer",
    [
        response(body=PAGE[:500], flags=("dataloss",)),
        response(body=gzip.compress(PAGE)[:-12], Content_Encoding="gzip"),
    ],
    ids=["connection lost", "gzip cut"],
)
def test_a_body_cut_short_is_kept_as_evidence_and_marked(middleware, archive, answer):
    asked = request()

    middleware.process_response(asked, answer)

    (stored,) = stored_in(archive)
    assert stored.capture.truncated
    assert asked.meta["outcome"] is stored.outcome is Outcome.TRUNCATED


def test_a_body_that_unpacks_beyond_the_limit_is_an_attempt_and_never_in_memory(middleware, archive):
    bomb = zlib.compress(b"\0" * (64 * LIMIT))
    asked = request()

    with pytest.raises(Refusal, match="too_large"):
        middleware.process_response(asked, response(body=bomb, Content_Encoding="deflate"))

    (stored,) = stored_in(archive)
    assert isinstance(stored, StoredAttempt)
    assert (stored.outcome, stored.http_status) == (Outcome.TOO_LARGE, 200)
    assert asked.meta["stored"].end == stored.end


@pytest.mark.parametrize(
    ("exception", "outcome", "detail"),
    [
        (DownloadTimeoutError("took longer"), Outcome.TIMEOUT, "no answer in time"),
        (Refusal(Outcome.ROBOTS, "forbidden"), Outcome.ROBOTS, "forbidden"),
    ],
)
def test_an_attempt_without_a_response_is_kept_with_its_reason(middleware, archive, exception, outcome, detail):
    asked = request()

    middleware.process_exception(asked, exception)

    (stored,) = stored_in(archive)
    assert stored == asked.meta["stored"]
    assert (stored.request, stored.outcome, stored.detail) == (asked.meta["asked"], outcome, detail)


def test_a_record_that_cannot_be_written_fails_the_request_and_stops_the_crawl(middleware, stopped, monkeypatch):
    def full(*_args):
        raise ArchiveWriteError("330100: no space left on device; make room and start again")

    monkeypatch.setattr(ArchiveWriter, "write_exchange", full)
    asked = request()

    with pytest.raises(ArchiveWriteError):
        middleware.process_response(asked, response())

    assert stopped == [WRITE_FAILED]
    assert "stored" not in asked.meta


def test_a_failed_write_is_not_itself_written_as_an_attempt(middleware, archive):
    middleware.process_exception(request(), ArchiveWriteError("no space left on device"))

    assert stored_in(archive) == []


def test_an_unknown_status_and_no_content_type_are_no_obstacle():
    fetched = received(request(), HtmlResponse(URL, status=521, body=b"x"), LIMIT)

    assert (fetched.status, fetched.reason, fetched.media_type) == (521, "", "application/octet-stream")


def test_header_bytes_that_are_no_text_survive():
    pairs = field_pairs(Headers({"X-Name": [b"\xd0\xc5\xcf\xa2", b"2"]}))

    assert [name for name, _ in pairs] == ["X-Name", "X-Name"]
    assert SimpleNamespace(value=pairs[1][1]).value == "2"


def test_an_empty_robots_txt_is_an_answer_and_an_empty_page_is_a_wall(middleware):
    robots, page = request(Role.ROBOTS), request()

    middleware.process_response(robots, response(body=b""))
    middleware.process_response(page, response(body=b""))

    assert (robots.meta["outcome"], page.meta["outcome"]) == (Outcome.OK, Outcome.BLOCKED)
