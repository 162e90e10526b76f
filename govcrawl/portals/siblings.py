"""Whose a host is that no entry lists: the hosts under one registered domain may serve several organs.

Where several entries share the domain, a further host is that of its organ: the entry whose host the name lies under,
else the one that the link to it names, else the government whose own host is the domain. Who linked first is no
reason: the page of one bureau links to many others.
"""

from collections.abc import Iterable, Sequence

from govcrawl.models import Portal
from govcrawl.portals.domains import bare_host, registered_domain


def owner_among(near: Sequence[Portal], host: str, link_name: str) -> Portal | None:
    """The portal that a host belongs to, of those that have a host under its domain; None where that is disputed."""
    if len(near) <= 1:
        return next(iter(near), None)
    return _nearest_above(host, near) or _named_in(link_name, near) or _owner_of_domain(near)


def _nearest_above(host: str, near: Iterable[Portal]) -> Portal | None:
    """The portal with the longest host that the name lies under, the registered domain itself not counted."""
    hosts = ((bare_host(own), portal) for portal in near for own in portal.hosts)
    return _longest((bare, portal) for bare, portal in hosts if host.endswith(f".{bare}") and not _is_domain(bare))


def _named_in(link_name: str, near: Iterable[Portal]) -> Portal | None:
    """The portal with the longest name that a link's name holds."""
    return _longest((portal.name, portal) for portal in near if portal.name in link_name)


def _owner_of_domain(near: Iterable[Portal]) -> Portal | None:
    """The government whose own host is the registered domain."""
    governments = (portal for portal in near if portal.level != "organ")
    return _only(portal for portal in governments if any(_is_domain(bare_host(host)) for host in portal.hosts))


def _is_domain(bare: str) -> bool:
    return bare == registered_domain(bare)


def _longest(named: Iterable[tuple[str, Portal]]) -> Portal | None:
    found = tuple(named)
    longest = max((len(text) for text, _ in found), default=0)
    return _only(portal for text, portal in found if len(text) == longest)


def _only(portals: Iterable[Portal]) -> Portal | None:
    found = {portal.id: portal for portal in portals}
    return next(iter(found.values())) if len(found) == 1 else None
