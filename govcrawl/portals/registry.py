"""The registry as the rest of the house sees it: portals by id, by province, by host and by domain.

Which hosts are whose is decided here and nowhere else. A host that an entry lists, or its twin with or without `www.`,
is that entry's. A further host under an entry's registered domain, which nobody lists, is a sibling: it belongs to one
entry at most (`keeper`), whoever links to it.

The files of the whole country take a third of a second to check, so each is read when it is first needed: its
province is asked for, or its text holds the id or host that is looked for. What was read is kept.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache, cached_property, lru_cache
from itertools import chain
from pathlib import Path
from types import MappingProxyType

from govcrawl.errors import RegistryError, UsageError
from govcrawl.models import Portal
from govcrawl.portals.domains import ascii_host, bare_host, registered_domain
from govcrawl.portals.entry_rules import host_of
from govcrawl.portals.loading import files_digest, package_files, parse_portals
from govcrawl.portals.overlay import Overlay, folder_above, overlay_files, read_overlay
from govcrawl.portals.siblings import owner_among
from govcrawl.portals.toml_text import Files

PortalGroups = Mapping[str, tuple[Portal, ...]]
"""Portals by a host or by a registered domain."""

_SHOWN = 8
_CODE = re.compile(rb'^code = "(\d\d)', re.MULTILINE)


class Registry(Mapping[str, Portal]):
    """All portals by id, in the order of their files' names and of their lines.

    `files` are those of the provinces, `overlay` a user's own, laid over them; an overlay that cannot be read is a
    RegistryError at once. Any look-up may raise RegistryError, for the file it has to read. `read` of `loading` checks
    all files, and what holds between them.
    """

    def __init__(self, files: Files, overlay: Files = MappingProxyType({})) -> None:
        self.overlay = overlay
        self._files = {name.removesuffix(".toml"): content for name, content in files.items()}
        self._laid, faults = read_overlay(overlay)
        for fault in (*faults, *unplaced(files, self._laid)):
            raise RegistryError(fault)
        self._touched = tuple(
            name for name, code in _codes(files).items() if any(key[:2] == code for key in self._laid)
        )
        self._provinces: dict[str, tuple[Portal, ...]] = {}
        self._portals: dict[str, Portal] = {}
        self._hosts = cache(lambda name: _by(_with_twins, self.province(name)))
        self._domains = cache(lambda name: _by(_domains_of, self.province(name)))
        self._naming = lru_cache(maxsize=1024)(self._search)

    def __getitem__(self, portal_id: str) -> Portal:
        if portal_id not in self._portals:
            self._read(self._naming(portal_id))
        return self._portals[portal_id]

    def __iter__(self) -> Iterator[str]:
        return (portal.id for name in self._files for portal in self.province(name))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    @cached_property
    def digest(self) -> str:
        """The SHA-256 over the files; the archive keeps it beside what was crawled under it."""
        return files_digest({**{f"{name}.toml": content for name, content in self._files.items()}, **self.overlay})

    @property
    def provinces(self) -> tuple[str, ...]:
        """The names of the provinces, in pinyin: those of the files."""
        return tuple(self._files)

    def province(self, name: str) -> tuple[Portal, ...]:
        """The portals of a province by its name in pinyin; UsageError, naming what exists, for any other name."""
        if name not in self._files:
            raise UsageError(f"province {name!r} is not in the registry; it has {', '.join(self._files)}")
        self._read((name,))
        return self._provinces[name]

    def portal(self, portal_id: str) -> Portal:
        """The portal of an id; UsageError, naming the nearest ids, where there is none."""
        portal = self.get(portal_id)
        if portal is None:
            near = [known for known in self if known[:4] == portal_id[:4]] or list(self)
            raise UsageError(f"portal {portal_id!r} is not in the registry; there are {_some(near)}")
        return portal

    def by_host(self, host: str) -> tuple[Portal, ...]:
        """The portals that a host serves: none, one, or those that declare to share it."""
        name = ascii_host(host)
        return self._grouped(self._hosts, name, bare_host(name))

    def allows(self, host: str) -> bool:
        """Whether a host is listed by any entry: the host itself or its `www.` twin, without a port."""
        return bool(self.by_host(host))

    def by_domain(self, domain: str) -> tuple[Portal, ...]:
        """The portals that have a host under a registered domain."""
        return self._grouped(self._domains, domain, domain)

    def sibling_owner(self, host: str, link_name: str = "") -> Portal | None:
        """The entry that a host belongs to which no entry lists; None where none has its domain, or it is disputed."""
        name = ascii_host(host)
        return owner_among(self.by_domain(registered_domain(name)), name, link_name)

    def at(self, portal_id: str, url: str) -> Portal:
        """The portal, and where an address is on a sibling of its hosts, the portal with that host behind its own.

        KeyError for an unknown id. Whether the sibling may be asked is not looked at: this is for reading what came.
        """
        portal, host = self[portal_id], host_of(url)
        under = {registered_domain(own) for own in portal.hosts}
        if self.allows(host) or registered_domain(host) not in under:
            return portal
        return replace(portal, hosts=(*portal.hosts, host))

    def _grouped(self, groups: Callable[[str], PortalGroups], key: str, text: str) -> tuple[Portal, ...]:
        """The portals under a key in the groups of each province whose file holds a text."""
        return tuple(chain.from_iterable(groups(province).get(key, ()) for province in self._naming(text)))

    def _search(self, text: str) -> tuple[str, ...]:
        """The provinces whose files hold a text anywhere: each that lists an id or a host, and some others."""
        spellings = [each.encode("utf-8", "replace") for each in {text, _unicode_host(text)} if each]
        return tuple(
            name
            for name, content in self._files.items()
            if spellings and (name in self._touched or any(each in content for each in spellings))
        )

    def _read(self, provinces: Iterable[str]) -> None:
        """Read the files of these provinces, unless they were read already."""
        for name in provinces:
            if name not in self._provinces:
                self._provinces[name] = portals = parse_portals({f"{name}.toml": self._files[name]}, self._laid)
                self._portals.update((portal.id, portal) for portal in portals)


def load_registry() -> Registry:
    """The registry of the installed package with the overlay of the folder one works in laid over it.

    RegistryError, from here or from any look-up, names the file and entry to mend.
    """
    return _loaded(tuple(overlay_files(folder_above(Path.cwd())).items()))


def shipped(overlay: Files = MappingProxyType({})) -> Registry:
    """The registry of the installed package with the files of an overlay laid over it, wherever one works."""
    return _loaded(tuple(overlay.items()))


@lru_cache(maxsize=4)
def _loaded(overlay: tuple[tuple[str, bytes], ...]) -> Registry:
    return Registry(package_files(), dict(overlay))


def unplaced(files: Files, overlay: Overlay) -> tuple[str, ...]:
    """A line for each entry of an overlay whose code is of no province that the files have."""
    known = frozenset(_codes(files).values())
    return tuple(
        f"{entry.file}: {key}: no province's code begins with {key[:2]}"
        for key, entry in overlay.items()
        if key[:2] not in known
    )


def _codes(files: Files) -> dict[str, str]:
    """The first two digits of each province's code, by the province's name."""
    found = {name.removesuffix(".toml"): _CODE.search(content) for name, content in files.items()}
    return {name: match[1].decode() for name, match in found.items() if match}


def _by(keys: Callable[[Portal], Iterable[str]], portals: Iterable[Portal]) -> PortalGroups:
    groups: dict[str, tuple[Portal, ...]] = {}
    for portal in portals:
        for key in keys(portal):
            groups[key] = (*groups.get(key, ()), portal)
    return MappingProxyType(groups)


def _domains_of(portal: Portal) -> Iterable[str]:
    return dict.fromkeys(map(registered_domain, portal.hosts))


def _with_twins(portal: Portal) -> Iterator[str]:
    for host in portal.hosts:
        yield host
        twin = bare_host(host) if host.startswith("www.") else f"www.{host}"
        if twin not in portal.hosts:
            yield twin


def _unicode_host(name: str) -> str:
    try:
        return name.encode("ascii").decode("idna")
    except UnicodeError:
        return name


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:_SHOWN]) + (f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else "")
