"""Faults one by one: what each makes of an answer, and what a client gets of each way over the wire."""

import gzip
import re
import socket
from urllib.parse import urlsplit

import pytest

from govcrawl.replica import Replica, running
from govcrawl.replica.faults.bodies import CHARSET_FAULTS, COMPRESSION_BOMBS
from govcrawl.replica.faults.by_name import FAULT_BY_NAME, OUTCOME_BY_FAULT
from govcrawl.replica.faults.crawler_traps import PRIVATE_ADDRESSES, REDIRECT_TRAPS
from govcrawl.replica.faults.scenarios import find_scenario, scenarios
from govcrawl.replica.faults.wire import DELIVERIES, ConnectionReset, WireMessage
from govcrawl.replica.plan import load_plan
from govcrawl.replica.request_response import WHOLE_DELIVERY, ReplicaRequest, ReplicaResponse

PAGE = ReplicaResponse(
    '<html><head><meta charset=UTF-8"><title>开展审计</title></head><body>面向机制</body></html>'.encode() + b" " * 900
)
ASKED = ReplicaRequest("GET", "www.jindong.gov.cn", "/art/2023/1/9/art_1_2.html")
MESSAGE = WireMessage("HTTP/1.1 200 OK", (("ETag", '"x"'),), b"0123456789")


def struck(fault: str, asked: ReplicaRequest = ASKED) -> ReplicaResponse:
    return FAULT_BY_NAME[fault](asked, PAGE)


def test_every_rule_names_a_fault_and_every_fault_is_struck_somewhere():
    named = {rule.fault for scenario in scenarios().values() for rule in scenario.rules}
    walls = {plan.wall for plan in load_plan().portals} - {None}

    assert named | walls <= set(FAULT_BY_NAME)
    assert set(FAULT_BY_NAME) - named - walls <= {"status-404", "status-500", "status-502"}
    assert set(OUTCOME_BY_FAULT) <= set(FAULT_BY_NAME)


def test_several_scenarios_go_together():
    both = find_scenario("damaged,circles")

    assert both.rules == find_scenario("damaged").rules + find_scenario("circles").rules


def sent(name: str) -> bytes:
    return b"".join(step for step in DELIVERIES[name](MESSAGE) if isinstance(step, bytes))


@pytest.mark.parametrize(
    ("name", "length", "body"),
    [
        (WHOLE_DELIVERY, 10, b"0123456789"),
        ("cut", 10, b"01234"),
        ("length-too-big", 110, b"0123456789"),
        ("length-too-small", 5, b"0123456789"),
        ("reset-mid-body", 10, b"01234"),
        ("drip-body", 10, b"0123456789"),
    ],
)
def test_lengths_that_are_told_and_bodies_that_are_sent(name, length, body):
    head, _, shown = sent(name).partition(b"\r\n\r\n")

    assert f"Content-Length: {length}\r\n".encode() in head + b"\r\n"
    assert shown == body
    assert (name == WHOLE_DELIVERY) == (b"Connection: close" not in head)


@pytest.mark.parametrize(("name", "end"), [("chunks-cut", b"5\r\n01234\r\n"), ("chunks-broken", b"no length\r\n01234")])
def test_chunks_break_off_or_go_astray(name, end):
    assert sent(name).endswith(end)
    assert b"Content-Length" not in sent(name)


@pytest.mark.parametrize("name", ["reset-before", "reset-after-head", "reset-mid-body"])
def test_resets_end_in_a_reset(name):
    assert isinstance(list(DELIVERIES[name](MESSAGE))[-1], ConnectionReset)


def test_a_reset_reaches_the_client_and_a_silent_server_lets_go_of_one_that_left():
    replica = Replica(scenario="wire")
    pages = [page["url"] for page in replica.manifest["pages"] if page["host"] == "www.jindong.gov.cn"]
    before, silent = (next(url for url in pages if f"/art/{year}/" in url) for year in (2020, 2023))
    with running(replica) as base:
        with client_of(base, before) as client, pytest.raises(ConnectionResetError):
            client.recv(1)
        with client_of(base, silent) as client:
            client.settimeout(0.2)
            with pytest.raises(TimeoutError):
                client.recv(1)
        with client_of(base, silent) as client:
            assert client.recv(12) == b"HTTP/1.1 200"


def client_of(base: str, url: str) -> socket.socket:
    there, parts = urlsplit(base), urlsplit(url)
    client = socket.create_connection((there.hostname, there.port), timeout=120)
    client.sendall(f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
    return client


@pytest.mark.parametrize("name", [name for name in CHARSET_FAULTS if name not in {"mixed", "big5"}])
def test_a_page_in_another_charset_says_the_same(name):
    body = struck(name).body
    charset = "utf-8-sig" if name in {"byte-order-mark", "unlabelled-utf-8"} else "gb18030"

    assert "<title>开展审计</title>" in body.decode(charset)


def test_big5_is_traditional_and_a_mixed_page_is_in_no_charset():
    assert "開展審計" in struck("big5").body.decode("big5")
    with pytest.raises(UnicodeDecodeError):
        struck("mixed").body.decode()


@pytest.mark.parametrize("name", ["gzip-bomb", "nested-bomb", "deflate-bomb"])
def test_a_bomb_is_small(name):
    assert len(struck(name).body) < 2_000_000
    assert struck(name).is_encoded
    assert name in COMPRESSION_BOMBS


def test_damaged_compression_cannot_be_undone():
    with pytest.raises(EOFError):
        gzip.decompress(struck("gzip-cut").body)
    with pytest.raises((OSError, ValueError)):
        gzip.decompress(struck("gzip-corrupt").body[:-8] + b"\0" * 8)


@pytest.mark.parametrize("name", REDIRECT_TRAPS)
def test_a_circle_sends_on_however_often_it_is_followed(name):
    asked = ASKED
    for _ in range(7):
        answer = struck(name, asked)
        target = dict(answer.headers).get("Location") or re.search(r"url=([^\"]+)", answer.body.decode())[1]
        parts = urlsplit(target)
        asked = ReplicaRequest("GET", ASKED.host, parts.path, dict([parts.query.split("=")] if parts.query else []))

    assert parts.path == ASKED.path


def test_traps_lead_to_private_addresses():
    assert dict(struck("redirect-private").headers)["Location"] in PRIVATE_ADDRESSES
    assert all(address in struck("astray").body.decode() for address in PRIVATE_ADDRESSES)


def test_what_robots_txt_was_last_given_is_what_forbids(ask):
    replica = Replica(scenario="robots-change")
    host = "https://www.jindong.gov.cn"
    page = next(page["url"] for page in replica.manifest["pages"] if page["url"].startswith(host))

    forbidden = []
    for _ in range(3):
        ask(f"{host}/robots.txt", of=replica)
        ask(page, of=replica)
        forbidden.append(replica.request_log.summary()["forbidden"])
    assert forbidden == [0, 1, 1]
