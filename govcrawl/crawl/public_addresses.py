"""Which network addresses a live crawl may connect to: public ones only, checked at the moment of connecting.

A registered name that resolves to a private network (by mistake, by a hijacked resolver, or by an attacker who answers
differently the second time) is refused. The check sits in the resolver whose answer is the address that is connected
to: there is no second look-up in which the answer could change.

Names are resolved to IPv4 and IPv6: some portals, and abroad more of them, are only reached over IPv6. Of a host with
both, the addresses are tried in the order of the system, the next one after a moment, until one takes the connection.
Literal IPv6 addresses are no hosts of the registry.
"""

import logging
from collections.abc import Callable
from functools import partial
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

from scrapy.resolver import CachingHostnameResolver
from twisted.internet.address import IPv4Address as IPv4Endpoint
from twisted.internet.address import IPv6Address as IPv6Endpoint
from twisted.internet.interfaces import IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer

from govcrawl.crawl.connections import TRACING, Tracing

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


@implementer(IHostnameResolver)
class PublicResolver(CachingHostnameResolver):
    """Resolves names to their public addresses and leaves out all others; in replica mode it lets loopback through.

    Used as `TWISTED_DNS_RESOLVER`. A name without a public address, or without an answer in `DNS_TIMEOUT` seconds, has
    no address, which Twisted makes a DNSLookupError of. In replica mode the download handler sends everything to the
    one loopback address the user gave, so that nothing else is ever resolved.
    """

    local_too = False
    timeout = 60.0

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> "PublicResolver":
        """Build from the settings; `GOVCRAWL_REPLICA` opens loopback."""
        resolver = super().from_crawler(crawler, reactor)
        resolver.local_too = resolver.local_too or bool(crawler.settings.get("GOVCRAWL_REPLICA"))
        resolver.timeout = crawler.settings.getfloat("DNS_TIMEOUT")
        return resolver

    def resolveHostName(  # noqa: N802 - Twisted's name
        self,
        resolutionReceiver: Any,  # noqa: N803 - Twisted's name
        hostName: str,  # noqa: N803 - Twisted's name
        *rest: Any,
        **more: Any,
    ) -> IHostResolution:
        """Tell a receiver the public addresses of a name; those of the cache are checked as well."""
        checked = CheckedReceiver(resolutionReceiver, hostName, local_too=self.local_too)
        waiting = self.reactor.callLater(self.timeout, checked.resolutionComplete)
        checked.at_the_end(partial(_put_off, waiting))
        told: Any = checked
        return super().resolveHostName(told, hostName, *rest, **more)


def _put_off(call: Any) -> None:
    if call.active():
        call.cancel()


@implementer(IResolutionReceiver)
class CheckedReceiver:
    """Hands the public addresses of a name on to another receiver, once; what comes later is left out.

    Why there are none is said on the tracing of the request that wants to know.
    """

    def __init__(self, receiver: Any, name: str, *, local_too: bool) -> None:
        self._receiver = receiver
        self._name = name
        self._local_too = local_too
        self._found = 0
        self._refused: list[str] = []
        self._is_open = True
        self._end: Callable[[], object] = lambda: None
        self._tracing = TRACING.get() or Tracing()

    def at_the_end(self, end: Callable[[], object]) -> None:
        """Have something done when all is told."""
        self._end = end

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802 - Twisted's name
        """Note that an answer is waited for."""
        self._tracing.resolving = True
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IPv4Endpoint | IPv6Endpoint) -> None:  # noqa: N802 - Twisted's name
        """Hand an address on, if it is public."""
        if not self._is_open:
            return
        if self._local_too or is_public(address.host):
            self._found += 1
            self._receiver.addressResolved(address)
        else:
            self._refused.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802 - Twisted's name
        """Say that all is told: by the resolver, or because it took too long."""
        if not self._is_open:
            return
        self._is_open = False
        self._end()
        self._tracing.resolving = False
        if self._refused:
            self._tell()
        self._receiver.resolutionComplete()

    def _tell(self) -> None:
        told = f"{self._name} resolves to {', '.join(self._refused)}, which is no public address"
        _logger.warning("%s: nothing was sent there", told)
        if not self._found:
            self._tracing.refused = told
