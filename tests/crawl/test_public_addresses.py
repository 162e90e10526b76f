from types import SimpleNamespace

import pytest
from scrapy.resolver import dnscache
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from govcrawl.crawl.public_addresses import PublicResolver, is_public

PRIVATE = [
    "127.0.0.1", "127.255.0.3", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "100.127.255.254", "224.0.0.1", "255.255.255.255", "240.0.0.1", "192.0.2.1", "198.18.0.1",
    "::1", "::", "fe80::1", "fc00::1", "fd12:3456::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::", "2001:db8::1",
    "2130706433", "0x7f000001", "017700000001", "127.1", "localhost", "",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_and_what_is_no_plain_address_are_not_public(address: str):
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "223.5.5.5", "2400:3200::1", "64:ff9b::df05:505"])
def test_public_addresses_pass(address: str):
    assert is_public(address)


class Reactor:
    """Resolves every name to one address, at once."""

    def __init__(self, address: str) -> None:
        self.address = address

    def resolver(self, replica: str = "") -> PublicResolver:
        settings = SimpleNamespace(
            get={"GOVCRAWL_REPLICA": replica}.get, getbool=lambda _: False, getfloat=lambda _: 1.0
        )
        return PublicResolver.from_crawler(SimpleNamespace(settings=settings), self)


@pytest.fixture
def resolved(monkeypatch):
    def resolve(address: str, replica: str = ""):
        dnscache.clear()
        monkeypatch.setattr(
            "twisted.internet.base.ThreadedResolver.getHostByName", lambda *_args, **_kw: _fired(address)
        )
        results: list = []
        Reactor(address).resolver(replica).getHostByName("www.hangzhou.gov.cn").addBoth(results.append)
        return results[0]

    return resolve


def _fired(address: str) -> Deferred:
    deferred: Deferred = Deferred()
    deferred.callback(address)
    return deferred


def test_a_name_that_resolves_to_a_private_address_fails_before_anything_connects(resolved):
    failure = resolved("127.0.0.1")

    assert failure.check(DNSLookupError)
    assert "no public address" in str(failure.value)


def test_a_public_address_is_handed_on_as_the_one_to_connect_to(resolved):
    assert resolved("223.5.5.5") == "223.5.5.5"


def test_only_replica_mode_opens_loopback(resolved):
    assert resolved("127.0.0.1", replica="http://127.0.0.1:8000") == "127.0.0.1"
