"""Cells: what a text says, and what it must not be taken to say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl.reports.cell_values import doubted, has_three_decimals, is_figure, read_cell
from govcrawl.vocabulary import Status

NUMBERS = {
    "0": 0, "12": 12, "１２": 12, "1,234": 1234, "1，234": 1234, "12,345,678": 12345678, "20.3": 20.3, "3.0": 3,
    "4166.241619": 4166.241619, "-3": -3, "－3": -3, "−3": -3, "+1036": 1036, "＋7": 7, "减少8": -8, "增加12": 12,
    "增12": 12, "减2项": -2, "增加了4": 4, "5件": 5, "0。": 0, "7、": 7, "\u200b8": 8,
}  # fmt: skip
TEXTS = (
    "无", "无此项", "1,23", "00", "007", "3①", "3²", "一", "十二", "约8", "8(其中1件)", "1/2", "12%", "2024-01-01", "N",
    "减少-8", "1.2.3", "O", "见附件", "1" * 16,
)  # fmt: skip


@pytest.mark.parametrize(("raw", "value"), NUMBERS.items())
def test_a_printed_number_is_itself(raw, value):
    read = read_cell(raw)
    assert (read.status, read.value, read.doubt) == (Status.NUMBER, value, "")
    assert isinstance(read.value, type(value))


@pytest.mark.parametrize("raw", ["251000元", "160.5964万元", "1,152,790元", "3亿元", "2万件"])
def test_a_unit_is_kept_and_nothing_is_converted(raw):
    read = read_cell(raw)
    assert f"{read.value}{read.unit}" == raw.replace(",", "")


@pytest.mark.parametrize("raw", ["/", "／", "-", "—", "——", "--", "－", "\\"])
def test_a_stroke_is_not_a_number(raw):
    assert (read_cell(raw).status, read_cell(raw).value) == (Status.SLASH, None)


@pytest.mark.parametrize("raw", ["", "\u200b", "\ufeff"])
def test_a_blank_is_never_nought(raw):
    assert (read_cell(raw).status, read_cell(raw).value) == (Status.BLANK, None)


@pytest.mark.parametrize("raw", TEXTS)
def test_what_could_be_two_things_is_a_text(raw):
    assert (read_cell(raw).status, read_cell(raw).value) == (Status.TEXT, None)


def test_only_the_word_for_nothing_is_beyond_doubt():
    assert {raw for raw in TEXTS if not read_cell(raw).doubt} == {"无", "无此项"}


def test_a_number_that_is_doubted_is_none():
    read = doubted(read_cell("12"), "figures with a gap between them")
    assert (read.status, read.value, read.doubt) == (Status.TEXT, None, "figures with a gap between them")


@pytest.mark.parametrize(
    ("raw", "points"), [("37.556", True), ("1.234.567", True), ("37.5", False), ("0.125", False), ("160.5964", False)]
)
def test_a_point_before_three_figures_may_set_thousands_apart(raw, points):
    assert has_three_decimals(raw) is points


@pytest.mark.parametrize(
    ("raw", "nil"), [("0", True), ("", True), ("/", True), ("无", True), ("5", False), ("约8", False)]
)
def test_nil_is_what_says_that_there_is_nothing(raw, nil):
    assert read_cell(raw).nil is nil


@given(st.integers(0, 10**14))
def test_digits_of_any_width_with_any_separators_are_the_same_number(number):
    wide = str(number).translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    assert {read_cell(raw).value for raw in (str(number), wide, f"{number:,}", f"{number}件")} == {number}
    assert is_figure(wide)


@given(st.text(max_size=20))
def test_any_text_gives_a_status_and_a_value_only_with_digits(text):
    read = read_cell(text)
    assert (read.value is not None) == (read.status is Status.NUMBER)
    assert read.value is None or any(character.isdigit() for character in text)
