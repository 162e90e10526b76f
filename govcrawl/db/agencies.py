"""Whose report it is: naming an organ so that the same organ has one name, and telling its own site from others.

Pure. A registry entry is a government's portal, or an organ's own site; each government publishes two reports, its own
(consolidated) and its office's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from govcrawl import index_number, zh
from govcrawl.vocabulary import Scope

_OFFICES_OF_HIGH_RANK = frozenset({
    "210100", "210200", "220100", "230100", "320100", "330100", "330200", "350200",
    "370100", "370200", "420100", "440100", "440300", "510100", "610100",
})  # fmt: skip
"""The sub-provincial cities: their government office is a 办公厅, as a province's, and not a 办公室."""

_GOVERNMENTS = (("盟", "行政公署"), ("地区", "行政公署"), ("兵团", ""))
"""Ends of division names whose government is not called 人民政府."""

_SECOND_NAME = re.compile(r"[(（][^()（）]*[局委办厅会院][)）]$")


@dataclass(frozen=True, slots=True)
class Place:
    """What naming needs to know of a portal: a government's (`organ` false) or an organ's own site."""

    id: str
    name: str
    division_code: str
    level: str

    @property
    def is_organ(self) -> bool:
        """Whether it is an organ's own site."""
        return self.level == "organ"


@dataclass(frozen=True, slots=True)
class Agency:
    """An organ under its government's division: `name` as one page spells it, `short` what all spellings share."""

    short: str
    division_code: str
    name: str

    @property
    def id(self) -> str:
        """`<division code>:<short name>`."""
        return f"{self.division_code}:{self.short}"

    @property
    def scope(self) -> Scope:
        """The kind of organ, by its name."""
        if self.short.endswith(("政府办公室", "政府办公厅", "公署办公室")):
            return Scope.OFFICE
        return Scope.GOVERNMENT if self.short.endswith(("人民政府", "行政公署", "兵团")) else Scope.DEPARTMENT


def government(place: Place) -> Agency:
    """The government a portal belongs to."""
    title = next((title for end, title in _GOVERNMENTS if place.name.endswith(end)), "人民政府")
    return _official(place.name + title, place)


def office(place: Place) -> Agency:
    """The government's office."""
    high = place.level == "province" or place.division_code in _OFFICES_OF_HIGH_RANK
    return _official(government(place).name + ("办公厅" if high else "办公室"), place)


def _official(name: str, place: Place) -> Agency:
    return Agency(name, place.division_code, name)


def registered(place: Place) -> tuple[Agency, ...]:
    """The organs that an entry of the registry stands for before anything was crawled."""
    if place.is_organ:
        return (_official(place.name, place),)
    return government(place), office(place)


def named(name: str | None, division: Place, above: Sequence[str]) -> Agency:
    """The organ a page names; no name stands for the government.

    `division` is the government's portal, `above` the names of the divisions it lies in. Spellings with and without
    those divisions before the own one share a short name (杭州市余杭区商务局, 余杭区商务局); a second name in brackets
    is dropped (…局（…局）).
    """
    plain = _SECOND_NAME.sub("", zh.simplified(zh.raw(name or "")))
    short = plain
    for upper in above:
        short = short.removeprefix(upper)
    if not short.startswith(division.name):
        short = plain
    if short in {"", division.name}:
        return government(division)
    official = {agency.short: agency for agency in registered(division)}
    return official.get(short) or Agency(short, division.division_code, plain)


def nearness(place: Place, agency: Agency) -> int:
    """How near a portal is to an organ: 0 its own site, 1 its government's portal, 2 another's."""
    if agency.id in {own.id for own in registered(place)}:
        return 0
    return 2 if place.is_organ or place.division_code != agency.division_code else 1


@lru_cache(maxsize=4096)
def organisation_code(number: str | None) -> str | None:
    """The organisation code (nine characters, GB 11714) in an index number's prefix, if its check character is right.

    A unified social credit code holds it in its characters 9 to 17.
    """
    parsed = index_number.parse(number) if number else None
    if parsed is None or not parsed.check:
        return None
    code = parsed.prefix[8:17] if len(parsed.prefix) == 18 else parsed.prefix
    return code if index_number.check_organisation_code(code) else None
