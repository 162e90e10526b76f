"""The parts of a statutory form as data with stable keys: sections, tables, cells and identities.

This module reads no page. A `FormRow` with `data` false only groups the rows under it. A `FormItem` is one cell of a
form and the key of a fact. Its number is unique over all forms and never changes its meaning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from govcrawl.vocabulary import SectionKey

Orientation = Literal["blocks", "rows", "columns"]
"""The layout of a table: several blocks with their own heads, labelled rows, or one row under labelled columns."""

FEWEST_ROWS = 4
"""Rows that show that a table is on a page, where its file says nothing else."""
PER_ROW = "per row"
"""The unit of a column in which each row has its own unit."""


@dataclass(frozen=True, slots=True)
class FormColumn:
    """A column head. `groups` are the heads above it, outermost first. `unit` is None if the form prints none.

    `optional` marks a column that some publishers leave out.
    """

    key: str
    label: str
    variants: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    unit: str | None = None
    type: str = "int"
    optional: bool = False

    @property
    def labels(self) -> tuple[str, ...]:
        """The label and its variants, as printed."""
        return (self.label, *self.variants)


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row label. `parent` is the key of its group. `seen` is false if no printed form with the label was found."""

    key: str
    label: str
    variants: tuple[str, ...] = ()
    parent: str | None = None
    data: bool = True
    unit: str | None = None
    type: str = "int"
    seen: bool = True

    @property
    def labels(self) -> tuple[str, ...]:
        """The label and its variants, as printed."""
        return (self.label, *self.variants)


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A part of a table with its own head. `anchor` is the line above it.

    A table without blocks has one block with the key None. `extra_rows` are rows that some publishers add: they are
    recognised, but are no facts of the form.
    """

    key: str | None
    columns: tuple[FormColumn, ...]
    rows: tuple[FormRow, ...]
    anchor: str | None = None
    extra_rows: tuple[FormRow, ...] = ()


@dataclass(frozen=True, slots=True)
class FormTable:
    """One statutory table. `ignored` holds texts in it that are neither label nor value (the note in the corner).

    `fewest_rows` is the number of rows that shows that the table is on a page. Fewer are a chance match.
    """

    key: str
    title: str
    orientation: Orientation
    blocks: tuple[TableBlock, ...]
    title_variants: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    fewest_rows: int = FEWEST_ROWS

    @property
    def columns(self) -> tuple[FormColumn, ...]:
        """The columns of all blocks in form order."""
        return tuple(column for block in self.blocks for column in block.columns)

    @property
    def rows(self) -> tuple[FormRow, ...]:
        """The rows of all blocks in form order, group rows included."""
        return tuple(row for block in self.blocks for row in block.rows)

    @property
    def words(self) -> Iterator[str]:
        """Yields every text that the form prints in the table or above it, with all variants."""
        yield from (self.title, *self.title_variants, *self.ignored)
        for block in self.blocks:
            yield from filter(None, (block.anchor,))
            for row in (*block.rows, *block.extra_rows):
                yield from row.labels
            for column in block.columns:
                yield from (*column.labels, *column.groups)

    def cells(self) -> Iterator[tuple[TableBlock, FormRow, FormColumn]]:
        """Yields the value cells in the order of block, row, column."""
        for block in self.blocks:
            for row in block.rows:
                if row.data:
                    yield from ((block, row, column) for column in block.columns)


@dataclass(frozen=True, slots=True)
class FormTerm:
    """One operand of an identity: `sign` times the cell at `ref`. `year` names another year's report (`N-1`)."""

    ref: str
    sign: int = 1
    year: str | None = None


@dataclass(frozen=True, slots=True)
class FormIdentity:
    """An arithmetic relation (勾稽关系). `for_each` is `column`, `row` or `row_of_block:<block>[|<block>…]`.

    `kind` is `balance`, `row_sum`, `column_sum`, `inequality_le` or `cross_year`; `printed` is true if the form states
    the relation, `soft` if a correct report may break it.
    """

    key: str
    table: str
    kind: str
    for_each: str
    left: tuple[FormTerm, ...]
    right: tuple[FormTerm, ...]
    printed: bool = False
    soft: bool = False
    note: str = ""

    @property
    def one_year(self) -> bool:
        """Whether all operands are in one report."""
        return all(term.year in (None, "N") for term in (*self.left, *self.right))


@dataclass(frozen=True, slots=True)
class Subsection:
    """A heading inside a section."""

    key: str
    label: str
    variants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormSection:
    """A statutory heading. `key` is the key of sections under it, `code` its name in this form."""

    key: SectionKey
    code: str
    label: str
    variants: tuple[str, ...] = ()
    subsections: tuple[Subsection, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """The label and its variants, as printed."""
        return (self.label, *self.variants)


@dataclass(frozen=True, slots=True)
class FormItem:
    """One cell of a form. `label_zh` joins the labels from the outermost row group to the column by ` / `."""

    number: int
    form: str
    table: str
    row: str
    column: str
    label_zh: str
    unit: str | None
    type: str

    at: tuple[str, str, str] = field(init=False, repr=False, compare=False)
    """`(table, row, column)`, built once because every reader looks cells up by it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", (self.table, self.row, self.column))

    @property
    def place(self) -> str:
        """`table.row.column`, the name of the item in issues and claims."""
        return ".".join(self.at)


@dataclass(frozen=True)
class Form:
    """One statutory template. `must`, `any_of` and `must_not` are the labels that recognise a page of this form.

    `narrative` marks the form of reports without any prescribed table.
    """

    key: str
    name: str
    instrument: str
    first_year: int
    last_year: int | None
    number_base: int
    sections: tuple[FormSection, ...]
    tables: tuple[FormTable, ...]
    identities: tuple[FormIdentity, ...]
    must: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    narrative: bool = False

    @cached_property
    def items(self) -> tuple[FormItem, ...]:
        """Every value cell in form order, numbered from `number_base` + 1."""
        cells = ((table, block, row, column) for table in self.tables for block, row, column in table.cells())
        return tuple(
            FormItem(
                number, self.key, table.key, row.key, column.key, _label(block, row, column), *_measure(row, column)
            )
            for number, (table, block, row, column) in enumerate(cells, self.number_base + 1)
        )

    def table(self, key: str) -> FormTable:
        """Returns the table of a key.

        Raises:
            KeyError: the form has no such table.
        """
        return self._tables[key]

    @property
    def table_keys(self) -> tuple[str, ...]:
        """The keys of the tables in form order."""
        return tuple(table.key for table in self.tables)

    @cached_property
    def _tables(self) -> Mapping[str, FormTable]:
        return {table.key: table for table in self.tables}

    def items_of(self, table: str) -> tuple[FormItem, ...]:
        """The items of one table in form order."""
        return self._items_by_table.get(table, ())

    @cached_property
    def _items_by_table(self) -> Mapping[str, tuple[FormItem, ...]]:
        return {key: tuple(item for item in self.items if item.table == key) for key in self.table_keys}

    def identities_of(self, table: str) -> tuple[FormIdentity, ...]:
        """The identities of one table in form order."""
        return tuple(identity for identity in self.identities if identity.table == table)


def _label(block: TableBlock, row: FormRow, column: FormColumn) -> str:
    rows = {each.key: each for each in block.rows}
    lineage = [row]
    while lineage[0].parent:
        lineage.insert(0, rows[lineage[0].parent])
    # The only row of a `columns` table has no printed label.
    names = [each.label for each in lineage if not each.label.startswith("(无")]
    return " / ".join((*names, *column.groups, column.label))


def _measure(row: FormRow, column: FormColumn) -> tuple[str | None, str]:
    if column.unit == PER_ROW:
        return row.unit, row.type
    return column.unit, column.type


class Forms(Mapping[str, Form]):
    """All forms by key, in the order of their numbers."""

    def __init__(self, forms: tuple[Form, ...]) -> None:
        self._forms = {form.key: form for form in sorted(forms, key=lambda form: form.number_base)}

    def __getitem__(self, key: str) -> Form:
        return self._forms[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._forms)

    def __len__(self) -> int:
        return len(self._forms)

    @cached_property
    def by_number(self) -> Mapping[int, FormItem]:
        """Every item of every form by its number."""
        return {item.number: item for form in self.values() for item in form.items}
