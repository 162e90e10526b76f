"""Two texts side by side: sentences that both have are told from those that differ, and in these the words that do.

A block is `{"kind", "left", "right"}`. The two sides of a block that is `same` are one text; those of one that is
`changed` are lists of pieces `{"text", "changed"}`, empty where a side has nothing.
"""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from govcrawl.browse.page import Content

_SENTENCE = re.compile(r"[^。！？；!?;\n]*[。！？；!?;\n]+|[^。！？；!?;\n]+")
_WORD = re.compile(r"[A-Za-z]+|\d+(?:[.,]\d+)*|\s+|.", re.DOTALL)
_LONG = 2_000
"""Characters beyond which two texts are not compared word by word."""
_MANY = 2_000
"""Sentences beyond which two texts are not compared at all: the time grows faster than their number."""

_ALIKE = 0.5
"""The share of words in common below which two sentences are not the same one reworded."""


def compared(left: str, right: str) -> list[Content]:
    """The blocks of two texts in their order; together their sides are the two texts."""
    before, after = _cut(_SENTENCE, left), _cut(_SENTENCE, right)
    if len(before) + len(after) > _MANY:
        return [_block(left, right, same=left == right)]
    return [
        _block("".join(before[i:j]), "".join(after[k:m]), same=kind == "equal")
        for kind, i, j, k, m in SequenceMatcher(a=before, b=after).get_opcodes()
    ]


def _cut(pattern: re.Pattern[str], text: str) -> list[str]:
    return [match[0] for match in pattern.finditer(text)]


def _block(left: str, right: str, *, same: bool) -> Content:
    if same:
        return {"kind": "same", "left": left, "right": right}
    if not left or not right or len(left) + len(right) > _LONG:
        return {"kind": "changed", "left": _whole(left), "right": _whole(right)}
    before, after = _cut(_WORD, left), _cut(_WORD, right)
    matcher = SequenceMatcher(a=before, b=after)
    if matcher.ratio() < _ALIKE:
        return {"kind": "changed", "left": _whole(left), "right": _whole(right)}
    codes = matcher.get_opcodes()
    return {
        "kind": "changed",
        "left": list(_pieces(before, [(kind, i, j) for kind, i, j, _, _ in codes])),
        "right": list(_pieces(after, [(kind, k, m) for kind, _, _, k, m in codes])),
    }


def _whole(text: str) -> list[Content]:
    return [{"text": text, "changed": True}] if text else []


def _pieces(words: list[str], codes: list[tuple[str, int, int]]) -> Iterator[Content]:
    for kind, start, end in codes:
        if end > start:
            yield {"text": "".join(words[start:end]), "changed": kind != "equal"}
