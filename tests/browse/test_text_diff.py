"""Texts side by side: nothing is lost, what is the same is folded, what was reworded shows its words."""

from functools import partial
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl.browse.text_diff import compared

from ..growth import LINEAR, cost, growth

texts = st.text(alphabet="政府信息公开，。；12\nab", max_size=120)


def sides(blocks):
    def text(side):
        return "".join(
            block[side] if block["kind"] == "same" else "".join(p["text"] for p in block[side]) for block in blocks
        )

    return text("left"), text("right")


@given(texts, texts)
def test_the_blocks_together_are_the_two_texts(left: str, right: str):
    assert sides(compared(left, right)) == (left, right)


@given(texts)
def test_a_text_is_the_same_as_itself(text: str):
    assert {block["kind"] for block in compared(text, text)} <= {"same"}


def test_a_reworded_sentence_shows_the_words_that_differ():
    boilerplate, changed = compared("按照要求公开。全年受理申请12件。", "按照要求公开。全年受理申请130件。")

    assert (boilerplate["kind"], boilerplate["left"]) == ("same", "按照要求公开。")
    assert [piece["text"] for piece in changed["left"] if piece["changed"]] == ["12"]
    assert [piece["text"] for piece in changed["right"] if piece["changed"]] == ["130"]


def test_another_sentence_is_changed_as_a_whole():
    (block,) = compared("全年没有收到申请。", "机关人员流动较多")

    assert block["left"] == [{"text": "全年没有收到申请。", "changed": True}]


def test_an_added_sentence_has_nothing_beside_it():
    _, added = compared("第一句。", "第一句。第二句。")

    assert (added["left"], added["right"]) == ([], [{"text": "第二句。", "changed": True}])


def test_hostile_texts_cost_no_more_than_ordinary_ones_of_many_sentences():
    draw = Random(1)
    ordinary = [
        "".join(f"第{number}项工作{'没有' if number % every else '已经'}完成。" for number in range(980))
        for every in (1, 3)
    ]
    texts = [
        ("甲乙。" * 30_000, "甲乙。丙丁。" * 30_000),
        ("甲" * 200_000, "乙" * 200_000),
        ("甲乙" * 490, "乙甲甲" * 330),
        *(
            tuple("".join(draw.choices(letters, k=980)) for _ in "ab")
            for letters in ("甲乙", "甲乙丙丁戊己庚辛", "甲乙。")
        ),
        tuple("".join(f"第{draw.randrange(90)}句。" for _ in range(980)) for _ in "ab"),
    ]
    for left, right in texts:
        assert sides(compared(left, right)) == (left, right)

    measure, *costs = cost(*(partial(compared, *pair) for pair in (ordinary, *texts)))
    assert max(costs) < 4 * measure


@pytest.mark.parametrize(("left", "right"), [("甲乙。", "甲乙。丙丁。"), ("甲", "乙")])
def test_texts_too_long_to_be_compared_cost_no_more_than_their_length(left, right):
    assert growth(lambda size: partial(compared, left * size, right * size), 4_000) < LINEAR
