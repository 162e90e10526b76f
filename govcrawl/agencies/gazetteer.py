"""The gazetteer: the tree of divisions, and the division that a name begins with.

Division codes nest by their digits (GB/T 2260): a county shares its first four digits with its prefecture, and the
first two with its province. A county whose prefecture is not in the registry lies directly in its province.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """The fields of a portal that naming needs: that of a government, or an organ's own site (`is_organ`)."""

    id: str
    name: str
    division_code: str
    level: str

    @property
    def is_organ(self) -> bool:
        """True if it is an organ's own site."""
        return self.level == "organ"

    @property
    def stem(self) -> str:
        """The name without the word for its level, if at least two characters remain: 余杭 of 余杭区."""
        return self.name[:-1] if len(self.name) > 2 else self.name


class Gazetteer:
    """All portals by id, and the tree of their divisions."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.portals: Mapping[str, Place] = {place.id: place for place in places}
        governments = (place for place in self.portals.values() if not place.is_organ)
        self._divisions = {
            place.division_code: place
            for place in sorted(governments, key=lambda place: place.id == place.division_code)
        }
        self._below: dict[str, list[Place]] = defaultdict(list)
        self._in_province: dict[str, list[Place]] = defaultdict(list)
        for place in self._divisions.values():
            for upper in self.lineage(place)[:-1][-1:]:
                self._below[upper.division_code].append(place)
            self._in_province[place.division_code[:2]].append(place)

    def division(self, place: Place) -> Place:
        """Returns the portal of a place's government, or the place itself if the registry has none.

        Two governments may share a code (新疆 and its 兵团): the one whose id is the code is returned.
        """
        return self._divisions.get(place.division_code, place)

    def lineage(self, place: Place) -> list[Place]:
        """Returns the divisions that contain a place, the outermost first, its own last."""
        code = place.division_code
        codes = dict.fromkeys((f"{code[:2]}0000", f"{code[:4]}00", code))
        return [self._divisions[each] for each in codes if each in self._divisions] or [place]

    def walk(self, name: str, home: Place) -> tuple[Place | None, str]:
        """Returns the division that a name begins with, as seen from `home`, and the rest of the name.

        Higher divisions may precede it (杭州市余杭区商务局). Returns None and the whole name if it begins with no
        division of the province, or with one of several that share a name.
        """
        division, rest = None, name
        for upper in self.lineage(home):
            if rest.startswith(upper.name):
                division, rest = upper, rest.removeprefix(upper.name)
        while lower := _first(self._below[(division or home).division_code], rest):
            division, rest = lower, rest.removeprefix(lower.name)
        if division is None and (lower := _first(self._in_province[home.division_code[:2]], rest)):
            division, rest = lower, rest.removeprefix(lower.name)
        return division, rest


def _first(places: Iterable[Place], name: str) -> Place | None:
    """The place with the longest name that a name begins with; None if there is none, or several."""
    found = [place for place in places if name.startswith(place.name)]
    longest = max((len(place.name) for place in found), default=0)
    several = [place for place in found if len(place.name) == longest]
    return several[0] if len(several) == 1 else None
