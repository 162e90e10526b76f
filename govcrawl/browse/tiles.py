"""Maps of equal tiles: where each county of a province stands on its grid.

A drawn grid comes from `tiles.toml`. Without one, and for counties that came after it was drawn, a line of tiles is
given to each prefecture, so that no county is missing from a map.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from itertools import groupby

Place = tuple[int, int]
"""Column and row of a tile, from 0."""

_KIND = re.compile(r"(?<=..)(?:(?:.{1,4}族)+自治[县旗]|自治[县旗]|林区|特区|新区|[县市区旗])$")

WIDTH = 13
"""Tiles in a line of a map that nobody drew."""


@cache
def drawn(province: str) -> Mapping[str, Place]:
    """The drawn grid of a province (two digits): division code → place; empty where there is none."""
    text = resources.files("govcrawl.browse").joinpath("tiles.toml").read_text(encoding="utf-8")
    lines = tomllib.loads(text).get(province, "").split("\n")
    grid = [line.split() for line in lines if line]
    return {
        f"{province}{code}": (column, line)
        for line, codes in enumerate(grid)
        for column, code in enumerate(codes)
        if code.isdigit()
    }


def places(counties: Iterable[str]) -> dict[str, Place]:
    """A place for each county of a province, by division code; no two share one."""
    codes = sorted(counties)
    grid = drawn(codes[0][:2]) if codes else {}
    found = {code: grid[code] for code in codes if code in grid}
    below = 1 + max((line for _, line in found.values()), default=-1)
    return found | _in_lines([code for code in codes if code not in grid], below)


def _in_lines(codes: list[str], line: int) -> dict[str, Place]:
    """A line for each prefecture, as many as it takes."""
    found: dict[str, Place] = {}
    for _, group in groupby(codes, lambda code: code[:4]):
        members = list(group)
        found |= {code: (number % WIDTH, line + number // WIDTH) for number, code in enumerate(members)}
        line += -(-len(members) // WIDTH)
    return found


def short(name: str) -> str:
    """A county's name without its kind, at most four characters: 余杭区 → 余杭, 景宁畲族自治县 → 景宁."""
    return _KIND.sub("", name)[:4]
