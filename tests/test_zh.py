"""Chinese text: spelling, script, numerals and dates."""

import datetime as dt
import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl import zh
from govcrawl.vocabulary import Script

from .growth import LINEAR, growth

DIGITS = "零一二三四五六七八九"


def spell(value: int) -> str:
    """The standard Chinese numeral of 0 ≤ value < 10**12, written here independently of the reader."""
    if value == 0:
        return "零"
    groups, words = [], ""
    while value:
        value, group = divmod(value, 10_000)
        groups.append(group)
    for place in reversed(range(len(groups))):
        group = groups[place]
        if not group:
            continue
        if words and (group < 1000 or groups[place + 1] == 0):
            words += "零"
        words += spell_group(group) + ("", "万", "亿")[place]
    return words


def spell_group(group: int) -> str:
    words, skipped = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = group // unit % 10
        if digit:
            words += ("零" if skipped and words else "") + DIGITS[digit] + name
            skipped = False
        else:
            skipped = True
    return words


def wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@pytest.mark.parametrize(
    ("published", "label"),
    [
        ("（六）其他處理", "(六)其他处理"),
        ("㈠予以公开", "(一)予以公开"),
        ("③", "3"),
        ("⑴ ⒉", "(1)2."),
        ("本年製發件數", "本年制发件数"),
        ("要求行政機關確認或重新出具已獲取信息", "要求行政机关确认或重新出具已获取信息"),
        ("無正當理由大量反複申請", "无正当理由大量反复申请"),
        ("全麵 隻 後 裏 製 乾", "全面只后里制干"),
        ("后里面只干", "后里面只干"),
        ("危及「三安全一穩定」", '危及"三安全一稳定"'),
        ("危及“三安全一稳定”", '危及"三安全一稳定"'),
        ("商业\n企业\u3000\xa0\u200b", "商业企业"),
        ("2023－2024—2025", "2023-2024-2025"),
    ],
)
def test_fold_gives_one_key_to_all_spellings(published, label):
    assert zh.fold(published) == zh.fold(label) == label


@given(st.text())
def test_fold_is_a_fixed_point_without_white_space(text):
    folded = zh.fold(text)
    assert zh.fold(folded) == folded
    assert not any(character.isspace() for character in folded)


def test_fold_costs_a_cell_the_same_however_many_there_are():
    numbers = itertools.count()

    def task(size):
        def fold() -> None:
            cells = [f"（{next(numbers)}）本年處理決定數量" for _ in range(size)]
            assert len({zh.fold(cell) for cell in cells}) == len(cells)

        return fold

    assert growth(task, 600) < LINEAR


@given(st.text())
def test_aligned_keeps_every_place(text):
    assert len(zh.aligned(text)) == len(text)
    assert zh.fold(zh.aligned(text)) == zh.fold(text)


def test_aligned_reads_a_heading_in_any_spelling():
    assert zh.aligned("㈠　全麵\n２０２３“公開”") == '㈠ 全面\n2023"公开"'


@given(st.text())
def test_raw_drops_white_space_only(text):
    assert zh.raw(text) == "".join(c for c in text if not c.isspace())


@given(st.text())
def test_squeeze_keeps_words_apart(text):
    assert zh.squeeze(text).split() == text.split()
    assert "  " not in zh.squeeze(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("咸阳市乾县人民政府", "咸阳市乾县人民政府"),
        ("杭州市臨安區於潛鎮人民政府", "杭州市临安区於潜镇人民政府"),
        ("於潜镇", "於潜镇"),
        ("彭川市濛阳街道办事处2021年政府信息公开工作年度报告", "彭川市濛阳街道办事处2021年政府信息公开工作年度报告"),
        ("靖安县濛江乡人民政府", "靖安县濛江乡人民政府"),
        ("甯州镇财政所", "甯州镇财政所"),
        ("昇平街道办事处、迺东县、新邨", "昇平街道办事处、迺东县、新邨"),
        ("黃石市發展和改革委員會", "黄石市发展和改革委员会"),
        ("辦公室（製發）", "办公室（制发）"),
        ("", ""),
    ],
)
def test_simplified_keeps_proper_names_of_simplified_text(text, expected):
    assert zh.simplified(text) == expected


@given(st.text(alphabet=st.characters(max_codepoint=0x2FFF)))
def test_simplified_touches_nothing_but_ideographs(text):
    assert zh.simplified(text) == text


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("政府信息公开工作年度报告", Script.HANS),
        ("政府信息公開工作年度報告", Script.HANT),
        ("本年度製发行政规范性文件0件，收到依申请公开0件", Script.HANS),
        ("2023 annual report", Script.HANS),
        ("后里面只干", Script.HANS),
    ],
)
def test_script(text, script):
    assert zh.script_of(text) is script


@given(st.integers(0, 10**12 - 1))
def test_a_numeral_comes_back_as_the_number_it_spells(value):
    assert zh.number(spell(value)) == value


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_separators_signs_and_widths_do_not_change_a_number(value):
    assert zh.number(f"{value:,}") == zh.number(str(value)) == zh.number(wide(f"{value:,}")) == value


@given(st.integers(1, 999_999), st.sampled_from([("万", 10_000), ("亿", 100_000_000)]))
def test_decimals_before_a_scale_are_exact(hundredths, scale):
    unit, factor = scale
    assert zh.number(f"{hundredths / 100:.2f}{unit}") == hundredths * factor // 100


@given(st.integers(2000, 2099))
def test_digit_strings(year):
    digits = "".join("〇一二三四五六七八九"[int(d)] for d in str(year))
    assert zh.number(digits) == year


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.44万", 14400),
        ("1.2345万", 12345),
        ("一千二百", 1200),
        ("十", 10),
        ("十五", 15),
        ("两千零五", 2005),
        ("一百十五", 115),
        ("一万零五百", 10500),
        ("三万亿", 3 * 10**12),
        ("1亿2000万", 120_000_000),
        ("三点五", 3.5),
        ("一点四四万", 14400),
        ("贰拾叁", 23),
        ("貳萬", 20000),
        ("20.30", 20.3),
        ("0.00", 0),
        ("160.5964", 160.5964),
        ("＋1036", 1036),
        ("-8", -8),
        ("−8", -8),
        ("1，234", 1234),
        ("二〇", 20),
    ],
)
def test_numbers(text, value):
    assert zh.number(text) == value


@pytest.mark.parametrize(
    "text",
    ["", " ", "/", "无", "12件", "1,23", "1.2.3", "三四", "二百五", "一万二", "百", "一百五", "十百", "千万", "一二",
     "零零", "万", "一" * 40, "1" * 16, "亿" * 5000, "百分之五", "第一", "减少8", "1e5", "٣"],
)  # fmt: skip
def test_what_is_no_certain_number_is_none(text):
    assert zh.number(text) is None


@given(st.text())
def test_no_text_breaks_a_reader(text):
    assert isinstance(zh.number(text), int | float | None)
    assert isinstance(zh.date(text), str | None)
    assert zh.script_of(text) in Script
    assert unicodedata.is_normalized("NFKC", zh.fold(text))


@given(
    st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)),
    st.sampled_from(
        [
            "%Y-%m-%d",
            "%Y/%m/%d",
            "%Y.%m.%d",
            "%Y年%m月%d日",
            "%Y 年 %m 月 %d 日",
            "%Y%m%d",
            "%Y- %m- %d 16: 45",
            "%Y-%m-%d%H:%M",
        ]
    ),
    st.booleans(),
)
def test_every_spelling_of_a_date_is_read(day, pattern, full_width):
    text = day.strftime(pattern)
    if "%H" in pattern:
        text = day.strftime("%Y-%m-%dT10:30:00")
    assert zh.date(f"发布时间：{wide(text) if full_width else text} 来源") == day.isoformat()


@given(st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31)))
def test_dates_in_numerals(day):
    year = "".join("〇一二三四五六七八九"[int(d)] for d in str(day.year))
    month, date = (spell(part).removeprefix("一") if 10 <= part < 20 else spell(part) for part in (day.month, day.day))
    assert zh.date(f"{year}年{month}月{date}日") == day.isoformat()


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2024- 03- 08 16: 45", "2024-03-08"),
        ("20240122103000", "2024-01-22"),
        ("2024年2月30日起，2024年3月1日止", "2024-03-01"),
        ("20241月1日", None),
        ("002489452/2024-00230", None),
        ("2024年1月", None),
        ("编号82024012299", None),
        ("无", None),
    ],
)
def test_dates_that_tempt(text, date):
    assert zh.date(text) == date
