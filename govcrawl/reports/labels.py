"""The possible meanings of a text in or around a statutory table: one lexicon of all forms, used by both readers.

Texts are compared by `label_key`, which ignores width, script, white space, punctuation, numbering and the year. So a
form's TOML lists only differences in words. A `Meaning` lists what a text *may* be. The readers decide by its position.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from govcrawl import forms, zh
from govcrawl.forms import Form, FormColumn, FormRow, TableBlock

LONGEST_LABEL = 120
"""Characters; a longer text is prose and is not looked up, unless it is a short label with an explanation."""
LONGEST_EXPLAINED = 600
"""Characters of a label with its explanation, which may quote a paragraph of a regulation."""

_NUMBERING = re.compile(
    r"(?:[一二三四五六七八九十]{1,3}[、.,:]|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[.、,):](?!\d)|\d(?=[^\d\W])(?!\d*年))+"
)
_OF_WHICH = re.compile(r"^其中[:,]?")
_YEAR = re.compile(r"20\d\d年度?")
_MARKS = re.compile(r"[\W_]+")
_EXPLAINED = re.compile(
    r"^(?P<label>[^(\[【〔:,;。-]{2,40}|\([一二三四五六七八九十]{1,3}\)[^(\[【〔:,;。-]{2,40})"
    r"(?:[(\[【〔].*[)\]】〕]|[(\[【〔:,;。-]{1,3}(?:指|含|包括|包含|即|是指|不含|不包括|其中包括|主要包括|主要指).*)[。;]?$"
)
_REGIONAL = {"资讯": "信息", "讯息": "信息", "档案": "文件"}
"""Words of Taiwan and Hong Kong that stand in labels of converted pages, and those of the forms."""
_REGIONAL_WORD = re.compile("|".join(_REGIONAL))
_ANCHOR = re.compile(r"^第二十条第?\(?([一二三四五六七八九十])\)?项")
_SHORTEST_PREFIX = 6


@lru_cache(maxsize=1 << 13)
def label_key(text: str) -> str:
    """Returns the key of a label: folded, without numbering, 其中, punctuation; years as 本年; `""` for a number."""
    return _key(zh.fold(text))


def _key(folded: str) -> str:
    return _MARKS.sub("", _YEAR.sub(_this_year, without_numbering(_REGIONAL_WORD.sub(_of_the_forms, folded))))


def _of_the_forms(match: re.Match[str]) -> str:
    return _REGIONAL[match[0]]


def without_numbering(folded: str) -> str:
    """Returns a folded text without the numbering and the 其中 before it."""
    bare = _OF_WHICH.sub("", _NUMBERING.sub("", folded, count=1) if _NUMBERING.match(folded) else folded)
    return _NUMBERING.sub("", bare, count=1) if _NUMBERING.match(bare) else bare


def _this_year(match: re.Match[str]) -> str:
    return "本年度" if match[0].endswith("度") else "本年"


@dataclass(frozen=True, slots=True)
class RowRef:
    """A row of a table in any of the forms. `order` is its position in form order.

    `groups_only` is true if no form has values on the row, `known_extra` if the row is no part of a form.
    """

    table: str
    block: str | None
    key: str
    parent: str | None
    order: int
    groups_only: bool = False
    known_extra: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """The possible meanings of a text: rows, a column head, a group head, or a known text without data (`silent`).

    `anchor` is the item of Article 20 that it names (一, 五 …). `title` marks the heading of a section or a table.
    `weak` marks words that are a row or a column label only in the right surroundings (其他, 总计). `glued` marks a
    label with further text behind it, or the beginning of a label.
    """

    key: str
    rows: tuple[RowRef, ...] = ()
    head: bool = False
    group: bool = False
    silent: bool = False
    title: bool = False
    anchor: str | None = None
    weak: bool = False
    glued: bool = False

    known: bool = field(init=False, compare=False)
    """Whether any form knows the text."""

    def __post_init__(self) -> None:
        known = bool(self.rows or self.head or self.group or self.silent or self.title or self.anchor)
        object.__setattr__(self, "known", known)

    @property
    def known_whole(self) -> bool:
        """Whether the text is a whole label of a form, and not only the beginning of one."""
        return self.known and not self.glued


NOTHING = Meaning("")


@dataclass(frozen=True)
class Lexicon:
    """All labels of all forms by key."""

    rows: dict[str, list[RowRef]] = field(default_factory=lambda: defaultdict(list))
    heads: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    silent: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)
    anchors: set[str] = field(default_factory=set)

    def meaning(self, folded: str) -> Meaning:
        """Returns the possible meanings of a folded text."""
        anchor = _ANCHOR.match(folded)
        if anchor:
            return Meaning(_key(folded), anchor=anchor[1])
        key = _key(folded)
        found = self._at(key)
        if found or not key:
            return found or NOTHING
        return self.explained(folded) or self._glued(key) or Meaning(key)

    def explained(self, folded: str) -> Meaning | None:
        """The meaning of a label with an explanation behind it, which may name other rows (fixture explained-*)."""
        found = _EXPLAINED.match(folded)
        return self._at(_key(found["label"])) if found else None

    def _at(self, key: str) -> Meaning | None:
        rows, head = tuple(self.rows.get(key, ())), key in self.heads
        groups, silent, titles = (key in words for words in (self.groups, self.silent, self.titles))
        found = Meaning(key, rows, head, groups, silent, titles, weak=bool(rows) and head)
        return found if found.known else None

    def _glued(self, key: str) -> Meaning | None:
        """A row whose label begins the text, or begins with the text. None unless exactly one label fits."""
        if len(key) < _SHORTEST_PREFIX:
            return None
        longer = [each for each in self.rows if len(each) >= _SHORTEST_PREFIX and key.startswith(each)]
        fits = [max(longer, key=len)] if longer else [each for each in self.rows if each.startswith(key)]
        refs = {ref for each in fits for ref in self.rows[each]}
        return Meaning(key, tuple(refs), glued=True) if len(refs) == 1 else None

    def prefixes(self) -> frozenset[str]:
        """Returns every prefix of every key, for readers that join labels from pieces."""
        keys = (*self.rows, *self.heads, *self.groups, *self.silent, *self.titles, *self.anchors)
        return frozenset(key[:end] for key in keys for end in range(1, len(key) + 1))


@cache
def lexicon() -> Lexicon:
    """Returns the lexicon of the forms of the package."""
    book = Lexicon()
    for form in forms.load_forms().values():
        for section in form.sections:
            book.titles.update(map(label_key, section.labels))
        for table in form.tables:
            book.titles.update(map(label_key, (table.title, *table.title_variants)))
            book.silent.update(map(label_key, table.ignored))
            book.anchors.update(label_key(block.anchor) for block in table.blocks if block.anchor)
            _add_columns(book, table.columns)
    for ref, labels in _row_labels():
        for key in dict.fromkeys(map(label_key, labels)):
            if ref not in book.rows[key]:
                book.rows[key].append(ref)
    return book


def _add_columns(book: Lexicon, columns: Iterable[FormColumn]) -> None:
    for column in columns:
        book.heads.update(map(label_key, column.labels))
        book.groups.update(map(label_key, column.groups))


def _row_labels() -> Iterator[tuple[RowRef, tuple[str, ...]]]:
    """Each row of each table once, with its labels in every form."""
    places: dict[tuple[str, str], tuple[TableBlock, FormRow]] = {}
    labels: dict[tuple[str, str], list[str]] = defaultdict(list)
    with_values: set[tuple[str, str]] = set()
    for form in forms.load_forms().values():
        for table, block, row in _rows_of(form):
            places.setdefault((table, row.key), (block, row))
            labels[table, row.key].extend(row.labels)
            if row.data:
                with_values.add((table, row.key))
    for order, ((table, key), (block, row)) in enumerate(places.items()):
        extra = row in block.extra_rows
        ref = RowRef(table, block.key, key, row.parent, order, (table, key) not in with_values, extra)
        yield ref, tuple(labels[table, key])


def _rows_of(form: Form) -> Iterator[tuple[str, TableBlock, FormRow]]:
    for table in form.tables:
        if table.orientation != "columns":
            for block in table.blocks:
                yield from ((table.key, block, row) for row in (*block.rows, *block.extra_rows))


@lru_cache(maxsize=1 << 14)
def label_meaning(text: str) -> Meaning:
    """Returns the possible meanings of a text of a page; `NOTHING` for prose, figures and the empty text."""
    if not text or len(text) > LONGEST_EXPLAINED or (text.isascii() and text.isdigit()):
        return NOTHING
    if len(text) > LONGEST_LABEL:
        return lexicon().explained(zh.fold(text)) or NOTHING
    return lexicon().meaning(zh.fold(text))


def is_title(text: str) -> bool:
    """Whether a text is the heading of a section or the title of a table."""
    return label_meaning(text).title


def choose(refs: Sequence[RowRef], last: RowRef | None, groups: Iterable[str] = ()) -> RowRef | None:
    """Chooses the row that a text names from its possible rows; None if the surroundings do not decide.

    `last` is the row read before, `groups` the keys of the group labels beside the text. A label of several groups
    belongs to the group beside it, else to the first row behind `last`.
    """
    if len(refs) == 1:
        return refs[0]
    candidates = list(refs)
    beside = set(groups)
    if beside:
        under = [ref for ref in candidates if ref.parent in beside]
        candidates = under or [ref for ref in candidates if ref.parent is None]
    if len(candidates) <= 1:
        return candidates[0] if candidates else None
    after = [ref for ref in candidates if last and ref.table == last.table and ref.order > last.order]
    return min(after, key=lambda ref: ref.order) if after else None


def is_meant(meant: Meaning, ref: RowRef, last: RowRef | None, groups: Sequence[str] = ()) -> bool:
    """Whether a weak word (其他, 总计) names the row and not a column: only beside or behind rows of its group."""
    if not meant.weak:
        return True
    if groups:
        return groups[-1] == ref.parent
    return last is not None and last.table == ref.table and ref.parent in (last.key, *ancestors(last))


@lru_cache(maxsize=1 << 10)
def ancestors(ref: RowRef) -> tuple[str, ...]:
    """Returns the keys of the groups around a row, innermost first."""
    parents = {(each.table, each.key): each.parent for refs in lexicon().rows.values() for each in refs}
    lineage: list[str] = []
    parent = ref.parent
    while parent:
        lineage.append(parent)
        parent = parents[ref.table, parent]
    return tuple(lineage)
