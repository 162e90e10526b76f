"""Two texts side by side: sentences that both have, and sentences that differ, with the words that differ in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

_SENTENCE = re.compile(r"[^。！？；!?;\n]*[。！？；!?;\n]+|[^。！？；!?;\n]+")
_WORD = re.compile(r"[A-Za-z]+|\d+(?:[.,]\d+)*|\s+|.", re.DOTALL)
_MAX_CHARACTERS = 2_000  # of two blocks that are compared word by word
_MAX_SENTENCES = 2_000  # of two texts that are compared at all: the time grows faster than their number
_MIN_RATIO = 0.5  # share of words in common from which a sentence counts as the other one reworded


@dataclass(frozen=True, slots=True)
class DiffPiece:
    """A piece of a block."""

    text: str  # the pieces together are the side of the block
    changed: bool  # true: the other side does not have it


@dataclass(frozen=True, slots=True)
class SameBlock:
    """Sentences that both texts have."""

    kind: str  # `same` or `changed`
    left: str  # text
    right: str  # the same text


@dataclass(frozen=True, slots=True)
class ChangedBlock:
    """Sentences that differ; a side that has none is empty."""

    kind: str  # `same` or `changed`
    left: list[DiffPiece]  # what the left text has
    right: list[DiffPiece]  # what the right text has


def diff_texts(left: str, right: str) -> list[SameBlock | ChangedBlock]:
    """The blocks of two texts in their order; the sides of all blocks together are the two texts."""
    before, after = _cut(_SENTENCE, left), _cut(_SENTENCE, right)
    if len(before) + len(after) > _MAX_SENTENCES:
        return [_block(left, right, same=left == right)]
    return [
        _block("".join(before[i:j]), "".join(after[k:m]), same=kind == "equal")
        for kind, i, j, k, m in SequenceMatcher(a=before, b=after).get_opcodes()
    ]


def _cut(pattern: re.Pattern[str], text: str) -> list[str]:
    return [match[0] for match in pattern.finditer(text)]


def _block(left: str, right: str, *, same: bool) -> SameBlock | ChangedBlock:
    if same:
        return SameBlock("same", left, right)
    if left and right and len(left) + len(right) <= _MAX_CHARACTERS:
        before, after = _cut(_WORD, left), _cut(_WORD, right)
        matcher = SequenceMatcher(a=before, b=after)
        if matcher.ratio() >= _MIN_RATIO:
            codes = matcher.get_opcodes()
            return ChangedBlock(
                "changed",
                list(_pieces(before, [(kind, i, j) for kind, i, j, _, _ in codes])),
                list(_pieces(after, [(kind, k, m) for kind, _, _, k, m in codes])),
            )
    return ChangedBlock("changed", _whole(left), _whole(right))


def _whole(text: str) -> list[DiffPiece]:
    return [DiffPiece(text, changed=True)] if text else []


def _pieces(words: list[str], codes: list[tuple[str, int, int]]) -> Iterator[DiffPiece]:
    for kind, start, end in codes:
        if end > start:
            yield DiffPiece("".join(words[start:end]), changed=kind != "equal")
