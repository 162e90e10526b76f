"""Which hosts a run may ask, portal by portal: those of the registry, and siblings that a portal's own pages lead to.

A sibling is a host under the portal's own registered domain that no entry lists. It is admitted when a page of the
portal redirects to it, or links to it by a name of disclosure or annual reports, or shows a report there; and only if
it belongs to this portal's entry (`Registry.sibling_owner`). What is admitted is marked in the archive before anything
is asked of it, with the page that leads there; every other gate holds for it as for any host.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urlsplit

from govcrawl.db.arrival import Arrival
from govcrawl.db.frontier.sibling_hosts import SiblingHost
from govcrawl.models import Request
from govcrawl.portals import Registry
from govcrawl.titles import looks_like_report
from govcrawl.vocabulary import Role

MOST_NEW = 8
"""New hosts of a portal in one run."""

OWN_HOST_ROLES = frozenset({Role.HOME, Role.COLUMN, Role.LIST})
"""Roles of pages that lead on: they are asked of a portal's own hosts only. A document may lie with another portal."""


class AskedHosts:
    """The hosts that may be asked, for the gate; it learns from what arrives.

    `known` are the siblings that earlier runs admitted, `keep` marks a new one in the archive.
    """

    def __init__(self, registry: Registry, known: Iterable[SiblingHost], keep: Callable[[SiblingHost], None]) -> None:
        self._registry = registry
        self._keep = keep
        self._admitted: defaultdict[str, set[str]] = defaultdict(set)
        self._new: Counter[str] = Counter()
        for sibling in known:
            self._admitted[sibling.portal_id].add(sibling.host)

    def refusal(self, asked: Request) -> str | None:
        """Why a request may not be made to its host; None where it may."""
        host = _host(asked.url)
        owners = self._registry.by_host(host)
        if any(owner.id == asked.portal for owner in owners) or (owners and asked.role not in OWN_HOST_ROLES):
            return None
        if owners:
            return f"the host is that of portal {owners[0].id} {owners[0].name}"
        return None if host in self._admitted[asked.portal] else self._why_not(asked.portal, host)

    def look(self, arrival: Arrival) -> None:
        """Admit the siblings that a portal's page leads to, as many as a run may."""
        for url, name in _leads(arrival):
            host = _host(url)
            if self._is_new_sibling(arrival.request.portal, host, name):
                self._new[arrival.request.portal] += 1
                self._admitted[arrival.request.portal].add(host)
                self._keep(SiblingHost(arrival.request.portal, host, arrival.request.url, name))

    def _is_new_sibling(self, portal: str, host: str, link_name: str) -> bool:
        if not host or host in self._admitted[portal] or self._registry.allows(host):
            return False
        owner = self._registry.sibling_owner(host, link_name)
        return owner is not None and owner.id == portal and self._new[portal] < MOST_NEW

    def _why_not(self, portal: str, host: str) -> str:
        owner = self._registry.sibling_owner(host)
        if owner is None:
            return "the host is not in the registry"
        if owner.id != portal:
            return f"the host is not in the registry; by its domain it belongs to portal {owner.id} {owner.name}"
        if self._new[portal] >= MOST_NEW:
            return f"the host is not in the registry, and {MOST_NEW} new hosts of the portal are all a run asks"
        return "the host is not in the registry, and no page leads to it as disclosure or annual reports"


def _leads(arrival: Arrival) -> Iterator[tuple[str, str]]:
    """(address, name of the link) of what leads on from a page; of a redirect the target, without a name."""
    if arrival.page is None:
        yield from ((queued.request.url, "") for queued in arrival.queued)
        return
    yield from ((link.request.url, link.name) for link in arrival.page.elsewhere)
    yield from ((request.url, "") for request in arrival.page.requests)
    yield from ((row.url, row.title) for row in arrival.page.rows if looks_like_report(row.title))


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
