import pytest

from govcrawl.forms import load_forms
from govcrawl.replica.annual_reports.printed_cells import PrintedCell
from govcrawl.replica.annual_reports.table_layout import lay_out_table

FORMS = [(form, table) for form in ("f2021", "f2019") for table in load_forms()[form].table_keys]


def covered(part):
    """How often each place of the grid is covered, by (row, column)."""
    counts = {}
    for row, boxes in enumerate(part):
        column = 0
        for box in boxes:
            while (row, column) in counts:
                column += 1
            for down in range(box.rowspan):
                for right in range(box.colspan):
                    place = (row + down, column + right)
                    counts[place] = counts.get(place, 0) + 1
    return counts


@pytest.mark.parametrize(("form", "table"), FORMS)
def test_spans_fill_a_rectangle_exactly(form, table):
    cells = {item.place: PrintedCell(str(item.number), item.number) for item in load_forms()[form].items_of(table)}
    for part in lay_out_table(load_forms()[form].table(table), cells, {}):
        counts = covered(part)
        width = 1 + max(column for _, column in counts)
        assert set(counts.values()) == {1}
        assert len(counts) == len(part) * width


@pytest.mark.parametrize(("form", "table"), FORMS)
def test_every_cell_of_the_form_is_painted_once_in_form_order(form, table):
    items = load_forms()[form].items_of(table)
    cells = {item.place: PrintedCell(f"#{item.number}", item.number) for item in items}
    parts = lay_out_table(load_forms()[form].table(table), cells, {})
    painted = [box.text for part in parts for row in part for box in row if box.text.startswith("#")]
    assert painted == [f"#{item.number}" for item in items]


def test_the_statutory_spans_are_as_published():
    cells = {item.place: PrintedCell("0", 0) for item in load_forms()["f2021"].items}
    ((*_, results_row, _, refused_row),) = (
        part[:8] for part in lay_out_table(load_forms()["f2021"].table("applications"), cells, {})
    )
    assert [(box.text, box.rowspan) for box in results_row[:2]] == [("三、本年度办理结果", 22), ("(一)予以公开", 1)]
    assert (refused_row[0].text, refused_row[0].rowspan) == ("(三)不予公开", 8)


def test_a_head_can_be_printed_otherwise():
    form = load_forms()["f2021"]
    cells = {item.place: PrintedCell("0", 0) for item in form.items}
    parts = lay_out_table(form.table("proactive"), cells, {"art20_6.decisions": "本年决定处理数量"})
    heads = [part[1][1].text for part in parts]
    assert heads == ["本年制发件数", "本年处理决定数量", "本年决定处理数量", "本年收费金额(单位:万元)"]
