"""Texts side by side: nothing is lost, what is the same is folded, what was reworded shows its words."""

from difflib import SequenceMatcher
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl.browse import text_diff
from govcrawl.browse.text_diff import DiffPiece, SameBlock, diff_texts

texts = st.text(alphabet="政府信息公开，。；12\nab", max_size=120)


def sides(blocks):
    def text(block, side):
        found = getattr(block, side)
        return found if isinstance(block, SameBlock) else "".join(piece.text for piece in found)

    return tuple("".join(text(block, side) for block in blocks) for side in ("left", "right"))


@given(texts, texts)
def test_the_blocks_together_are_the_two_texts(left: str, right: str):
    assert sides(diff_texts(left, right)) == (left, right)


@given(texts)
def test_a_text_is_the_same_as_itself(text: str):
    assert {block.kind for block in diff_texts(text, text)} <= {"same"}


def test_a_reworded_sentence_shows_the_words_that_differ():
    boilerplate, changed = diff_texts("按照要求公开。全年受理申请12件。", "按照要求公开。全年受理申请130件。")

    assert (boilerplate.kind, boilerplate.left) == ("same", "按照要求公开。")
    assert [piece.text for piece in changed.left if piece.changed] == ["12"]
    assert [piece.text for piece in changed.right if piece.changed] == ["130"]


def test_another_sentence_is_changed_as_a_whole():
    (block,) = diff_texts("全年没有收到申请。", "机关人员流动较多")

    assert block.left == [DiffPiece("全年没有收到申请。", changed=True)]


def test_an_added_sentence_has_nothing_beside_it():
    _, added = diff_texts("第一句。", "第一句。第二句。")

    assert (added.left, added.right) == ([], [DiffPiece("第二句。", changed=True)])


def test_hostile_texts_are_compared_within_limits(monkeypatch: pytest.MonkeyPatch):
    pairs: list[int] = []

    class Counting(SequenceMatcher):
        def __init__(self, a, b):
            pairs.append(len(a) * len(b))
            super().__init__(a=a, b=b)

    monkeypatch.setattr(text_diff, "SequenceMatcher", Counting)
    draw = Random(1)
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
        pairs.clear()
        assert sides(diff_texts(left, right)) == (left, right)
        assert sum(pairs) <= 2 * 1000 * 1000, "pairs of sentences and of words that were compared"
