"""The registry as the rest of the house sees it: portals by id, by province and by host.

Which hosts may be asked is decided here and nowhere else: the hosts that the files list, and their twins with or
without `www.`. A subdomain of a listed host is not listed: an organ's own site is a portal of its own, and a name that
nobody wrote down may be anybody's.

The files of the whole country take a third of a second to check, so each is read when it is first needed: its
province is asked for, or its text holds the id or host that is looked for. What was read is kept.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache, cached_property, lru_cache
from itertools import chain
from types import MappingProxyType

from govcrawl.errors import UsageError
from govcrawl.models import Portal
from govcrawl.portals.loading import files_digest, package_files, parse_portals

_SHOWN = 8


class Registry(Mapping[str, Portal]):
    """All portals by id, in the order of their files' names and of their lines.

    Any look-up may raise RegistryError, for the file it has to read. `parse` checks all files, and what holds between
    them.
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = {name.removesuffix(".toml"): content for name, content in files.items()}
        self._provinces: dict[str, tuple[Portal, ...]] = {}
        self._portals: dict[str, Portal] = {}
        self._hosts: dict[str, Mapping[str, tuple[Portal, ...]]] = {}
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
        return files_digest({f"{name}.toml": content for name, content in self._files.items()})

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
        name = host.lower().rstrip(".")
        provinces = self._naming(name.removeprefix("www."))
        self._read(provinces)
        return tuple(chain.from_iterable(self._hosts[province].get(name, ()) for province in provinces))

    def allows(self, host: str) -> bool:
        """Whether a host may be asked at all: a listed host or its `www.` twin, without a port."""
        return bool(self.by_host(host))

    def _search(self, text: str) -> tuple[str, ...]:
        """The provinces whose files hold a text anywhere: each that lists an id or a host, and some others."""
        wanted = text.encode("utf-8", "replace")
        return tuple(name for name, content in self._files.items() if wanted and wanted in content)

    def _read(self, provinces: Iterable[str]) -> None:
        """Read the files of these provinces, unless they were read already."""
        for name in provinces:
            if name not in self._provinces:
                self._provinces[name] = portals = parse_portals({f"{name}.toml": self._files[name]})
                self._hosts[name] = _grouped((host, portal) for portal in portals for host in _with_twins(portal))
                self._portals.update((portal.id, portal) for portal in portals)


@cache
def load_registry() -> Registry:
    """The registry of the installed package; RegistryError, from any look-up, names the file and entry to mend."""
    return Registry(package_files())


def _grouped(pairs: Iterable[tuple[str, Portal]]) -> Mapping[str, tuple[Portal, ...]]:
    groups: dict[str, tuple[Portal, ...]] = {}
    for key, portal in pairs:
        groups[key] = (*groups.get(key, ()), portal)
    return MappingProxyType(groups)


def _with_twins(portal: Portal) -> Iterator[str]:
    for host in portal.hosts:
        yield host
        twin = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
        if twin not in portal.hosts:
            yield twin


def _some(names: Iterable[str]) -> str:
    listed = list(names)
    return ", ".join(listed[:_SHOWN]) + (f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else "")
