import gzip
import http.client
import io
import json
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from govcrawl.errors import UsageError
from govcrawl.replica import Replica, running, serve_replica

HOST = {"Host": "www.hangzhou.gov.cn"}
COLUMN = "/col/col1229063423/index.html"
PROXY = "/module/web/jpage/dataproxy.jsp"


@pytest.fixture(scope="module")
def base_url():
    with running(Replica()) as url:
        yield url


@pytest.fixture
def connection(base_url):
    parts = urlsplit(base_url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=120)
    yield connection
    connection.close()


def ask(connection, path, headers=HOST, method="GET", body=None):
    connection.request(method, path, body=body, headers=headers)
    answer = connection.getresponse()
    return answer, answer.read()


def test_it_listens_on_loopback_only(base_url):
    assert base_url.startswith("http://127.0.0.1:")


def test_one_connection_serves_many_requests(connection):
    first, body = ask(connection, COLUMN)
    kept = connection.sock
    second, again = ask(connection, COLUMN)
    assert first.status == second.status == 200
    assert body == again
    assert connection.sock is kept


def test_a_page_is_zipped_for_who_accepts_it(connection):
    plain = ask(connection, COLUMN)[1]
    answer, body = ask(connection, COLUMN, {**HOST, "Accept-Encoding": "gzip, deflate"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(body) == plain
    assert int(answer.headers["Content-Length"]) == len(body) < len(plain)


def test_an_unchanged_page_is_not_sent_again(connection):
    path = urlsplit(next(page["url"] for page in Replica().manifest["pages"] if page["portal"] == "330100")).path
    answer, body = ask(connection, path)
    assert body
    for name, value in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        again, nothing = ask(connection, path, {**HOST, name: answer.headers[value]})
        assert (again.status, nothing) == (304, b"")
        assert again.headers["ETag"] == answer.headers["ETag"]
    assert ask(connection, path, {**HOST, "If-None-Match": '"other"'})[0].status == 200


def test_a_form_may_be_posted(connection):
    headers = {**HOST, "Content-Type": "application/x-www-form-urlencoded"}
    form = "columnid=1229063423&startrecord=46&endrecord=90&perpage=15"
    posted = ask(connection, PROXY, headers, "POST", form)[1]
    assert posted == ask(connection, f"{PROXY}?{form}")[1]
    assert b"<record>" in posted


def test_a_head_has_no_body(connection):
    answer, body = ask(connection, COLUMN, method="HEAD")
    assert (answer.status, body) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 1000


def test_the_scheme_meant_is_told_by_a_header(connection):
    host = {"Host": "www.ruian.gov.cn"}
    assert ask(connection, "/", {**host, "X-Replica-Scheme": "https"})[0].status == 410
    assert ask(connection, "/", host)[0].status == 200


def test_the_manifest_and_the_hosts_are_served(connection):
    answer, body = ask(connection, "/.replica/manifest", {})
    assert answer.headers["Content-Type"] == "application/json"
    assert json.loads(body)["pages"] == json.loads(json.dumps(Replica().manifest["pages"]))
    assert "www.hangzhou.gov.cn" in json.loads(ask(connection, "/.replica/hosts", {})[1])


def test_a_cut_body_is_shorter_than_announced_and_ends_the_connection():
    replica = Replica(scenario="flaky")
    url = urlsplit(next(page["url"] for page in replica.manifest["pages"] if "/art/2023/" in page["url"]))
    with running(replica) as base_url:
        parts = urlsplit(base_url)
        with socket.create_connection((parts.hostname, parts.port), timeout=120) as client:
            client.sendall(f"GET {url.path} HTTP/1.1\r\nHost: {url.netloc}\r\n\r\n".encode())
            received = b"".join(iter(lambda: client.recv(65536), b""))
    head, _, body = received.partition(b"\r\n\r\n")
    headers = http.client.parse_headers(io.BytesIO(head.split(b"\r\n", 1)[1] + b"\r\n\r\n"))
    assert 0 < len(body) < int(headers["Content-Length"])


def test_a_port_that_is_taken_is_wrong_usage(base_url):
    with pytest.raises(UsageError, match="give another --port"):
        serve_replica(port=urlsplit(base_url).port)


def test_the_base_url_is_the_only_line_of_output():
    process = subprocess.Popen(
        [sys.executable, "-c", "from govcrawl.replica import serve_replica; serve_replica()"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        parts = urlsplit(process.stdout.readline().strip())
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=120)
        assert ask(connection, COLUMN)[0].status == 200
        connection.close()
    finally:
        process.terminate()
        rest, _ = process.communicate(timeout=600)
    assert rest == ""
