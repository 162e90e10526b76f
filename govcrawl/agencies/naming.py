"""Names of organs: one name per organ, however a page spells it, its own portal, its organisation code.

Pure. A registry entry is a government's portal or an organ's own site. Each government publishes two reports: its own
(consolidated) and its office's.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from govcrawl import index_number, zh
from govcrawl.agencies.gazetteer import Gazetteer, Place
from govcrawl.vocabulary import Scope

_OFFICES_OF_HIGH_RANK = frozenset({
    "210100", "210200", "220100", "230100", "320100", "330100", "330200", "350200",
    "370100", "370200", "420100", "440100", "440300", "510100", "610100", "650000-xjbt",
})  # fmt: skip
"""Portals of the sub-provincial cities and of the 兵团: their office is a 办公厅, as a province's, not a 办公室."""

_GOVERNMENTS = (("盟", "行政公署"), ("地区", "行政公署"), ("兵团", ""))
"""Ends of division names whose government is not called 人民政府."""

SECOND_NAME = re.compile(r"[(（]([^()（）]*[局委办厅会院])[)）]$")
"""The second name of an organ, in brackets after the first."""

_GOVERNMENT_ITSELF = frozenset({"", "政府", "人民政府", "行政公署"})
_ITS_OFFICE = frozenset({
    "政府办公室", "政府办公厅", "人民政府办公室", "人民政府办公厅", "政府办", "人民政府办", "府办", "府办公室",
})  # fmt: skip

_LEVEL = re.compile(r"(?:省|自治区|州|盟|县|旗|市(?!场|容|民|政(?!府))|区(?!块|划))(?=.{2})(?!级|直|属|域|内)")
_LOCAL = re.compile(
    r"(?!国家|中国|中共|全国|.{2,}?[省市州县区旗盟])"
    r".{1,20}(?:局|(?<!管)委|(?<!管理)委员会|办|办公室|街道|办事处|[镇乡](?:人民政府)?)"
)
"""A name without a place, which belongs to the portal's own division: 商务局, 临平街道办事处."""


@dataclass(frozen=True, slots=True)
class Agency:
    """An organ of a division: `name` as one page spells it, `short` the name that all its spellings share."""

    short: str
    division_code: str
    name: str

    @property
    def id(self) -> str:
        """`<division code>:<short name>`."""
        return f"{self.division_code}:{self.short}"

    @property
    def scope(self) -> Scope:
        """The kind of organ, from its name."""
        if is_of_unknown_organ(self.id):
            return Scope.UNKNOWN
        if self.short.endswith(("政府办公室", "政府办公厅", "公署办公室", "兵团办公厅")):
            return Scope.OFFICE
        return Scope.GOVERNMENT if self.short.endswith(("人民政府", "行政公署", "兵团")) else Scope.DEPARTMENT


def government_agency(place: Place) -> Agency:
    """Returns the government of a place."""
    title = next((title for end, title in _GOVERNMENTS if place.name.endswith(end)), "人民政府")
    return _official(place.name + title, place)


def office_agency(place: Place) -> Agency:
    """Returns the office of a place's government."""
    high = place.level == "province" or place.id in _OFFICES_OF_HIGH_RANK
    return _official(government_agency(place).name + ("办公厅" if high else "办公室"), place)


def _official(name: str, place: Place) -> Agency:
    return Agency(name, place.division_code, name)


def registered_agencies(place: Place) -> tuple[Agency, ...]:
    """Returns the organs that a registry entry stands for before any crawl."""
    if place.is_organ:
        return (_official(place.name, place),)
    return government_agency(place), office_agency(place)


_UNKNOWN = "unknown-"


def unknown_agency(document: str, place: Place, known: Gazetteer) -> Agency:
    """Returns the agency of a report whose organ is not certain: one of its own, by the id of its document.

    So its figures are shown, and never beside or among those of another organ. An organ's own site names its organ.
    """
    if place.is_organ:
        return registered_agencies(place)[0]
    home = known.division(place)
    return Agency(f"{_UNKNOWN}{document}", home.division_code, f"{home.name}（机关不详）")


def is_of_unknown_organ(agency: str) -> bool:
    """Whether the id of an agency is that of a report whose organ is not certain."""
    return agency.partition(":")[2].startswith(_UNKNOWN)


def name_agency(name: str | None, place: Place, known: Gazetteer) -> Agency:
    """Returns the organ that a page of a portal names; without a name, the portal's own organ or government.

    An organ has one short name, which begins with its division's name, for every spelling: with the divisions above
    (杭州市余杭区商务局), with the level alone (区商务局), without a place (商务局), or with a second name (…局（…局）).
    The division is the one that the name begins with, whatever portal publishes it: a county's report on its city's
    portal is the county's. A branch that names its place (杭州市公安局余杭分局) belongs to that place.
    """
    plain = SECOND_NAME.sub("", zh.simplified(zh.raw(name or "")))
    home = known.division(place)
    if not plain:
        return registered_agencies(place)[0]
    division, rest = known.walk(plain, home)
    if division and division in known.lineage(home)[:-1] and home.stem in rest:
        return Agency(plain, home.division_code, plain)
    if division is None:
        division, rest = _unplaced(plain, known.lineage(home))
    if division is None:
        return Agency(plain, home.division_code, plain)
    return _own(place, division, rest) or _of(division, rest, plain)


def _unplaced(name: str, lineage: Sequence[Place]) -> tuple[Place | None, str]:
    """The division of a name without a place: the level it begins with (区商务局), else, for an organ, the portal's."""
    home = lineage[-1]
    if level := _LEVEL.match(name):
        division = next((place for place in reversed(lineage) if place.name.endswith(level[0])), None)
        return division, name[len(level[0]) :]
    is_local = _LOCAL.fullmatch(name) and not name.startswith(home.stem)
    return (home, name) if is_local else (None, name)


def _own(place: Place, division: Place, rest: str) -> Agency | None:
    """The organ of the portal, if the name abbreviates that organ's name (市经信局 for 市经济和信息化局)."""
    (own, *_) = registered_agencies(place)
    is_own = place.is_organ and own.division_code == division.division_code
    return own if is_own and abbreviates(rest, own.short.removeprefix(division.name)) else None


def _of(division: Place, rest: str, plain: str) -> Agency:
    if rest in _GOVERNMENT_ITSELF:
        return government_agency(division)
    if rest in _ITS_OFFICE:
        return office_agency(division)
    name = plain if plain.endswith(division.name + rest) else division.name + rest
    official = {agency.short: agency for agency in registered_agencies(division)}
    return official.get(division.name + rest) or Agency(division.name + rest, division.division_code, name)


def abbreviates(short: str, full: str) -> bool:
    """True if `full` contains all characters of `short` in their order, and both begin and end alike."""
    if not short or not full or (short[0], short[-1]) != (full[0], full[-1]):
        return False
    remaining = iter(full)
    return all(character in remaining for character in short)


def nearness(place: Place, agency: Agency) -> int:
    """Returns how near a portal is to an organ: 0 its own site, 1 its government's portal, 2 any other."""
    if agency.id in {own.id for own in registered_agencies(place)}:
        return 0
    return 2 if place.is_organ or place.division_code != agency.division_code else 1


@lru_cache(maxsize=4096)
def organisation_code(number: str | None) -> str | None:
    """Returns the organisation code (nine characters, GB 11714) in an index number's prefix, or None.

    Its check character must be right. In a unified social credit code it is characters 9 to 17.
    """
    parsed = index_number.parse_index_number(number) if number else None
    if parsed is None or not parsed.check:
        return None
    code = parsed.prefix[8:17] if len(parsed.prefix) == 18 else parsed.prefix
    return code if index_number.check_organisation_code(code) else None
