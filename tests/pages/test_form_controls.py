"""What a form control shows is text in its place; what it does not show is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govcrawl.pages.form_controls import with_controls_shown
from govcrawl.pages.page_reader import read_page

from ..growth import LINEAR, growth


@pytest.mark.parametrize(
    ("control", "text"),
    [
        ('<input value="42">', "42"),
        ("<INPUT VALUE='42' type=text>", "42"),
        ("<input value=42>", "42"),
        ('<input type="text" value="42" disabled readonly/>', "42"),
        ('<input\n type = "number"\n value = "42" >', "42"),
        ('<input data-value="7" value="42">', "42"),
        ('<input value="1,042">', "1,042"),
        ('<input value="四十二">', "四十二"),
        ("<textarea rows=1>42</textarea>", "42"),
        ("<select><option>41</option><option selected>42</option></select>", "42"),
        ("<select><option value=1>42<option value=2>43</select>", "42"),
        ('<select name="x"><option value="a" selected="selected">42</option></select>', "42"),
        ('<input type="hidden" value="42">', ""),
        ('<input type="button" value="42">', ""),
        ('<input type="checkbox" value="42" checked>', ""),
        ('<input value="42" style="display: none">', ""),
        ("<input value=42 hidden>", ""),
        ('<input placeholder="42">', ""),
        ("<textarea style='display:none'>42</textarea>", None),
        ("<select></select>", ""),
    ],
)
def test_a_cell_has_what_a_browser_shows(control: str, text: str | None):
    body = f"<html><body><table><tr><td>件</td><td>{control}</td></tr></table></body></html>".encode()
    shown = with_controls_shown(body)

    assert len(shown) == len(body)
    if text is None:  # a text area that is hidden keeps its text, which the reader of hidden text passes over
        assert shown == body
        return
    (table,) = read_page(body).grids
    assert table.rows[0][1].raw == text
    if text:
        at = shown.index(text.encode())
        assert body[at : at + len(text.encode())] == text.encode()


PIECES = (
    "<input",
    "<select",
    "<option",
    "</select>",
    "<textarea",
    "</textarea>",
    " value=",
    '"',
    "'",
    ">",
    "3",
    "<",
    "年",
)


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_no_byte_moves(text: str):
    body = text.encode()

    assert len(with_controls_shown(body)) == len(body)


@pytest.mark.parametrize(
    "piece",
    [
        b"<select>",
        b"<select><option>",
        b"<textarea>",
        b"<input value='1'>",
        b"<input value='",
        b"<select><option selected>4</select>",
    ],
)
def test_the_cost_grows_with_the_length_alone(piece: bytes):
    def task(count: int):
        body = b"<table><tr><td>" + piece * count
        return lambda: with_controls_shown(body)

    assert growth(task, 1_000) < LINEAR
