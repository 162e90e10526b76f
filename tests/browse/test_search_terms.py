"""Terms: what a text is searched by, what a query asks for, and where its hits are marked."""

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl.browse.search_terms import SNIPPET_LENGTH, match_expression, pair_terms, single_terms, snippet, text_runs

from ..exploration import examples

PROSE = st.text("政府信息公开申请答复0２aB，。 \n　開請", min_size=1, max_size=60)


def found(text: str, query: str) -> bool:
    """Whether the full-text engine finds a query in a text."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5(singles, pairs, content = '', tokenize = 'ascii')")
    connection.execute("INSERT INTO t (rowid, singles, pairs) VALUES (1, ?, ?)", (single_terms(text), pair_terms(text)))
    return bool(connection.execute("SELECT 1 FROM t WHERE t MATCH ?", (match_expression(query),)).fetchall())


@examples(150)
@given(PROSE, st.data())
def test_every_part_of_a_run_is_found(text: str, data: st.DataObject):
    for run in text_runs(text):
        start = data.draw(st.integers(0, len(run) - 1))
        end = data.draw(st.integers(start + 1, len(run)))

        assert found(text, run[start:end])


@examples(150)
@given(PROSE, st.text("政府信息公开申请答复02ab", min_size=1, max_size=4))
def test_what_is_in_no_run_is_not_found(text: str, query: str):
    assert found(text, query) == any(query in run for run in text_runs(text))


@examples(150)
@given(PROSE, st.text("政府信息公开申请答复02ab开", min_size=1, max_size=4))
def test_marks_cut_a_text_and_change_nothing(text: str, query: str):
    pieces = snippet(text, query)

    assert "".join(piece.text for piece in pieces) in text
    assert any(piece.hit for piece in pieces) == any(query in run for run in text_runs(text))


@pytest.mark.parametrize(
    ("text", "query", "hit"),
    [
        ("依申請公開", "申请", "申請"),
        ("共１２３件", "123", "１２３"),
        ("政 府信\n息", "信息", "信\n息"),
        ("GOV公开", "gov公", "GOV公"),
    ],
)
def test_spellings_make_no_difference(text: str, query: str, hit: str):
    assert [piece.text for piece in snippet(text, query) if piece.hit] == [hit]
    assert found(text, query)


def test_a_long_text_is_cut_about_its_first_hit():
    text = "甲" * 500 + "乙丙" + "丁" * 500

    pieces = snippet(text, "乙丙")

    assert [piece.hit for piece in pieces] == [False, True, False]
    assert sum(len(piece.text) for piece in pieces) == SNIPPET_LENGTH


@pytest.mark.parametrize("query", ["", "，。", "   ", '"', "*"])
def test_a_query_without_characters_asks_for_nothing(query: str):
    assert match_expression(query) is None
    assert [piece.hit for piece in snippet("政府信息", query)] == [False]


def test_several_runs_must_all_be_there():
    assert found("行政复议和行政诉讼", "复议 诉讼")
    assert not found("行政复议", "复议，诉讼")
