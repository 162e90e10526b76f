"""Statutory tables in running text are cut out whole, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl.reports.prose_tables import without_tables

TABLE = (
    "第二十条第（一）项", "信息内容", "本年制发件数", "本年废止件数", "现行有效", "件数",
    "规章", "0", "0", "0", "行政规范性文件", "3", "1", "12",
)  # fmt: skip


@pytest.mark.parametrize(
    "join", ["\n", " | ", "\n\n\t", "", " "], ids=["lines", "strokes", "tabs", "nothing", "spaces"]
)
def test_a_table_in_running_text_is_cut_out_whole(join):
    before, after = "本局主动公开信息84条。", "2023年，我局未收到申请。"
    cut = without_tables(f"{before}\n{join.join(TABLE)}\n{after}")
    assert cut == f"{before}\n{after}"


def test_a_row_that_the_publisher_added_goes_with_the_table():
    text = "\n".join((*TABLE, "其他主动公开文件", "120", "2023年共收到申请4件。"))
    assert without_tables(text) == "2023年共收到申请4件。"


@given(st.text(max_size=200))
def test_prose_without_a_form_is_left_as_it_is(text):
    assert without_tables(f"我局{text}") == f"我局{text}".strip() or "信息内容" in text


@pytest.mark.parametrize(
    "prose",
    [
        "主动公开信息内容详见附件，2023年更新120条。",
        "行政复议、行政诉讼情况：无。",
        "1.属于国家秘密的不予公开；2.其他。",
        "（一）予以公开",
        "规章\n0",
    ],
)
def test_words_of_a_form_that_open_no_table_stay(prose):
    assert without_tables(prose) == prose


def test_two_tables_with_prose_between():
    text = "前。\n" + "\n".join(TABLE) + "\n中间有12件。\n行政复议\n行政诉讼\n结果维持\n0\n0\n后。"
    assert without_tables(text) == "前。\n中间有12件。\n后。"
