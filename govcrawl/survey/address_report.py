"""Where an address belongs: its portal, its organ, its family, and whether it may be asked, with the reason.

`placed` is text out of the registry; what an archive knows beside it is handed in.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from govcrawl import platforms
from govcrawl.archive.layout import database_of
from govcrawl.db.connection import read_database
from govcrawl.db.frontier.sibling_hosts import SiblingHost, sibling_hosts
from govcrawl.db.queries.crawl_summary import ReportAt, reports_at
from govcrawl.db.queries.run_totals import portals_led_to
from govcrawl.errors import InputError, UsageError
from govcrawl.models import Portal
from govcrawl.platforms.addresses import canonical, from_path
from govcrawl.portals import Registry, registered_domain
from govcrawl.portals.domains import is_government
from govcrawl.portals.entry_rules import host_of


@dataclass(frozen=True, slots=True)
class Known:
    """What an archive knows of an address: the reports it shows, and the portals that were admitted to its host."""

    reports: tuple[ReportAt, ...] = ()
    siblings: tuple[SiblingHost, ...] = ()


def known_of(archive: Path, address: str, registry: Registry) -> Known:
    """What an archive knows of an address; nothing where it has no database."""
    database, url = database_of(archive), with_scheme(address)
    if not database.is_file():
        return Known()
    with read_database(database) as connection:
        admitted = (one for several in sibling_hosts(connection).values() for one in several)
        siblings = tuple(one for one in admitted if one.host == host_of(url))
        near = (*registry.by_host(host_of(url)), *(registry.at(one.portal_id, url) for one in siblings))
        found = (reports_at(connection, portal.id, canonical(url, portal) or url) for portal in near)
        return Known(tuple(report for several in found for report in several), siblings)


def placed(address: str, registry: Registry, known: Known = Known()) -> Iterator[str]:
    """Where an address belongs, in lines.

    Raises:
        UsageError: It is no address of the web.
    """
    url = with_scheme(address)
    host = host_of(url)
    if urlsplit(url).scheme not in {"http", "https"} or "." not in host:
        raise UsageError(f"{address}: give a portal's id, a host, or an address that begins with http:// or https://")
    listed = registry.by_host(host)
    owner = registry.sibling_owner(host) if is_government(host) and not listed else None
    yield url
    yield from (f"  {name:<9} {words}" for name, words in _told(url, listed, owner, known))


def _told(url: str, listed: tuple[Portal, ...], owner: Portal | None, known: Known) -> Iterator[tuple[str, str]]:
    host = host_of(url)
    yield "host", f"{host}, asked at the pace of {registered_domain(host)}"
    near = listed or tuple(filter(None, (owner,)))
    yield from (("portal", _portal(portal, by_domain=not listed)) for portal in near)
    if not near:
        yield "portal", "none: no entry lists the host, and none has its domain or it is disputed"
    yield from (("organ", _organ(report)) for report in known.reports)
    if not known.reports:
        yield from (("organ", _any_organ(portal)) for portal in near)
    yield "family", _family(url, near)
    yield "allowed", _allowed(host, listed, owner, known)


def _portal(portal: Portal, *, by_domain: bool) -> str:
    return f"{portal.id} {portal.name}{', by its domain: no entry lists the host' if by_domain else ''}"


def _organ(report: ReportAt) -> str:
    return f"{report.agency}, whose report of {report.year or 'an unknown year'} is there"


def _any_organ(portal: Portal) -> str:
    return portal.name if portal.level == "organ" else f"the page says which; the portal is that of {portal.name}"


def _family(url: str, near: Iterable[Portal]) -> str:
    declared = list(dict.fromkeys(name for portal in near for name in portal.platforms))
    written = [name for name, one in platforms.PLATFORMS.items() if one.articles.search(from_path(url))]
    told = f"documents have such addresses in {', '.join(written)}" if written else "no address of a document"
    return f"{', '.join(declared) or 'unknown'} declared; {told}"


def _allowed(host: str, listed: tuple[Portal, ...], owner: Portal | None, known: Known) -> str:
    if listed:
        return "yes: an entry lists the host"
    if not is_government(host):
        return "no: only hosts under .gov.cn and .政务 are asked"
    if known.siblings:
        led = known.siblings[0]
        return f"yes, for {led.portal_id}: {led.url} leads to it{f' as {led.link_name!r}' if led.link_name else ''}"
    if owner:
        return f"once a page of {owner.id} leads to it as disclosure or annual reports, or by {_command(host)}"
    return f"no: no entry lists the host; {_command(host)} adds it"


def _command(host: str) -> str:
    return f"`govcrawl portals allow {host}`"


def government_host(address: str) -> str:
    """The host of an address, or a mere host, in the letters of DNS; UsageError for one that is no government's."""
    host = host_of(with_scheme(address))
    if not is_government(host):
        raise UsageError(f"{address}: only hosts under .gov.cn and .政务 are asked; give one like zfxxgk.yuhang.gov.cn")
    return host


def portal_for(host: str, portal_id: str | None, archive: Path, registry: Registry) -> Portal:
    """The portal that a host is to be asked for: the one named, else the one that led there, else by its domain.

    Raises:
        UsageError: No portal leads there, or several do.
    """
    if portal_id:
        return registry.portal(portal_id)
    leading = _led(archive, host)
    owner = registry.sibling_owner(host) if not registry.allows(host) else None
    near = leading or ((owner.id,) if owner else ())
    if len(near) == 1:
        return registry.portal(near[0])
    told = f"portals {', '.join(near)} lead to it" if near else "no portal of the archive leads to it"
    raise UsageError(f"{host}: {told}; name the portal it is to be asked for with --portal")


def _led(archive: Path, host: str) -> tuple[str, ...]:
    database = database_of(archive)
    if not database.is_file():
        return ()
    with read_database(database) as connection:
        return portals_led_to(connection, host)


def recall(path: Path, registry: Registry) -> Iterator[str]:
    """How many hosts of a list the registry knows, in lines: listed ones, those it knows by their domain, the others.

    The file has a host or an address a line; `#` begins a remark.

    Raises:
        InputError: The file cannot be read, or names no host.
    """
    hosts = _sample(path)
    listed = [host for host in hosts if registry.allows(host)]
    owners = {host: registry.sibling_owner(host) for host in hosts if host not in listed}
    by_domain = [f"{host} ({owner.id} {owner.name})" for host, owner in owners.items() if owner]
    unknown = [host for host, owner in owners.items() if not owner]
    yield f"{len(hosts)} hosts: {len(listed)} listed, {len(by_domain)} by their domain, {len(unknown)} unknown"
    yield f"recall {len(listed) / len(hosts):.1%}; with domains {1 - len(unknown) / len(hosts):.1%}"
    yield from (f"by its domain: {words}" for words in by_domain)
    yield from (f"unknown: {host}" for host in unknown)


def _sample(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: {error}; give a text file with a host a line") from error
    words = (line.partition("#")[0].strip() for line in lines)
    hosts = list(dict.fromkeys(host_of(with_scheme(word)) for word in words if word))
    if not hosts:
        raise InputError(f"{path}: no host is in it; give a host or an address a line")
    return hosts


def with_scheme(address: str) -> str:
    """An address as given, with `http://` before a mere host."""
    return address if "//" in address else f"http://{address}"
