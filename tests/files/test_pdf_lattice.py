"""Boxes of cells → rows, columns and spans."""

from dataclasses import replace
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
    assert table.areas[-1].boxes == ((3, (20, 20, 40, 40)),)


def test_what_lies_between_the_two_rules_of_neighbours_is_no_cell():
    table = lattice(1, [(0, 0, 20, 40), (20, 0, 23, 20), (20, 20, 23, 40), (23, 0, 60, 20), (23, 20, 60, 40)])

    assert len(table.columns) == 3
    assert [(area.row, area.column, area.rowspan) for area in table.areas] == [(0, 0, 2), (0, 1, 1), (1, 1, 1)]


def test_a_table_goes_on_over_a_page_though_its_rules_moved_a_little():
    upper = lattice(1, [(0, 700, 20, 720), (20, 700, 60, 720)])
    lower = lattice(2, [(0.5, 30, 21.5, 50), (21.5, 30, 40, 50), (40, 30, 60, 50)])

    whole = joined(upper, lower)

    assert joins(upper, lower)
    assert [(area.row, area.column, area.colspan, area.boxes[0].page) for area in whole.areas] == [
        (0, 0, 1, 1),
        (0, 1, 2, 1),
        (1, 0, 1, 2),
        (1, 1, 1, 2),
        (1, 2, 1, 2),
    ]


def test_a_cell_that_the_end_of_a_page_cuts_is_one_with_both_boxes():
    upper = lattice(1, [(0, 700, 20, 760), (20, 700, 60, 720), (20, 720, 60, 760)])
    lower = lattice(2, [(0, 30, 20, 90), (20, 30, 60, 50), (20, 50, 60, 90)])
    begun, *others = upper.areas
    ended, *more = lower.areas

    whole = joined(
        replace(upper, areas=(replace(begun, cut_below=True), *others)),
        replace(lower, areas=(replace(ended, cut_above=True), *more)),
    )

    (label,) = [area for area in whole.areas if area.column == 0]
    assert (label.row, label.rowspan, label.boxes) == (0, 4, (*begun.boxes, *ended.boxes))
    assert [area.row for area in whole.areas if area.column == 1] == [0, 1, 2, 3]


def test_cells_that_rules_end_at_the_end_of_a_page_stay_two():
    upper, lower = lattice(1, [(0, 700, 20, 760)]), lattice(2, [(0, 30, 20, 90)])

    assert [area.row for area in joined(upper, lower).areas] == [0, 1]


def rows_without_slivers(boxes, blank=()):
    """Rows as the numbers of the cells that begin in them, without slivers; the cells numbered `blank` have no text."""
    table = lattice(1, boxes)
    known = {area.boxes: number for number, area in enumerate(table.areas)}
    whole = table.closed().without_slivers(lambda area: known.get(area.boxes, "open") not in (*blank, "open"))
    rows = range(len(whole.bands))
    starts = [[known.get(area.boxes, "open") for area in whole.areas if area.row == row] for row in rows]
    return starts, [area.rowspan for area in whole.areas if area.boxes in known]


def test_a_group_that_ends_in_the_midst_of_a_row_does_not_cut_the_row():
    group, labels = (0, 0, 20, 50), [(20, top, 40, top + 20) for top in (0, 20, 40, 60)]
    figures = [(40, top, 60, top + 20) for top in (0, 20, 40, 60)]

    starts, spans = rows_without_slivers([group, *labels, *figures])

    assert starts == [[0, 1, 5], [2, 6], [3, 7], [4, 8, "open"]]
    assert spans == [3, 1, 1, 1, 1, 1, 1, 1, 1]


def test_a_row_that_two_groups_cut_is_one_row():
    groups = [(0, 0, 20, 26), (20, 0, 40, 33)]
    rows = [(left, top, left + 20, top + 20) for top in (0, 20, 40) for left in (40, 60)]

    starts, spans = rows_without_slivers([*groups, *rows])

    assert starts == [[0, 1, 2, 3], [4, 5, "open"], [6, 7, "open", "open"]]
    assert spans == [1, 2, 1, 1, 1, 1, 1, 1]


def test_a_group_that_ends_a_little_below_its_last_row_is_none_of_the_next():
    starts, spans = rows_without_slivers([(0, 0, 20, 46), *((20, top, 40, top + 20) for top in (0, 20, 40))])

    assert starts == [[0, 1], [2], [3, "open"]]
    assert spans == [2, 1, 1, 1]


def test_a_row_that_is_left_blank_stays_a_row():
    side, rows = (0, 0, 20, 60), [(left, top, left + 20, top + 20) for top in (0, 20, 40) for left in (20, 40)]

    starts, spans = rows_without_slivers([side, *rows], blank=(3, 4))

    assert starts == [[0, 1, 2], [3, 4], [5, 6]]
    assert spans == [3, 1, 1, 1, 1, 1, 1]


def test_a_table_of_another_width_is_another_table():
    assert not joins(lattice(1, [(0, 0, 60, 20)]), lattice(2, [(0, 0, 80, 20)]))


@given(st.lists(st.integers(6, 60), min_size=1, max_size=6), st.lists(st.integers(6, 40), min_size=1, max_size=6))
def test_every_place_of_a_full_table_is_covered_once(widths, heights):
    columns = [sum(widths[:count]) for count in range(len(widths) + 1)]
    rules = [sum(heights[:count]) for count in range(len(heights) + 1)]
    boxes = [(left, top, right, bottom) for top, bottom in pairwise(rules) for left, right in pairwise(columns)]

    table = lattice(1, boxes).closed()

    places = [place for area in table.areas for place in area.places()]
    assert sorted(places) == [(row, column) for row in range(len(heights)) for column in range(len(widths))]
