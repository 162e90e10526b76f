from types import SimpleNamespace

import pytest
from scrapy.resolver import HostResolution, dnscache
from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.task import Clock

from govcrawl.crawl.connections import TRACING, Tracing
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


class Answers:
    """Resolves every name to some addresses, at once, or never says that it is done."""

    def __init__(self, *addresses: str, ends: bool = True) -> None:
        self.addresses = addresses
        self.ends = ends
        self.asked = 0

    def resolveHostName(self, receiver, name, port=0, types=None, semantics="TCP"):  # noqa: N802 - Twisted's name
        self.asked += 1
        receiver.resolutionBegan(HostResolution(name))
        for address in self.addresses:
            receiver.addressResolved((IPv6Address if ":" in address else IPv4Address)("TCP", address, port))
        if self.ends:
            receiver.resolutionComplete()


class Told:
    """What a resolver tells: the addresses with their ports, and how often that was all."""

    def __init__(self) -> None:
        self.addresses: list[tuple[str, int]] = []
        self.completed = 0

    def resolutionBegan(self, resolution) -> None:  # noqa: N802 - Twisted's name
        pass

    def addressResolved(self, address) -> None:  # noqa: N802 - Twisted's name
        self.addresses.append((address.host, address.port))

    def resolutionComplete(self) -> None:  # noqa: N802 - Twisted's name
        self.completed += 1


@pytest.fixture
def clock() -> Clock:
    dnscache.clear()
    return Clock()


def resolver(clock: Clock, answers: Answers, replica: str = "") -> PublicResolver:
    numbers = {"DNS_TIMEOUT": 20.0, "DNSCACHE_SIZE": 100}
    settings = SimpleNamespace(
        get={"GOVCRAWL_REPLICA": replica}.get,
        getbool=lambda _: True,
        getint=numbers.__getitem__,
        getfloat=numbers.__getitem__,
    )
    clock.nameResolver = answers
    return PublicResolver.from_crawler(SimpleNamespace(settings=settings), clock)


def resolved(clock: Clock, answers: Answers, replica: str = "", port: int = 443) -> Told:
    told = Told()
    resolver(clock, answers, replica).resolveHostName(told, "www.hangzhou.gov.cn", port)
    return told


def test_a_name_that_resolves_to_private_addresses_has_none_and_that_is_said(clock, caplog):
    tracing = Tracing()
    token = TRACING.set(tracing)
    told = resolved(clock, Answers("127.0.0.1", "::1"))
    TRACING.reset(token)

    assert (told.addresses, told.completed) == ([], 1)
    assert tracing.refused == "www.hangzhou.gov.cn resolves to 127.0.0.1, ::1, which is no public address"
    assert "no public address" in caplog.text


@pytest.mark.parametrize("addresses", [("223.5.5.5",), ("2400:3200::1",), ("2400:3200::1", "223.5.5.5")])
def test_public_addresses_of_both_kinds_are_handed_on_as_the_ones_to_connect_to(clock, addresses):
    told = resolved(clock, Answers(*addresses))

    assert (told.addresses, told.completed) == ([(address, 443) for address in addresses], 1)


def test_of_a_name_with_both_sorts_only_the_public_address_is_connected_to(clock):
    assert resolved(clock, Answers("::1", "223.5.5.5", "fd00::1")).addresses == [("223.5.5.5", 443)]


def test_only_replica_mode_opens_loopback(clock):
    told = resolved(clock, Answers("127.0.0.1", "::1"), replica="http://127.0.0.1:8000")

    assert told.addresses == [("127.0.0.1", 443), ("::1", 443)]


def test_a_resolver_that_never_ends_is_waited_for_no_longer_than_the_limit(clock):
    told = resolved(clock, Answers("223.5.5.5", ends=False))

    clock.advance(19)
    assert told.completed == 0
    clock.advance(2)
    assert told.completed == 1
    assert not clock.getDelayedCalls()


def test_an_answer_is_kept_with_every_port_and_checked_each_time(clock):
    answers = Answers("223.5.5.5", "127.0.0.1")
    public, told = resolver(clock, answers), [Told(), Told()]
    for port, one in zip((443, 8443), told, strict=True):
        public.resolveHostName(one, "www.hangzhou.gov.cn", port)

    assert answers.asked == 1
    assert [one.addresses for one in told] == [[("223.5.5.5", 443)], [("223.5.5.5", 8443)]]
    assert not clock.getDelayedCalls()
