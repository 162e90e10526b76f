"""The registry as the rest of the house sees it: portals by id, by province and by host.

Which hosts may be asked is decided here and nowhere else: the hosts that the files list, and their twins with or
without `www.`. A subdomain of a listed host is not listed: an organ's own site is a portal of its own, and a name that
nobody wrote down may be anybody's.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from types import MappingProxyType

from govcrawl.errors import UsageError
from govcrawl.models import Portal
from govcrawl.portals.loading import package_files, parse

_SHOWN = 8


class Registry(Mapping[str, Portal]):
    """All portals by id, in the order of their files' names and of their lines.

    `digest` is the SHA-256 over the files it was read from; the archive keeps it beside what was crawled under it.
    """

    def __init__(self, portals: Iterable[Portal], digest: str) -> None:
        self._portals = {portal.id: portal for portal in portals}
        self._provinces = _grouped((portal.province, portal) for portal in self._portals.values())
        self._hosts = _grouped((host, portal) for portal in self._portals.values() for host in _with_twins(portal))
        self.digest = digest

    def __getitem__(self, portal_id: str) -> Portal:
        return self._portals[portal_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._portals)

    def __len__(self) -> int:
        return len(self._portals)

    @property
    def provinces(self) -> tuple[str, ...]:
        """The names of the provinces, in pinyin: those of the files."""
        return tuple(self._provinces)

    def province(self, name: str) -> tuple[Portal, ...]:
        """The portals of a province by its name in pinyin; UsageError, naming what exists, for any other name."""
        if name not in self._provinces:
            raise UsageError(f"province {name!r} is not in the registry; it has {_some(self._provinces)}")
        return self._provinces[name]

    def portal(self, portal_id: str) -> Portal:
        """The portal of an id; UsageError, naming the nearest ids, where there is none."""
        if portal_id not in self._portals:
            near = [known for known in self._portals if known[:4] == portal_id[:4]] or list(self._portals)
            raise UsageError(f"portal {portal_id!r} is not in the registry; there are {_some(near)}")
        return self._portals[portal_id]

    def by_host(self, host: str) -> tuple[Portal, ...]:
        """The portals that a host serves: none, one, or those that declare to share it."""
        return self._hosts.get(host.lower().rstrip("."), ())

    def allows(self, host: str) -> bool:
        """Whether a host may be asked at all: a listed host or its `www.` twin, without a port."""
        return bool(self.by_host(host))


@cache
def load() -> Registry:
    """The registry of the installed package, read once; RegistryError names the file and entry to mend."""
    files = package_files()
    return Registry(*parse(files))


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
