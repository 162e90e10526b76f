"""The second reader: finds statutory tables in the text of a page in reading order, without its tree.

Between two row labels there must be exactly as many cells as the heads announce; otherwise the row is a doubt. The
reader takes flattened pages (one cell a line, `a | b |`, tabs, spaces, div grids), and reads each HTML page a second
time. The strongest border within a row separates its cells.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import combinations, groupby, pairwise, takewhile, zip_longest
from typing import NamedTuple

from govcrawl import zh
from govcrawl.forms import REVIEW_LITIGATION, FormColumn
from govcrawl.models import Locator
from govcrawl.pages.page import Separator, Token
from govcrawl.reports.cell_values import PRINTED_UNITS, is_figure, read_cell
from govcrawl.reports.column_headers import BESIDE_HEADS, UNIT_HEADS, assign, blocks_of, fit
from govcrawl.reports.labels import (
    LONGEST_EXPLAINED,
    Meaning,
    RowRef,
    choose,
    is_meant,
    label_key,
    label_meaning,
    lexicon,
)
from govcrawl.reports.observations import CellKey, Observations, cells_of_row
from govcrawl.vocabulary import Status

LONGEST_TOKEN = 80
LONGEST_HALF = 6
"""Characters; a longer text in a row of heads is no part of a head (社会公益 over 组织)."""
FEWEST_CLOSE = 4
"""Rows of figures that only tags set apart, which show that these are cells."""
_BORDERS: tuple[frozenset[Separator], ...] = (
    frozenset({"cell"}),
    frozenset({"cell", "line"}),
    frozenset({"cell", "line", "space"}),
)
"""The separators of two cells, tried in this order."""
_LOOSE: frozenset[Separator] = frozenset({"line", "space"})
_NUMBERING = re.compile("[(（][一二三四五六七八九十\\d]{1,3}[)）]")
_BRACKETS, _BRACKETS_CLOSED = "([（［【〔", ")]）］】〕"
_NUMBERED = re.compile(
    r"其中[:：]?|(?:[1-9]\d?[.、．)）]|[一二三四五六七八九十]{1,2}、|[(（][一二三四五六七八九十]{1,2}[)）])(?=[^\W\d_])"
)
"""Numbering with a word behind it. It begins a row, even one that no form knows: `3、信函、传真申请数`."""
_new = tuple.__new__  # half the time of calling the class; a page has hundreds of cells


class Label(NamedTuple):
    """A text that the forms know, made of the tokens from `start` up to `end`."""

    meant: Meaning
    text: str
    start: int
    end: int


@dataclass(slots=True)
class _Walk:
    sight: Observations = field(default_factory=Observations)
    last: RowRef | None = None
    heads: list[str] = field(default_factory=list)
    head_closed: bool = True
    in_force: dict[tuple[str, str | None], tuple[str, ...]] = field(default_factory=dict)
    active: str | None = None
    close: list[tuple[Sequence[CellKey], Sequence[TextCell]]] = field(default_factory=list)
    torn: bool = False


def read_tokens(tokens: Sequence[Token]) -> Observations:
    """Returns the observations of the statutory tables in the text."""
    walk = _Walk()
    tokens = rejoined(tokens)
    labels = list(find_labels(tokens))
    for label, behind in zip_longest(labels, labels[1:]):
        _read_label(walk, label, tokens, behind.start if behind else len(tokens))
    _judge_close(walk)
    walk.sight.splits = tuple(_splits(tokens))
    return walk.sight


def _splits(tokens: Sequence[Token]) -> Iterator[int]:
    """Yields the byte at which a figure begins that white space or a line end separates from a figure before it."""
    before = ""
    for token in tokens:
        if token.gap in ("space", "line") and token.text[0].isdigit() and before[-1:].isdigit():
            yield token.start
        before = token.text


# -------------------------------------------------------------------------------------------------------- labels


def rejoined(tokens: Sequence[Token]) -> Sequence[Token]:
    """Returns the tokens with each label that figures cut in two put together before its figures (wrapped-labels).

    A layout that is kept as text prints the figures in the first line of a label of two lines. The rest of the label
    must make it a label of the forms, and its beginning alone must be none.
    """
    made: list[Token] = []
    index = 0
    while index < len(tokens):
        parts = _cut_label(tokens, index)
        if parts:
            figures, rest, end = parts
            made += (*tokens[index:figures], *tokens[rest:end], *tokens[figures:rest])
        else:
            end = index + 1
            made.append(tokens[index])
        index = end
    return made if len(made) == len(tokens) else tokens


def _cut_label(tokens: Sequence[Token], start: int) -> tuple[int, int, int] | None:
    """(first figure, rest of the label, its end) of a label from `start` on that figures cut in two."""
    text = tokens[start].text
    if not _may_begin(text[0]) or is_figure(text) or not _begins(text):
        return None
    figures = start + 1
    while figures < len(tokens) and not _is_apart(tokens[figures]):
        text, figures = text + tokens[figures].text, figures + 1
        if not _begins(text):
            return None
    rest = figures
    while rest < len(tokens) and tokens[rest].gap != "cell" and _is_apart(tokens[rest]):
        rest += 1
    if rest in (figures, len(tokens)) or tokens[rest].gap != "line" or label_meaning(text).known_whole:
        return None
    return _label_rest(tokens, text, figures, rest)


def _label_rest(tokens: Sequence[Token], text: str, figures: int, rest: int) -> tuple[int, int, int] | None:
    found = None
    for end in range(rest, len(tokens)):
        text += tokens[end].text
        if _is_apart(tokens[end]) or not _begins(text):
            break
        meant = label_meaning(text)
        if meant.rows and not meant.glued:
            found = figures, rest, end + 1
    return found


@cache
def _prefixes() -> frozenset[str]:
    return lexicon().prefixes()


@lru_cache(maxsize=1 << 12)
def _may_begin(character: str) -> bool:
    """Whether a label or its numbering may begin with the character."""
    folded = zh.fold(character)
    return folded[:1] in _prefixes() or folded[:1] in "(一二三四五六七八九123456789其"


@lru_cache(maxsize=1 << 13)
def _begins(text: str) -> bool:
    """Whether the text is the beginning of a label, or numbering before one."""
    key = label_key(text)
    return key in _prefixes() or (not key and not is_figure(text))


def find_labels(tokens: Sequence[Token]) -> Iterator[Label]:
    """Yields the labels in the text, each as long as possible. A label never crosses a cell border."""
    index, count = 0, len(tokens)
    while index < count:
        token = tokens[index]
        found = None
        if _may_begin(token.text[0]):
            found = _explained_at(tokens, index)
            if found is None and len(token.text) <= LONGEST_TOKEN:
                found = _label_at(tokens, index)
        if found:
            found = found._replace(end=_guidance_end(tokens, found.end))
            yield found
        index = found.end if found else index + 1


def _explained_at(tokens: Sequence[Token], start: int) -> Label | None:
    """A row's label whose explanation in brackets begins within its first token (fixture explained-*)."""
    text = tokens[start].text
    if not any(mark in text[2:] for mark in _BRACKETS) and len(text) <= LONGEST_TOKEN:
        return None
    end = _closed(tokens, start)
    joined = "".join(token.text for token in tokens[start:end]) if end else text
    meant = label_meaning(joined)
    return Label(meant, joined, start, end or start + 1) if meant.rows and not meant.glued else None


def _guidance_end(tokens: Sequence[Token], end: int) -> int:
    """The end of an explanation in brackets that stands in tokens of its own behind a label; else `end`."""
    if end == len(tokens) or tokens[end].gap == "cell" or tokens[end].text[0] not in _BRACKETS:
        return end
    closed = _closed(tokens, end)
    text = "".join(token.text for token in tokens[end:closed])
    return closed if closed and not label_meaning(text).known and not _NUMBERING.match(text) else end


def _closed(tokens: Sequence[Token], start: int) -> int:
    """The end of the tokens from `start` on whose brackets are all closed; 0 if a cell or too long a text is before."""
    depth = length = 0
    for index in range(start, len(tokens)):
        text = tokens[index].text
        length += len(text)
        if length > LONGEST_EXPLAINED or (index > start and tokens[index].gap == "cell"):
            return 0
        depth += sum(map(text.count, _BRACKETS)) - sum(map(text.count, _BRACKETS_CLOSED))
        if depth <= 0:
            return index + 1 if text[-1] in _BRACKETS_CLOSED else 0
    return 0


def _label_at(tokens: Sequence[Token], start: int) -> Label | None:
    text, end, found = tokens[start].text, start + 1, None
    while True:
        meant = label_meaning(text)
        # words-applications-cut-label, annex-f2014_stat-lines
        if meant.known and not meant.glued and (end == start + 1 or _begins(text)):
            found = Label(meant, text, start, end)
        if end == len(tokens) or tokens[end].gap == "cell" or _is_apart(tokens[end]) or not _begins(text):
            return found
        text, end = text + tokens[end].text, end + 1


def _is_apart(token: Token) -> bool:
    """Whether a token is a separate figure, and so no part of the label before it."""
    return token.gap != "" and is_figure(token.text)


# --------------------------------------------------------------------------------------------------------- state


def _read_label(walk: _Walk, label: Label, tokens: Sequence[Token], end: int) -> None:
    meant = label.meant
    if meant.title and not _in_play(walk, meant):  # annex-f2014_stat-lines
        walk.active, walk.heads, walk.head_closed = None, [], False
        return
    ref = choose(meant.rows, walk.last) if meant.rows else None
    if ref and is_meant(meant, ref, walk.last):
        _read_row(walk, ref, tokens, label.end, end)
    elif meant.head or meant.group or label_key(label.text) in UNIT_HEADS:
        _read_head(walk, label, tokens, end)
    elif meant.anchor:
        walk.heads = []


def _in_play(walk: _Walk, meant: Meaning) -> bool:
    """Whether a title is a row of the table being read (一、主动公开情况 in fixture annex-f2014_stat-lines)."""
    return any(ref.table == walk.active or (walk.heads and not walk.head_closed) for ref in meant.rows)


def _read_head(walk: _Walk, label: Label, tokens: Sequence[Token], end: int) -> None:
    if walk.head_closed:
        walk.heads, walk.head_closed = [], False
    walk.heads.append(label.text)
    behind = takewhile(lambda token: not _is_value(token.text), tokens[label.end : end])
    walk.heads += [token.text for token in behind if len(token.text) <= LONGEST_HALF]  # heads-two_rows-2019
    columns = _heads_review(walk, walk.heads) if label.end < end else ()
    if columns:
        walk.active = REVIEW_LITIGATION
        keys = tuple(column.key for column in columns)
        walk.in_force[REVIEW_LITIGATION, None] = keys
        _keep(walk, RowRef(REVIEW_LITIGATION, None, "cases", None, 0), keys, tokens, label.end, end)
        walk.head_closed = True


def _heads_review(walk: _Walk, texts: Sequence[str]) -> Sequence[FormColumn]:
    """The columns of review and litigation, if the heads are theirs in a form; votes for each such form."""
    blocks = {form: block.columns for form, block in blocks_of(REVIEW_LITIGATION, None).items()}
    fitting = {form: columns for form, columns in blocks.items() if _are_all(texts, columns)}
    for form, columns in fitting.items():
        walk.sight.votes[REVIEW_LITIGATION][form] += len(columns)
    return next(iter(fitting.values()), ()) or _one_group(walk, texts)


def _one_group(walk: _Walk, texts: Sequence[str]) -> Sequence[FormColumn]:
    """The columns of one group of review and litigation that has a table of its own (review-in-three-tables).

    The heads before the values must be the name of the group and all its results. 行政诉讼 alone names two groups.
    """
    keys = [label_key(text) for text in texts]
    for form, block in blocks_of(REVIEW_LITIGATION, None).items():
        for group, members in groupby(block.columns, key=lambda column: column.groups[-1]):
            columns = list(members)
            head, leaves = keys[-len(columns) - 1 :][:1], keys[-len(columns) :]
            if head == [label_key(group)] and _are_labels(leaves, columns):
                walk.sight.votes[REVIEW_LITIGATION][form] += len(columns)
                return columns
    return ()


def _are_labels(keys: Sequence[str], columns: Sequence[FormColumn]) -> bool:
    pairs = zip(keys, columns, strict=False)
    return len(keys) == len(columns) and all(key in map(label_key, column.labels) for key, column in pairs)


def _are_all(texts: Sequence[str], columns: Sequence[FormColumn]) -> bool:
    """Whether the heads are all groups and all results of each group, in form order."""
    if len(texts) <= len(columns):
        return False
    groups = list(dict.fromkeys(label_key(group) for column in columns for group in column.groups))
    keys = [label_key(text) for text in texts]
    leaves = [key for key in keys if key not in groups]
    return groups == [key for key in dict.fromkeys(keys) if key in groups] and _are_labels(leaves, columns)


def _read_row(walk: _Walk, ref: RowRef, tokens: Sequence[Token], start: int, end: int) -> None:
    if not walk.head_closed:
        _take_heads(walk, ref)
    columns = walk.in_force.get((ref.table, ref.block))
    if (walk.active != ref.table or not columns) and any(is_figure(token.text) for token in tokens[start : start + 2]):
        walk.sight.unheaded.add((ref.table, ref.key))
    if walk.active != ref.table:
        return
    walk.last, walk.head_closed = ref, True
    if columns and not ref.groups_only and not ref.known_extra:
        _keep(walk, ref, columns, tokens, start, end)


def _take_heads(walk: _Walk, ref: RowRef) -> None:
    """Puts the heads just read in force for the table of the row, if they name all its columns."""
    named = [found for form in blocks_of(ref.table, ref.block) if (found := _named(walk.heads, form, ref))]
    if named:
        columns = max((columns for _, columns in named), key=len)
        walk.in_force[ref.table, ref.block] = columns
        walk.active = ref.table
        for form, told in named:
            if len(told) == len(columns):
                walk.sight.votes[ref.table][form] += len(columns)


def _named(texts: Sequence[str], form: str, ref: RowRef) -> tuple[str, tuple[str, ...]] | None:
    """(form, column keys in the order of their values) if the heads name every column of the form, else None."""
    columns = blocks_of(ref.table, ref.block)[form].columns
    fits = [fit((text,), form, ref.table, ref.block) for text in texts]
    if any(column.groups for column in columns):
        # Heads of several levels are read level by level. All must be present, and values are in form order.
        # test_heads_in_another_order_give_no_values
        if not _in_form_order(texts, [column for column in columns if column.groups]):
            return None
        named = {number for each in fits for number in each}
        unnamed = {label_key(column.label) for number, column in enumerate(columns) if number not in named}
        complete = not unnamed or unnamed <= {one + two for one, two in combinations(map(label_key, texts), 2)}
        return (form, tuple(column.key for column in columns)) if complete else None
    chosen, _ = assign(fits, len(columns), texts)
    left = [column for number, column in enumerate(columns) if number not in chosen.values()]
    if left and not (chosen and all(column.optional for column in left) and _all_known(texts, chosen)):
        return None
    return form, tuple(columns[chosen[index]].key for index in sorted(chosen))


def _all_known(texts: Sequence[str], chosen: Container[int]) -> bool:
    """Whether each head is a chosen column, or one of units or numbers (annex-one-column)."""
    beside = UNIT_HEADS | BESIDE_HEADS
    return all(index in chosen or label_key(text) in beside for index, text in enumerate(texts))


def _in_form_order(texts: Sequence[str], columns: Sequence[FormColumn]) -> bool:
    """Whether the labels of the columns, or their parts before a line break, are in the order of the form."""
    labels = [label_key(column.label) for column in columns]
    keys = [key for text in texts if len(key := label_key(text)) > 1]
    told = [place for key in keys for place, label in enumerate(labels) if label.startswith(key)]
    return told == sorted(told)


# -------------------------------------------------------------------------------------------------------- values


class TextCell(NamedTuple):
    """A cell of running text: its text without white space, and its bytes. A blank cell has no bytes."""

    raw: str
    start: int
    end: int

    @property
    def locator(self) -> Locator:
        """The bytes of the cell."""
        return Locator(self.start, self.end)


def _keep(walk: _Walk, ref: RowRef, columns: tuple[str, ...], tokens: Sequence[Token], start: int, end: int) -> None:
    run = _run(tokens, start, end)
    if run:
        pieces, unit = _row(run, len(columns), tokens[start - 1].end)
    elif end < len(tokens) and tokens[end].borders > len(columns):  # habits-remarks-behind-blanks
        pieces, unit = [TextCell("", tokens[start - 1].end, tokens[start - 1].end)] * len(columns), None
    else:
        return
    if unit:
        walk.sight.units[ref.table, ref.key] = unit
    row = cells_of_row(ref.table, ref.key, columns)
    if pieces is None and len(run) > 1 and _are_elements(run):
        walk.close.append((row, [_new(TextCell, (token.text, token.start, token.end)) for token in run]))
        walk.torn = walk.torn or len(run) != len(columns)
        return
    if pieces:
        walk.sight.add_row(row, pieces)
        # extra-empty_column-2019, extra-hidden_cell-2019
        if run and (run[0].borders > 1 or _touches_numbering(run, tokens[start : start + len(run) + 1])):
            walk.sight.shaky.update(row)
        return
    digits = "".join(token.text for token in run if token.text not in PRINTED_UNITS)
    if digits.isascii() and digits.isdigit():
        walk.sight.glued[ref.table, ref.key] = (digits, columns)
    for place in row:
        walk.sight.doubt(place, f"{len(columns)} cells should stand behind the label, the text does not show them")


def _are_elements(run: Sequence[Token]) -> bool:
    """Whether the tokens are figures with nothing but tags between them (span-grid)."""
    return all(is_figure(token.text) for token in run) and all(
        token.gap == "" and token.start > before.end for before, token in pairwise(run)
    )


def _judge_close(walk: _Walk) -> None:
    """Takes figures that only tags set apart as cells, or leaves all open.

    A tag may stand within a figure too. So every such row must have exactly its cells, and some figure two digits.
    """
    whole = any(len(piece.raw) > 1 for _, pieces in walk.close for piece in pieces)
    certain = whole and not walk.torn and len(walk.close) >= FEWEST_CLOSE
    for row, pieces in walk.close:
        if certain:
            walk.sight.add_row(row, pieces)
            walk.sight.shaky.update(row)
        else:
            for place in row:
                walk.sight.doubt(place, "only tags set the figures apart, and they may stand within a figure")


def _touches_numbering(run: Sequence[Token], tokens: Sequence[Token]) -> bool:
    """Whether the last figure of a row touches the numbering of the next label (fixture glued-rows)."""
    return len(tokens) > len(run) and tokens[len(run)].gap == "" and tokens[len(run)].text[0].isdigit()


def _row(run: Sequence[Token], width: int, at: int) -> tuple[Sequence[TextCell] | None, str | None]:
    """(cells, unit) of a row of `width` cells; no cells if the run does not hold exactly so many."""
    gaps = {token.gap for token in run[1:]} or {run[0].gap}
    for parting in _BORDERS:
        if not gaps.isdisjoint(parting):
            pieces, unit = _without_unit(_pieces(run, parting, at))
            found = window(pieces, width)
            if found or "cell" in gaps:  # test_a_row_of_text_has_exactly_the_cells_its_heads_promise
                return found, unit
    return None, None


def _run(tokens: Sequence[Token], start: int, end: int) -> Sequence[Token]:
    """The tokens behind a label up to running text, which may be its values."""
    for index in range(start, end):
        loose = tokens[index].gap in _LOOSE and _begins_prose(tokens[index])  # habits-boxes, habits-markdown
        if loose or _NUMBERED.match(tokens[index].text):
            return tokens[start:index]
    return tokens[start:end]


def _begins_prose(token: Token) -> bool:
    """Whether a separate token begins prose or a label that no form knows.

    `034` behind `1` is no value and no prose: it makes the row a doubt.
    """
    return (token.gap == "line" or not token.text[0].isdigit()) and not _is_value(token.text)


@lru_cache(maxsize=1 << 12)
def _is_value(text: str) -> bool:
    read = read_cell(text)
    return read.status in (Status.NUMBER, Status.SLASH) or (read.nil and len(text) < 5) or text in PRINTED_UNITS


def _pieces(run: Sequence[Token], parting: frozenset[Separator], at: int) -> list[TextCell]:
    """The cells of a run up to its last text, with the blank cells that its borders show."""
    pieces: list[TextCell] = []
    for token in run:
        if pieces and (token.gap not in parting or (token.gap != "cell" and token.text in PRINTED_UNITS)):
            pieces[-1] = _new(TextCell, (pieces[-1].raw + token.text, pieces[-1].start, token.end))
        else:
            if token.borders > 1:  # cells-blank-for-zero
                pieces += [TextCell("", at, at)] * (token.borders - 1)
            pieces.append(_new(TextCell, (token.text, token.start, token.end)))
        at = token.end
    return pieces


def _without_unit(pieces: list[TextCell]) -> tuple[list[TextCell], str | None]:
    """The pieces without a leading unit, and that unit."""
    if len(pieces) > 1 and pieces[0].raw in PRINTED_UNITS:  # annex-f2008_narrative-lines
        return pieces[1:], pieces[0].raw
    return pieces, None


def window(pieces: Sequence[TextCell], width: int) -> Sequence[TextCell] | None:
    """Returns the pieces from the first with a text to the last; None unless they are exactly `width`.

    A blank at either end may be a cell of a label or padding, so it is not counted.
    """
    filled = [index for index, piece in enumerate(pieces) if piece.raw]
    if not filled or filled[-1] - filled[0] + 1 != width:
        return None
    return pieces[filled[0] : filled[-1] + 1]
