"""Statutory tables laid out: no gap, no overlap, every cell of the form once, heads and groups as printed."""

import pytest

from govcrawl import forms
from govcrawl.browse.form_layout import HeadCell, ValueCell, form_layout, label_of

TABLES = [(form.key, table.key) for form in forms.load_forms().values() for table in form.tables]


def places(lines):
    """What stands at each place of the grid; fails where two cells overlap."""
    grid = {}
    for y, line in enumerate(lines):
        x = 0
        for cell in line:
            while (y, x) in grid:
                x += 1
            for dy in range(getattr(cell, "rows", 1)):
                for dx in range(cell.columns):
                    assert (y + dy, x + dx) not in grid
                    grid[y + dy, x + dx] = cell
            x += cell.columns
    return grid


@pytest.mark.parametrize(("form", "table"), TABLES)
def test_a_table_is_a_full_rectangle(form: str, table: str):
    found = form_layout(form, table)
    grid = places([*found.head, *found.body])

    height, width = (1 + max(axis) for axis in zip(*grid, strict=True))
    assert height == len(found.head) + len(found.body)
    assert len(grid) == height * width


@pytest.mark.parametrize(("form", "table"), TABLES)
def test_every_cell_of_the_form_has_its_place_in_the_order_of_the_form(form: str, table: str):
    cells = [
        (cell.row, cell.column)
        for line in form_layout(form, table).body
        for cell in line
        if isinstance(cell, ValueCell)
    ]

    assert cells == [(item.row, item.column) for item in forms.load_forms()[form].items_of(table)]


def test_heads_of_three_levels():
    head = form_layout("f2021", "review_litigation").head

    assert [[(cell.text, cell.columns, cell.rows) for cell in line] for line in head[:2]] == [
        [("行政复议", 5, 2), ("行政诉讼", 10, 1)],
        [("未经复议直接起诉", 5, 1), ("复议后起诉", 5, 1)],
    ]
    assert [cell.text for cell in head[2]] == ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 3


def test_the_head_of_applications_with_the_note_in_its_corner():
    first, second, third = form_layout("f2021", "applications").head

    assert first[0].text.startswith("(本列数据的勾稽关系为")
    assert (first[0].columns, first[0].rows) == (3, 3)
    assert [cell.text for cell in first[1:]] == ["申请人情况"]
    assert [cell.text for cell in second] == ["自然人", "法人或其他组织", "总计"]
    assert [cell.text for cell in third] == ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]


@pytest.mark.parametrize(("form", "rows"), [("f2021", 22), ("f2019", 20)])
def test_row_groups_stand_once_beside_their_rows(form: str, rows: int):
    body = form_layout(form, "applications").body
    groups = {
        cell.text: cell.rows
        for line in body
        for cell in line
        if isinstance(cell, HeadCell) and cell.scope == "rowgroup"
    }

    assert groups["三、本年度办理结果"] == rows
    assert groups["(三)不予公开"] == 8


def test_rows_with_units_of_their_own_stand_below_each_other():
    found = form_layout("f2014_stat", "statistics_2014")

    assert [cell.text for cell in found.head[0]] == ["统计指标", "单位", "统计数"]
    assert found.body[0][0].columns == 3
    assert [getattr(cell, "text", None) for cell in found.body[1]][1:] == ["条", None]
    assert found.body[2][0].depth == 2


def test_labels_of_keys():
    assert label_of("applications", "commercial_enterprise") == "法人或其他组织 / 商业企业"
    assert label_of("applications", "carried_over") == "二、上年结转政府信息公开申请数量"
    assert label_of("applications", "otherwise_no_supplement").startswith("1.申请人无正当理由")
    assert label_of("applications", "nothing") == "nothing"
    assert label_of("no_table", "total") == "total"


def test_a_block_with_one_column_is_as_wide_as_the_table():
    lines = form_layout("f2021", "proactive").body

    assert {sum(cell.columns for cell in line) for line in lines} == {4}
    (permits,) = (line for line in lines if getattr(line[-1], "row", None) == "administrative_licensing")
    assert permits[-1].columns == 3
