"""What the tests of the archive share: a prepared folder, writers, and things to write."""

import gzip
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from govcrawl.models import Request
from govcrawl.vocabulary import Origin, Role
from govcrawl.warc import ArchiveWriter, Fetched, prepare

PAGE = "<html><body><p>政府信息公开工作年度报告</p></body></html>".encode()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    prepare(folder)
    return folder


@pytest.fixture
def at() -> datetime:
    return datetime(2026, 1, 31, 8, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def request_() -> Request:
    return Request(
        portal="330100",
        platform="hanweb-jpage",
        role=Role.DOCUMENT,
        url="http://www.hangzhou.gov.cn/art/2025/1/20/art_1.html?a=1",
        key="col1229063383",
        context=(("page", "1"),),
    )


@pytest.fixture
def fetched(at: datetime, request_: Request) -> Fetched:
    """A page that came compressed, with a repeated header field."""
    return Fetched(
        at=at,
        url=request_.url,
        status=200,
        reason="OK",
        headers=(
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Encoding", "gzip"),
            ("Set-Cookie", "a=1"),
            ("Set-Cookie", "b=2"),
        ),
        wire_body=gzip.compress(PAGE, mtime=0),
        body=PAGE,
        media_type="text/html",
        sent_headers=(("User-Agent", "govcrawl"), ("Accept-Encoding", "gzip, deflate")),
    )


@pytest.fixture
def plain(fetched: Fetched) -> Callable[[bytes], Fetched]:
    """The same response with another body, sent uncompressed."""
    return lambda body: replace(fetched, headers=(("Content-Type", "text/html"),), wire_body=body, body=body)


@pytest.fixture
def new_writer(archive: Path) -> Callable[..., ArchiveWriter]:
    """A writer as each run makes one."""

    def make(**options: object) -> ArchiveWriter:
        settings = {"origin": Origin.REPLICA, "software": "govcrawl/test", "registry_digest": "0" * 64}
        return ArchiveWriter(archive, **(settings | options))

    return make
