"""Boxes of cells → rows, columns and spans."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from govcrawl.files.pdf_lattice import joined, joins, lattice


def test_spans_are_counted_in_rules():
    table = lattice(1, [(0, 0, 20, 40), (20, 0, 60, 20), (20, 20, 40, 40), (40, 20, 60, 40)])

    assert [(area.row, area.column, area.rowspan, area.colspan) for area in table.areas] == [
        (0, 0, 2, 1),
        (0, 1, 1, 2),
        (1, 1, 1, 1),
        (1, 2, 1, 1),
    ]


def test_an_open_place_becomes_a_cell_with_its_own_box():
    table = lattice(3, [(0, 0, 20, 20), (20, 0, 40, 20), (0, 20, 20, 40)]).closed()

    assert (table.areas[-1].row, table.areas[-1].column) == (1, 1)
    assert table.areas[-1].box == (3, (20, 20, 40, 40))


def test_a_table_goes_on_over_a_page_though_its_rules_moved_a_little():
    upper = lattice(1, [(0, 700, 20, 720), (20, 700, 60, 720)])
    lower = lattice(2, [(0.5, 30, 21.5, 50), (21.5, 30, 40, 50), (40, 30, 60, 50)])

    whole = joined(upper, lower)

    assert joins(upper, lower)
    assert [(area.row, area.column, area.colspan, area.box.page) for area in whole.areas] == [
        (0, 0, 1, 1),
        (0, 1, 2, 1),
        (1, 0, 1, 2),
        (1, 1, 1, 2),
        (1, 2, 1, 2),
    ]


def test_a_table_of_another_width_is_another_table():
    assert not joins(lattice(1, [(0, 0, 60, 20)]), lattice(2, [(0, 0, 80, 20)]))


@given(st.lists(st.integers(5, 60), min_size=1, max_size=6), st.lists(st.integers(5, 40), min_size=1, max_size=6))
def test_every_place_of_a_full_table_is_covered_once(widths, heights):
    columns = [sum(widths[:count]) for count in range(len(widths) + 1)]
    rules = [sum(heights[:count]) for count in range(len(heights) + 1)]
    boxes = [(left, top, right, bottom) for top, bottom in pairwise(rules) for left, right in pairwise(columns)]

    table = lattice(1, boxes).closed()

    places = [place for area in table.areas for place in area.places()]
    assert sorted(places) == [(row, column) for row in range(len(heights)) for column in range(len(widths))]
