"""Which network addresses a live crawl may connect to: public ones only, checked at the moment of connecting.

A registered name that resolves to a private network (by mistake, by a hijacked resolver, or by an attacker who answers
differently the second time) is refused. The check sits in the resolver whose answer is the address that is connected
to: there is no second look-up in which the answer could change.

Names are resolved to IPv4 alone, as Scrapy's resolver does within a time limit: no portal is known that has an IPv6
address and no other. One that had would be filed as `dns`. Literal IPv6 addresses are no hosts of the registry.
"""

import logging
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

_logger = logging.getLogger(__name__)

_NAT64 = IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether a literal IPv4 or IPv6 address is one the whole internet can reach.

    False for loopback, private, link-local (which holds the cloud metadata services), shared carrier space, multicast,
    unspecified and reserved addresses, for what is no address at all, and for all of these inside IPv6
    (v4-mapped, 6to4, Teredo, NAT64).
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return all(part.is_global and not part.is_multicast for part in (parsed, *_embedded(parsed)))


def _embedded(address: IPv4Address | IPv6Address) -> tuple[IPv4Address, ...]:
    """The IPv4 addresses that traffic to an IPv6 address would end at."""
    if isinstance(address, IPv4Address):
        return ()
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        found.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return tuple(part for part in found if part is not None)


class PublicResolver(CachingThreadedResolver):
    """Resolves names to public addresses and fails for all others; in replica mode it lets loopback through.

    Used as `TWISTED_DNS_RESOLVER`. In replica mode the download handler sends everything to the one loopback address
    the user gave, so that nothing else is ever resolved.
    """

    local_too = False

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> "PublicResolver":
        """Build from the settings; `GOVCRAWL_REPLICA` opens loopback."""
        resolver = super().from_crawler(crawler, reactor)
        resolver.local_too = bool(crawler.settings.get("GOVCRAWL_REPLICA"))
        return resolver

    def getHostByName(self, name: str, timeout: Any = ()) -> "Deferred[str]":  # noqa: N802 - Twisted's name
        """The IPv4 address of a name; the Deferred fails with DNSLookupError where it is not public."""
        return super().getHostByName(name, timeout).addCallback(self._checked, name)

    def _checked(self, address: str, name: str) -> str:
        if self.local_too or is_public(address):
            return address
        _logger.warning("%s resolves to %s, which is no public address: nothing was sent", name, address)
        raise DNSLookupError(f"{name} resolves to {address}, which is no public address")
