"""Tile maps: every county of every province has a tile of its own."""

from itertools import groupby

import pytest

from govcrawl import portals
from govcrawl.browse.tiles import TILES_PER_LINE, drawn_grid, short_county_name, tile_places

COUNTIES = sorted({portal.division_code for portal in portals.load_registry().values() if portal.level == "county"})
PROVINCES = {province: list(codes) for province, codes in groupby(COUNTIES, lambda code: code[:2])}


@pytest.mark.parametrize("province", PROVINCES)
def test_every_county_has_a_tile_of_its_own(province: str):
    found = tile_places(PROVINCES[province])

    assert sorted(found) == PROVINCES[province]
    assert len(set(found.values())) == len(found)
    assert all(column >= 0 and line >= 0 for column, line in found.values())
    assert drawn_grid(province) or all(column < TILES_PER_LINE for column, _ in found.values())


@pytest.mark.parametrize("province", ["33", "42"])
def test_a_drawn_grid_is_that_of_the_registry(province: str):
    assert sorted(drawn_grid(province)) == PROVINCES[province]


def test_a_province_that_nobody_drew_has_no_grid():
    assert drawn_grid("65") == {}


def test_a_county_that_came_after_the_drawing_stands_below_it():
    found = tile_places([*PROVINCES["33"], "330199"])

    assert found["330199"] == (0, 1 + max(line for code, (_, line) in found.items() if code != "330199"))


def test_nothing_asked_is_nothing_placed():
    assert tile_places([]) == {}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("余杭区", "余杭"), ("江山市", "江山"), ("景宁畲族自治县", "景宁"), ("云和县", "云和"), ("莒县", "莒县"),
        ("和布克赛尔蒙古自治县", "和布克赛"), ("双江拉祜族佤族布朗族傣族自治县", "双江"), ("神农架林区", "神农架"),
    ],
)  # fmt: skip
def test_short_names(name: str, shown: str):
    assert short_county_name(name) == shown
