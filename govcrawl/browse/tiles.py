"""Tile grid maps: the place of each county of a province on its grid.

A drawn grid comes from `tiles.toml`. Without one, and for counties that came after it was drawn, each prefecture gets a
line of tiles, so that no county is missing from a map.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from itertools import groupby

TilePlace = tuple[int, int]
"""Column and row of a tile, from 0."""

TILES_PER_LINE = 13
"""Tiles in a line of a map that nobody drew."""

_KIND = re.compile(r"(?<=..)(?:(?:.{1,4}族)+自治[县旗]|自治[县旗]|林区|特区|新区|[县市区旗])$")


@cache
def drawn_grid(province: str) -> Mapping[str, TilePlace]:
    """Division code → place in the drawn grid of a province (two digits); empty where there is none."""
    text = resources.files("govcrawl.browse").joinpath("tiles.toml").read_text(encoding="utf-8")
    lines = tomllib.loads(text).get(province, "").split("\n")
    grid = [line.split() for line in lines if line]
    return {
        f"{province}{code}": (column, line)
        for line, codes in enumerate(grid)
        for column, code in enumerate(codes)
        if code.isdigit()
    }


def tile_places(counties: Iterable[str]) -> dict[str, TilePlace]:
    """Division code → place, for the counties of one province; no two share a place."""
    codes = sorted(counties)
    grid = drawn_grid(codes[0][:2]) if codes else {}
    found = {code: grid[code] for code in codes if code in grid}
    below = 1 + max((line for _, line in found.values()), default=-1)
    return found | _in_lines([code for code in codes if code not in grid], below)


def _in_lines(codes: list[str], line: int) -> dict[str, TilePlace]:
    """A line for each prefecture, or as many as it needs."""
    found: dict[str, TilePlace] = {}
    for _, group in groupby(codes, lambda code: code[:4]):
        members = list(group)
        found |= {
            code: (number % TILES_PER_LINE, line + number // TILES_PER_LINE) for number, code in enumerate(members)
        }
        line += -(-len(members) // TILES_PER_LINE)
    return found


def short_county_name(name: str) -> str:
    """A county's name without its kind, at most four characters: 余杭区 → 余杭, 景宁畲族自治县 → 景宁."""
    return _KIND.sub("", name)[:4]
