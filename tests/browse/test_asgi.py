"""The ASGI wrapper: a replaced database is opened, CSV is safe in any pieces, other protocols pass through."""

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from govcrawl.archive.layout import database_of
from govcrawl.browse.asgi import wrap_datasette

CSV = '\ufefftitle,note\r\n"=1+1","two\r\nlines, ""quoted"""\r\n-8,+9\r\nplain,@x\r\n'.encode()
SAFE = '\ufefftitle,note\r\n\'=1+1,"two\r\nlines, ""quoted"""\r\n-8,+9\r\nplain,\'@x\r\n'.encode()


NO_DATABASES = SimpleNamespace(databases={}, setting=lambda _: "/")
"""What the wrapper sees of a Datasette that shows nothing."""


def answered(pieces: list[bytes], path: str = "/govcrawl/documents.csv", **scope: Any) -> list[dict[str, Any]]:
    """What the wrapper sends for an application that answers a CSV in pieces."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        headers = [(b"Content-Type", b"text/csv; charset=utf-8"), (b"X-Content-Type-Options", b"own")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for number, piece in enumerate(pieces, 1):
            await send({"type": "http.response.body", "body": piece, "more_body": number < len(pieces)})

    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    wrapped = wrap_datasette(application, NO_DATABASES, "govcrawl", frozenset())
    with ThreadPoolExecutor(1) as beside:
        beside.submit(asyncio.run, wrapped({"type": "http", "path": path, **scope}, None, send)).result()
    return sent


def test_a_csv_is_safe_however_it_comes_in_pieces():
    for cut in range(len(CSV) + 1):
        _, *bodies = answered([CSV[:cut], CSV[cut:]])
        assert b"".join(body["body"] for body in bodies) == SAFE, cut


def test_an_answer_that_is_no_csv_passes_as_it_is():
    _, *bodies = answered([CSV], path="/govcrawl/documents")

    assert [body["body"] for body in bodies] == [CSV]


def test_security_headers_are_added_where_the_answer_has_none_of_its_own():
    start, *_ = answered([b""])
    headers = [(name.lower(), value) for name, value in start["headers"]]

    assert headers.count((b"x-content-type-options", b"own")) == 1
    assert (b"x-content-type-options", b"nosniff") not in headers
    assert (b"referrer-policy", b"no-referrer") in headers


def test_other_protocols_pass_through():
    seen: list[str] = []

    async def application(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["type"])

    wrapped = wrap_datasette(application, NO_DATABASES, "govcrawl", frozenset())
    with ThreadPoolExecutor(1) as beside:
        beside.submit(asyncio.run, wrapped({"type": "lifespan"}, None, None)).result()

    assert seen == ["lifespan"]


def test_a_database_that_another_file_replaced_is_opened_anew(archive_copy: Path):
    app = pytest.importorskip("datasette.app", reason="the extra `browse` is not installed")
    database = database_of(archive_copy)
    query = "/govcrawl.json?sql=SELECT+count(*)+FROM+reports&_shape=arrayfirst"

    async def ask() -> list[list[int]]:
        shown = app.Datasette([str(database)])
        before = [(await shown.client.get(query)).json() for _ in range(2)]
        await asyncio.to_thread(replace, database)
        return [*before, *[(await shown.client.get(query)).json() for _ in range(2)]]

    def replace(path: Path) -> None:
        other = path.with_suffix(".new")
        with closing(sqlite3.connect(path)) as old:
            old.execute("VACUUM INTO ?", (str(other),))
        with closing(sqlite3.connect(other)) as new, new:
            new.execute("PRAGMA foreign_keys = OFF")
            new.execute("DELETE FROM reports")
        other.replace(path)

    with ThreadPoolExecutor(1) as beside:
        first, second, third, fourth = beside.submit(asyncio.run, ask()).result()

    assert first == second != third
    assert third == fourth == [0]
