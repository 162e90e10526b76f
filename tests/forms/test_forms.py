"""The forms: what they promise to everybody who keys by them, and what a wrong file is told."""

from importlib.resources import files

import pytest

from govcrawl import forms
from govcrawl.errors import FormError
from govcrawl.forms import parse_forms

CELLS = {
    ("f2021", "proactive"): 10,
    ("f2021", "applications"): 175,
    ("f2021", "review_litigation"): 15,
    ("f2019", "proactive"): 22,
    ("f2019", "applications"): 161,
    ("f2019", "review_litigation"): 15,
    ("f2014_stat", "statistics_2014"): 58,
    ("f2008_narrative", "legacy_annex"): 34,
}


@pytest.fixture
def texts():
    return {file.name: file.read_text("utf-8") for file in files("govcrawl.forms").iterdir() if file.suffix == ".toml"}


def test_every_table_has_the_cells_of_its_form():
    shapes = forms.load_forms().values()
    counts = {(form.key, table): len(form.items_of(table)) for form in shapes for table in form.table_keys}
    assert counts == CELLS


def test_item_numbers_are_unique_and_never_move():
    last = ("review_litigation", "cases", "litigation_after_reconsideration_total")
    known = {
        1001: ("proactive", "rules", "issued"),
        1011: ("applications", "new_received", "natural_person"),
        1200: last,
        2198: last,
        3058: ("statistics_2014", "i3_trainees", "value"),
        4001: ("legacy_annex", "l_proactive", "current"),
    }
    by_number = forms.load_forms().by_number
    assert len(by_number) == sum(CELLS.values())
    assert {number: by_number[number].at for number in known} == known


def item_at(form: str, *place: str):
    return next(item for item in forms.load_forms()[form].items if item.at == place)


def test_an_item_says_its_label_from_the_outermost_group():
    item = item_at("f2021", "applications", "otherwise_other", "total")
    assert item.label_zh == "三、本年度办理结果 / (六)其他处理 / 3.其他 / 总计"
    cases = item_at("f2019", "review_litigation", "cases", "litigation_direct_total")
    assert cases.label_zh == "行政诉讼 / 未经复议直接起诉 / 总计"


def test_units_are_the_columns_or_where_it_says_so_the_rows():
    assert item_at("f2021", "proactive", "administrative_fees", "fee_amount_10k_yuan").unit == "万元"
    assert item_at("f2019", "proactive", "central_procurement", "amount").unit is None
    assert item_at("f2014_stat", "statistics_2014", "i3_trainees", "value").unit == "人次"


def test_a_derived_table_differs_only_where_it_says():
    new, old = (forms.load_forms()[key].table("applications") for key in ("f2021", "f2019"))
    assert [column.key for column in new.columns] == [column.key for column in old.columns]
    gone = {row.key for row in new.rows} - {row.key for row in old.rows}
    assert gone == {"otherwise_no_supplement", "otherwise_fee_unpaid", "otherwise_other"}
    assert [row.data for table in (new, old) for row in table.rows if row.key == "otherwise_handled"] == [False, True]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("numeric_cells = 10", "numeric_cells = 11", "numeric_cells says 11"),
        ('key = "repealed"', 'key = "issued"', "stand twice"),
        ('label = "规章"', 'lable = "规章"', "lable"),
        ('unit = "万元", type = "decimal"', 'unit = "万元", type = "money!"', "unknown type"),
        ('left = ["new_received", "carried_over"]', 'left = ["new_recieved", "carried_over"]', "new_recieved"),
        ('kind = "balance"', 'kind = "balanced"', "unknown kind"),
        ('table = "applications"\nkind = "row_sum"', 'table = "applicants"\nkind = "row_sum"', "applicants"),
        ("number_base = 1000", "number_base = 1990", "number_base"),
        ("number_base = 1000", "", "number_base"),
        ("[fingerprint]", "[fingerprint", "not valid TOML"),
    ],
)
def test_a_wrong_file_is_named_with_the_key_to_mend(texts, old, new, said):
    assert old in texts["f2021.toml"]
    texts["f2021.toml"] = texts["f2021.toml"].replace(old, new, 1)
    with pytest.raises(FormError) as error:
        parse_forms(texts)
    assert said in str(error.value)
    assert ".toml" in str(error.value)
    assert "\n" not in str(error.value)
