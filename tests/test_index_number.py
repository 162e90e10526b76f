"""Index numbers: every published shape, check characters, order and gaps."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl import index_number
from govcrawl.index_number import SerialGap, check_organisation_code, check_uscc, gaps, parse_index_number, with_serial

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CODES = st.text(alphabet=string.digits + string.ascii_uppercase, min_size=8, max_size=8)
CREDIT_CODES = st.text(alphabet=USCC_ALPHABET, min_size=17, max_size=17)


@pytest.mark.parametrize(
    ("text", "pattern", "parts", "check"),
    [
        ("002489452/2024-00230", "guide_2009", ("002489452", 2024, None, 230), True),
        ("470118716/2024-00217", "guide_2009", ("470118716", 2024, None, 217), True),
        ("000014349/2024-06673", "guide_2009", ("000014349", 2024, None, 6673), True),
        ("MB1665338/2024-00136", "guide_2009", ("MB1665338", 2024, None, 136), True),
        ("035210000/2021-00001", "guide_2009", ("035210000", 2021, None, 1), False),
        ("00250239-7/2025-00413", "guide_2009", ("002502397", 2025, None, 413), True),
        ("E95417299-1/2025-00045", "code_unit", ("E95417299-1", 2025, None, 45), True),
        ("12331000472582336X/2024-110965", "uscc", ("12331000472582336X", 2024, None, 110965), True),
        ("11330208591592625G/2021-21840", "uscc", ("11330208591592625G", 2021, None, 21840), True),
        ("113417030032499282/202011-00140", "yyyymm", ("113417030032499282", 2020, 11, 140), True),
        ("003110926/201510-00216", "yyyymm", ("003110926", 2015, 10, 216), True),
        ("00298627-2/202003-00010", "yyyymm", ("002986272", 2020, 3, 10), True),
        ("01527918X-2020-153077", "hyphen", ("01527918X", 2020, None, 153077), True),
        ("01606072-9-30/2021-0223004", "dated", ("016060729-30", 2021, None, 223004), True),
        ("01526376-X/20200227-00001", "daily", ("01526376X", 2020, 2, 1), True),
        ("01527918X/20191231-012", "daily", ("01527918X", 2019, 12, 12), True),
        ("15253908T/2020-01119", "local_letter", ("15253908T", 2020, None, 1119), None),
        ("01526376-Y/2019-00087", "local_letter", ("01526376-Y", 2019, None, 87), None),
        ("WQX001-2022-000049", "local_alpha_hyphen", ("WQX001", 2022, None, 49), None),
        ("B0012-2021-00003", "local_alpha_hyphen", ("B0012", 2021, None, 3), None),
        ("001008003013146/2023-223616", "organ_path", ("001008003013146", 2023, None, 223616), None),
        ("330502/2025-00293", "division", ("330502", 2025, None, 293), None),
        ("331000000000/2019-66380", "division", ("331000000000", 2019, None, 66380), None),
        ("3212000002/2018-354983", "local_numeric10", ("3212000002", 2018, None, 354983), None),
        ("0142768-8/2022-00185", "short_hyphen", ("0142768-8", 2022, None, 185), None),
        ("H085/2025-00369", "local_alpha", ("H085", 2025, None, 369), None),
        ("wqqlzfb/2022-01075", "local_alpha", ("wqqlzfb", 2022, None, 1075), None),
    ],
)
def test_every_published_shape(text, pattern, parts, check):
    number = parse_index_number(text)
    assert number is not None
    assert (number.prefix, number.year, number.month, number.serial) == parts
    assert (number.pattern, number.check) == (pattern, check)
    assert number.text == text


@pytest.mark.parametrize("pattern", index_number.PATTERNS, ids=lambda pattern: pattern.example)
def test_every_pattern_is_reached_by_its_own_example(pattern):
    number = parse_index_number(pattern.example)
    assert number is not None
    assert number.pattern == pattern.key
    assert number.check is (None if pattern.check is None else True)


@pytest.mark.parametrize("text", ["００２４８９４５２／２０２４－００２３０", " 002489452 / 2024-\u30000 0230\n"])
def test_width_and_white_space_do_not_matter(text):
    assert parse_index_number(text) == parse_index_number("002489452/2024-00230")


@pytest.mark.parametrize(
    "text",
    ["", "无", "/2021-None", "2024-00230", "002489452/2024", "001697444\x814-00546", "002489452/2024-",
     "002489452/0024-00230", "003110926/201513-00216", "530000-01-02-03-2020-001",
     "002489452/2024-00230 002489452/2024-00231", "９" * 5000, "002489452/2024-00230" + " " * 60 + "其他",
     "002489452/2024-٠٠٢٣٠"],
)  # fmt: skip
def test_what_is_broken_is_none(text):
    assert parse_index_number(text) is None


@pytest.mark.parametrize(
    ("code", "right"),
    [("002489452", True), ("002590745", True), ("000014349", True), ("014416330", True), ("014320144", True),
     ("01527918X", True), ("00835003X", True), ("016060729", True), ("00250239-7", True), ("035210000", False),
     ("00248945", False), ("", False), ("零零二四八九四五二", False)],
)  # fmt: skip
def test_organisation_codes(code, right):
    assert check_organisation_code(code) is right


@pytest.mark.parametrize(
    "code",
    ["11370812004339255B", "113325000026455663", "113708260043292687", "11370830004335238P", "113304837338351799"],
)
def test_unified_social_credit_codes(code):
    assert check_uscc(code)
    assert check_organisation_code(code[8:17])


@given(CODES)
def test_one_check_character_is_right_for_each_organisation_code(body):
    assert sum(check_organisation_code(body + last) for last in string.digits + "X") == 1


@given(CREDIT_CODES)
def test_one_check_character_is_right_for_each_credit_code(body):
    assert sum(check_uscc(body + last) for last in USCC_ALPHABET) == 1


@given(CREDIT_CODES, st.integers(0, 17), st.sampled_from(USCC_ALPHABET))
def test_one_changed_character_of_a_credit_code_is_noticed(body, place, other):
    code = next(body + last for last in USCC_ALPHABET if check_uscc(body + last))
    changed = code[:place] + other + code[place + 1 :]
    assert check_uscc(changed) is (changed == code)


@given(st.text(max_size=60))
def test_no_text_breaks_the_grammar(text):
    number = parse_index_number(text)
    assert number is None or number.text == "".join(number.text.split())
    assert isinstance(check_uscc(text), bool)
    assert isinstance(check_organisation_code(text), bool)


@given(CODES, st.sets(st.integers(1, 500), min_size=1, max_size=40), st.randoms(use_true_random=False))
def test_seen_and_unseen_serials_fill_the_range_whatever_the_order(body, serials, random):
    prefix = next(body + last for last in string.digits + "X" if check_organisation_code(body + last))
    numbers = [parse_index_number(f"{prefix}/2024-{serial:05d}") for serial in serials]
    random.shuffle(numbers)
    found = gaps(numbers)
    unseen = {serial for gap in found for serial in range(gap.first_serial, gap.last_serial + 1)}
    assert unseen.isdisjoint(serials)
    assert unseen | serials == set(range(min(serials), max(serials) + 1))


def test_gaps_keep_series_apart():
    numbers = map(
        parse_index_number,
        ["002489452/2024-00001", "002489452/2024-00005", "002489452/2023-00009", "003110926/201510-00001",
         "003110926/201511-00004", "003110926/201511-00002", "01606072-9-30/2021-0223004",
         "01606072-9-30/2021-0301001"],
    )  # fmt: skip
    assert gaps(numbers) == (SerialGap("002489452", 2024, None, 2, 4), SerialGap("003110926", 2015, 11, 3, 3))


@pytest.mark.parametrize(
    ("number", "serial", "text"),
    [
        ("002489452/2024-00230", 7, "002489452/2024-00007"),
        ("01527918X-2020-153077", 153078, "01527918X-2020-153078"),
        ("00298627-2/202003-00010", 11, "00298627-2/202003-00011"),
    ],
)
def test_a_number_with_another_serial_has_as_many_digits(number, serial, text):
    parsed = parse_index_number(number)

    assert with_serial(parsed, serial) == text
    assert parse_index_number(text).serial == serial


def test_serials_that_others_of_the_counter_use_are_no_gap():
    numbers = [parse_index_number(f"002489452/2024-{serial:05d}") for serial in (1, 5)]

    assert [(gap.first_serial, gap.last_serial) for gap in gaps(numbers, {2024: {0, 3, 9}})] == [(2, 2), (4, 4)]
    assert [(gap.first_serial, gap.last_serial) for gap in gaps(numbers, {2023: {3}})] == [(2, 4)]
