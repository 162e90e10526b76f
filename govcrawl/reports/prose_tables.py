"""Removes statutory tables from running text, so that sections hold prose only.

A text file, a page of `<div>`s or a flattened copy prints the tables among the paragraphs: one cell a line, one row a
line with bars, or everything run together. `without_tables` removes these stretches and nothing else. A stretch begins
at words that only a form has (第二十条第(一)项, 本列数据的勾稽关系) and ends where labels and values of the forms end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from govcrawl import forms, zh
from govcrawl.forms import Form

_OPENING = re.compile(
    r"第 *二 *十 *条 *第 *\(|\(? *本列数据的勾稽关系"
    r"|(?:信息内容|申请人情况|统计指标|指标名称)[ \n|]|行政复议[ \n|]*行政诉讼[ \n|]*(?:结果|其他|未经)"
)
_COLUMN_HEADS = (
    "统计指标", "指标名称", "单位", "计量单位", "统计数", "代码", "信息内容", "申请人情况", "无",
    "件", "条", "次", "篇", "个", "人", "万元", "人次",
)  # fmt: skip
_ADDED_LABEL = re.compile(r"[^\n。;|]{1,14}(?=[ \n|]+(?:[-+]?\d[\d.,]*|/)(?:[ \n|]|$))")
_GAP = " \n|"


def without_tables(text: str, plain: str | None = None) -> str:
    """Returns the text without its statutory tables, otherwise unchanged. `plain` is the text as `zh.aligned`."""
    plain = zh.aligned(text) if plain is None else plain
    pieces, place = [], 0
    for opening in _OPENING.finditer(plain):
        if opening.start() >= place:
            pieces.append(text[place : opening.start()])
            place = _end_of_table(plain, opening.start())
    return "\n".join(filter(None, (piece.strip() for piece in (*pieces, text[place:]))))


def _end_of_table(plain: str, start: int) -> int:
    """The end of the sequence of labels and values at `start`; `start` itself if no label is there."""
    place = start
    while place < len(plain):
        end = _cell_end(plain, place) or _added_label_end(plain, place, start)
        if not end:
            break
        place = _after_gap(plain, end)
    return place


def _after_gap(plain: str, place: int) -> int:
    while place < len(plain) and plain[place] in _GAP:
        place += 1
    return place


def _cell_end(plain: str, place: int) -> int:
    match = _cell().match(plain, place)
    return match.end() if match else 0


def _added_label_end(plain: str, place: int, start: int) -> int:
    """The end of a short text with a value behind it: the label of a row that the publisher added."""
    match = _ADDED_LABEL.match(plain, place) if place > start else None
    return match.end() if match else 0


@cache
def _cell() -> re.Pattern[str]:
    """Matches a value, or a label, head, anchor or note of any table. Borders and line ends may cut a label anywhere.

    A value fills its cell, or a label follows it directly. A number at the start of a sentence is no value.
    """
    words = {zh.fold(text) for form in forms.load_forms().values() for text in _words(form)} | set(_COLUMN_HEADS)
    longest_first = sorted(filter(None, words), key=len, reverse=True)
    label = "|".join(f"[{_GAP}]*".join(map(re.escape, word)) for word in longest_first)
    unit = "(?:万元|元|件|条|个|项)?"
    return re.compile(rf"{label}|(?:[-+]?\d[\d.,]*?{unit}|[/-]+)(?=[{_GAP}]|{label}|\Z)")


def _words(form: Form) -> Iterator[str]:
    for table in form.tables:
        yield from table.words
