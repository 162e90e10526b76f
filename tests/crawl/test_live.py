"""Live crawls without a network: names resolve to loopback, as a hijacked resolver might have it, or not at all."""

import time

import pytest

from .conftest import Crawls

RESOLVERS = """
from scrapy.resolver import HostResolution
from twisted.internet.address import IPv4Address, IPv6Address
from govcrawl.crawl.public_addresses import PublicResolver

class Answering:
    def __init__(self, reactor, addresses=(), seconds=0.0):
        self.reactor, self.addresses, self.seconds = reactor, addresses, seconds

    def resolveHostName(self, receiver, name, port=0, types=None, semantics="TCP"):
        receiver.resolutionBegan(HostResolution(name))
        self.reactor.callLater(self.seconds, self.answer, receiver, port)

    def answer(self, receiver, port):
        for address in self.addresses:
            kind = IPv6Address if ":" in address else IPv4Address
            receiver.addressResolved(kind("TCP", address, port))
        receiver.resolutionComplete()

class Hijacked(PublicResolver):
    def __init__(self, reactor, cache_size):
        super().__init__(reactor, cache_size)
        self.original_resolver = Answering(reactor, ("127.0.0.1", "::1", "fd00::1", "::ffff:10.0.0.1"))

class Silent(PublicResolver):
    def __init__(self, reactor, cache_size):
        super().__init__(reactor, cache_size)
        self.original_resolver = Answering(reactor, seconds=3.0)
"""
QUESTION = "no name could be resolved: is this machine online?"


@pytest.fixture
def crawls(tmp_path) -> Crawls:
    (tmp_path / "resolvers.py").write_text(RESOLVERS, encoding="utf-8")
    return Crawls(tmp_path)


def test_nothing_is_sent_to_a_registered_name_that_resolves_to_this_machine(crawls: Crawls):
    ended = crawls.run(
        "-a", "portal=330100", "-a", "year=2023", "-s", "TWISTED_DNS_RESOLVER=resolvers.Hijacked",
        "-s", "GOVCRAWL_PATIENCE=0", "-s", "DOWNLOAD_DELAY=0",
    )  # fmt: skip

    assert ended.code == 1
    assert "no public address" in ended.log
    assert "Traceback" not in ended.log
    assert crawls.rows("SELECT DISTINCT outcome, wall FROM attempts") == [("dns", "dns")]
    assert crawls.rows("SELECT count(*) > 0 FROM attempts WHERE detail LIKE '%resolves to 127.0.0.1, ::1, fd00::1%'")
    assert crawls.rows("SELECT count(*) FROM captures") == [(0,)]
    assert crawls.rows("SELECT value FROM archive WHERE name = 'origin'") == [("live",)]


@pytest.mark.parametrize("arguments", [(), ("-a", "portal=330100")])
def test_a_machine_without_a_network_is_asked_about_once_and_soon(crawls: Crawls, arguments: tuple[str, ...]):
    began = time.monotonic()

    ended = crawls.run("-s", "TWISTED_DNS_RESOLVER=resolvers.Silent", *arguments)

    assert time.monotonic() - began < 60
    assert ended.code == 1
    assert ended.log.count(QUESTION) == 1
    assert "Traceback" not in ended.log
    assert crawls.rows("SELECT finish_reason FROM crawls") == [("offline",)]
