"""The guard of a real server: names, bodies, load. Whatever comes, memory stays bounded and others are served."""

import os
import re
import socket
import urllib.parse
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from govcrawl.browse.connections import MAX_CONNECTIONS
from govcrawl.browse.request_guard import MAX_REQUEST_BODY, refused_name
from govcrawl.browse.serving import Site, names_of

MOST_KIB = 1024 * 1024
"""What the server may hold under any load."""


@pytest.fixture(scope="module")
def shown(crawled: Path, serve: Callable[..., Any]) -> Iterator[Any]:
    """A server of its own: other tests look at how much memory it took."""
    with serve(crawled, "--cors", "--allow-host", "Archive.Example.") as served:
        yield served


def place(served: Any) -> tuple[str, int]:
    parts = urllib.parse.urlsplit(served.address)
    return str(parts.hostname), int(parts.port or 0)


def said(served: Any, sent: bytes, *more: bytes) -> bytes:
    """What the server answers to bytes before it waits for more or closes; further bytes are sent after its answer."""
    with closing(socket.create_connection(place(served), timeout=60)) as connection:
        connection.sendall(sent)
        answer = connection.recv(65536)
        for piece in more:
            connection.sendall(piece)
        return answer


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def most_memory(served: Any) -> int:
    """The most KiB that the server's process has ever held."""
    text = Path(f"/proc/{served.pid}/status").read_text(encoding="ascii")
    return int(re.findall(r"VmHWM:\s+(\d+)", text)[0])


needs_proc = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")

# --------------------------------------------------------------------------------------------------------- names

NAMES = {
    "127.0.0.1": True,
    "127.0.0.1:99": True,
    "localhost": True,
    "LOCALHOST:8001": True,
    "localhost.": True,
    "[::1]": True,
    "[::1]:8001": True,
    "archive.example": True,
    "archive.example:443": True,
    "evil.example": False,
    "localhost.evil.example": False,
    "127.0.0.1.evil.example": False,
    "127.0.0.2": False,
    "::1": False,
    "localhost:": True,
    "localhost:x": False,
    "user@localhost": False,
    "localhost/": False,
    "": False,
    "\xe7\x94\xb2": False,
}


@pytest.mark.parametrize("host", NAMES)
def test_a_request_names_this_server(shown: Any, host: str):
    answer = said(shown, b"GET /-/about HTTP/1.1\r\nConnection: close\r\nHost: " + host.encode("latin-1") + b"\r\n\r\n")

    assert status(answer) == (200 if NAMES[host] else 403), host


@pytest.mark.parametrize("path", ["/", "/govcrawl.json", "/-/issues.json", "/-/login", "/-/static/app.css", "/nothing"])
def test_no_page_is_given_under_another_name(shown: Any, path: str):
    answer = httpx.get(f"{shown.address}{path}", headers={"Host": "evil.example"})

    assert answer.status_code == 403
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text.count("\n") == 1
    assert "--allow-host" in answer.text


def test_a_request_without_a_name_is_refused(shown: Any):
    assert status(said(shown, b"GET / HTTP/1.0\r\n\r\n")) == 403


SITES = {
    Site(host="0.0.0.0"): {"0.0.0.0": True, "192.0.2.7": True, "archive.example": False, "localhost": True},
    Site(host="Archive.Example"): {"archive.example": True, "www.archive.example": False},
    Site(host="::"): {"[::1]": True, "[2001:db8::1]": False},
    Site(names=("a.example", "[2001:db8::1]", "2001:db8::2")): {
        "a.example": True,
        "[2001:db8::1]": True,
        "[2001:db8::2]": True,
        "b.example": False,
    },
}


@pytest.mark.parametrize("site", SITES, ids=lambda site: f"{site.host} {' '.join(site.names)}")
def test_which_names_are_allowed_follows_from_the_options(site: Site):
    for name, allowed in SITES[site].items():
        scope = {"headers": [(b"host", f"{name}:8001".encode())], "server": ("192.0.2.7", 8001)}
        assert (refused_name(scope, names_of(site)) is None) == allowed, name


def test_two_names_are_none():
    scope = {"headers": [(b"host", b"localhost"), (b"host", b"localhost")], "server": ("127.0.0.1", 80)}

    assert refused_name(scope, {"localhost"}) is not None


@pytest.mark.parametrize("path", ["/-/issues.json", "/index.json", "/-/report/none.json", "/govcrawl/reports.json"])
def test_other_sites_read_the_json_where_they_may(shown: Any, served: Any, path: str):
    allowed = httpx.get(f"{shown.address}{path}", headers={"Origin": "https://other.example"})
    not_allowed = httpx.get(f"{served.address}{path}", headers={"Origin": "https://other.example"})

    assert allowed.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in not_allowed.headers


# -------------------------------------------------------------------------------------------------------- bodies

HEAD = "POST /-/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
TOO_LARGE = {
    "declared": (f"Content-Length: {MAX_REQUEST_BODY + 1}\r\n\r\n", b""),
    "declared, of many digits": (f"Content-Length: {'9' * 20}\r\n\r\n", b""),
    "declared and waiting": (f"Content-Length: {MAX_REQUEST_BODY + 1}\r\nExpect: 100-continue\r\n\r\n", b""),
    "one chunk": (f"Transfer-Encoding: chunked\r\n\r\n{MAX_REQUEST_BODY + 1:x}\r\n", b"x" * (MAX_REQUEST_BODY + 1)),
    "many chunks": ("Transfer-Encoding: chunked\r\n\r\n", b"3e8\r\n" + b"x" * 1000 + b"\r\n"),
}


@pytest.mark.parametrize("kind", TOO_LARGE)
def test_a_large_body_is_refused_before_it_is_read(shown: Any, kind: str):
    head, piece = TOO_LARGE[kind]
    sent = HEAD.encode() + head.encode() + piece * (MAX_REQUEST_BODY // 1000 + 1 if kind == "many chunks" else 1)

    assert status(said(shown, sent)) == 413


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
def test_no_method_brings_a_large_body(shown: Any, method: str):
    sent = f"{method} / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {MAX_REQUEST_BODY + 1}\r\n\r\n"

    assert status(said(shown, sent.encode())) == 413


def test_a_client_that_sends_all_before_it_reads_is_answered_too(shown: Any):
    answer = httpx.post(f"{shown.address}/-/login", content=b"x" * 3_000_000, timeout=60)

    assert answer.status_code == 413


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_up_to_the_limit_is_read(shown: Any, chunked: bool):
    body = b"token=" + b"x" * (MAX_REQUEST_BODY - 6)
    answer = httpx.post(
        f"{shown.address}/-/login",
        content=iter((body[:1000], body[1000:])) if chunked else body,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        timeout=60,
    )

    assert answer.status_code == 403
    assert "csrftoken" in answer.text  # the form again, because the token is wrong


def test_a_client_that_goes_away_within_its_body_is_no_error(shown: Any):
    with closing(socket.create_connection(place(shown))) as connection:
        connection.sendall(f"{HEAD}Content-Length: 5\r\n\r\nab".encode())

    assert httpx.get(f"{shown.address}/-/about").status_code == 200


# ---------------------------------------------------------------------------------------------------------- load

GREEDY = (
    "select zeroblob(1000000000)",
    "select printf('%.*c', 1000000000, 'x')",
    "select json_group_array(hex(zeroblob(400000))) from facts, facts as b",
    "select group_concat(hex(zeroblob(400000))) from facts",
    "select hex(zeroblob(400000)) from facts limit 1000",
    "with recursive n(i) as (select 1 union all select i + 1 from n) select zeroblob(100000) from n",
)


def greedy_status(served: Any, sql: str, kind: str) -> int:
    address = f"{served.address}/govcrawl{kind}?{urllib.parse.urlencode({'sql': sql})}"
    return httpx.get(address, timeout=300).status_code


@needs_proc
@pytest.mark.parametrize("sql", GREEDY)
@pytest.mark.parametrize("kind", ["", ".json"])
def test_a_greedy_select_is_refused(shown: Any, sql: str, kind: str):
    assert greedy_status(shown, sql, kind) == 400
    assert most_memory(shown) < MOST_KIB


HALF_OPEN = (
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 20_000,
    b"GET /",
    b"",
    f"{HEAD}Content-Length: 60000\r\n\r\n".encode() + b"x" * 50_000,
    f"{HEAD}Transfer-Encoding: chunked\r\n\r\n".encode() + b"1\r\nx\r\n" * 5_000,
)
LOADS = [
    pytest.param(12, 40, 2, id="some"),
    pytest.param(200, 400, 5, id="many", marks=pytest.mark.soak),
]


@needs_proc
@pytest.mark.parametrize(("clients", "half_open", "rounds"), LOADS)
def test_clients_are_served_beside_half_open_requests(shown: Any, clients: int, half_open: int, rounds: int):
    paths = ("/", "/-/issues", "/-/compare", "/govcrawl/facts.json?_size=max", "/govcrawl/current_facts?_size=200")

    def ask(number: int) -> list[int]:
        with httpx.Client(base_url=shown.address, timeout=600) as client:
            return [client.get(paths[(number + turn) % len(paths)]).status_code for turn in range(rounds)]

    with ExitStack() as stack:
        for number in range(half_open):
            connection = stack.enter_context(closing(socket.create_connection(place(shown), timeout=60)))
            connection.sendall(HALF_OPEN[number % len(HALF_OPEN)])
        with ThreadPoolExecutor(clients) as asking:
            answers = list(asking.map(ask, range(clients)))

    assert {code for some in answers for code in some} == {200}
    assert most_memory(shown) < MOST_KIB


@needs_proc
@pytest.mark.soak
def test_memory_is_bounded_while_many_are_greedy_and_read_nothing(shown: Any):
    text = "select hex(zeroblob(100000)) from facts limit 70"
    asked = f"GET /govcrawl.json?{urllib.parse.urlencode({'sql': text})} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    with ExitStack() as stack:
        for _ in range(200):
            connection = stack.enter_context(closing(socket.create_connection(place(shown), timeout=60)))
            connection.sendall(asked)
        with ThreadPoolExecutor(50) as asking:
            codes = set(asking.map(lambda number: greedy_status(shown, GREEDY[number % 6], ".json"), range(100)))

    assert codes <= {400, 503}
    assert httpx.get(f"{shown.address}/-/about", timeout=60).status_code == 200
    assert most_memory(shown) < MOST_KIB


@pytest.mark.soak
def test_half_open_requests_are_given_up(shown: Any):
    with ExitStack() as stack:
        waiting = [stack.enter_context(closing(socket.create_connection(place(shown), timeout=90))) for _ in HALF_OPEN]
        for connection, sent in zip(waiting, HALF_OPEN, strict=True):
            connection.sendall(sent)
        assert [ended(connection) for connection in waiting] == [True] * len(waiting)


def ended(connection: socket.socket) -> bool:
    """Whether the server ends a connection without an answer."""
    try:
        return connection.recv(100) == b""
    except ConnectionResetError:
        return True


def test_who_waits_longest_makes_room(shown: Any):
    with ExitStack() as stack:
        waiting = [
            stack.enter_context(closing(socket.create_connection(place(shown), timeout=60)))
            for _ in range(MAX_CONNECTIONS + 5)
        ]
        assert httpx.get(f"{shown.address}/-/about", timeout=60).status_code == 200
        assert ended(waiting[0])


def test_the_server_ends_while_requests_are_half_open(crawled: Path, serve: Callable[..., Any]):
    with serve(crawled) as served:
        connection = socket.create_connection(place(served), timeout=60)
        connection.sendall(HALF_OPEN[0])
        os.kill(served.pid, 15)
        assert ended(connection)
        connection.close()
