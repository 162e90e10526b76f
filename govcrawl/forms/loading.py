"""Reads the forms from their TOML files. An inconsistency is a FormError that names the file and the key.

A file may share parts of another. `sections_of` names the form with the same headings. A table with `same_as` copies
that form's table, without the rows under `without`, and with values on the rows under `with_data`.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import fields
from importlib.resources import files
from typing import Any, TypeVar

from govcrawl.errors import FormError
from govcrawl.forms.form import (
    FEWEST_ROWS,
    Form,
    FormColumn,
    FormIdentity,
    FormRow,
    Forms,
    FormSection,
    FormTable,
    FormTerm,
    Subsection,
    TableBlock,
)
from govcrawl.vocabulary import SectionKey

TomlEntry = Mapping[str, Any]
_T = TypeVar("_T", FormColumn, FormRow, FormSection, Subsection, FormIdentity)

_KINDS = frozenset({"balance", "row_sum", "column_sum", "inequality_le", "cross_year"})
_TYPES = frozenset({"int", "signed_int", "decimal", "money"})


def read_forms() -> Forms:
    """Returns all forms of the package, checked.

    Raises:
        FormError: a TOML file is inconsistent.
    """
    folder = files("govcrawl.forms")
    texts = {file.name: file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".toml")}
    return parse_forms(texts)


def parse_forms(texts: Mapping[str, str]) -> Forms:
    """Returns the forms of `{file name: TOML text}`.

    Raises:
        FormError: an entry is inconsistent; the message names the file and the key.
    """
    entries = {name: _toml(name, text) for name, text in sorted(texts.items())}
    by_key = {str(entry.get("key")): entry for entry in entries.values()}
    forms = Forms(tuple(_form(name, entry, by_key) for name, entry in entries.items()))
    _check_numbers(forms)
    return forms


def _toml(name: str, text: str) -> TomlEntry:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FormError(f"{name}: not valid TOML: {error}; mend the file") from error


def _form(name: str, entry: TomlEntry, others: Mapping[str, TomlEntry]) -> Form:
    try:
        form = _build(entry, others)
    except KeyError as error:
        raise FormError(f"{name}: {error.args[0]!r} is missing or names nothing; add it or mend the name") from error
    except (TypeError, ValueError) as error:
        raise FormError(f"{name}: {error}; mend the entry") from error
    for check in (_check_keys, _check_counts, _check_identities):
        check(name, form, entry)
    return form


def _build(entry: TomlEntry, others: Mapping[str, TomlEntry]) -> Form:
    sections = others[entry["sections_of"]] if "sections_of" in entry else entry
    marks = entry.get("fingerprint", {})
    return Form(
        key=entry["key"],
        name=entry["name"],
        instrument=entry["instrument"],
        first_year=entry["first_year"],
        last_year=entry.get("last_year"),
        number_base=entry["number_base"],
        sections=tuple(_section(each) for each in sections.get("sections", ())),
        tables=tuple(_table(each, others) for each in entry["tables"]),
        identities=tuple(_identity(each) for each in entry["identities"]),
        must=tuple(marks.get("must", ())),
        any_of=tuple(marks.get("any", ())),
        must_not=tuple(marks.get("must_not", ())),
        narrative=entry.get("narrative", False),
    )


def _fill(kind: type[_T], entry: TomlEntry, **given: Any) -> _T:
    """Builds a `kind` from the keys of `entry`, with lists as tuples. An unknown key is an error."""
    names = {field.name for field in fields(kind)}
    unknown = set(entry) - names
    if unknown:
        raise ValueError(f"{entry.get('key')!r} has unknown keys {sorted(unknown)}")
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    return kind(**{**values, **given})


def _fill_all(kind: type[_T], entries: Iterable[TomlEntry]) -> tuple[_T, ...]:
    return tuple(_fill(kind, entry) for entry in entries)


def _section(entry: TomlEntry) -> FormSection:
    subsections = _fill_all(Subsection, entry.get("subsections", ()))
    return _fill(FormSection, entry, key=SectionKey(entry["key"]), subsections=subsections)


def _table(entry: TomlEntry, others: Mapping[str, TomlEntry]) -> FormTable:
    if "same_as" in entry:
        return _derived(entry, others)
    parts = entry.get("blocks", [entry])
    return FormTable(
        key=entry["key"],
        title=entry["title"],
        orientation=entry["orientation"],
        blocks=tuple(_block(part, anchored="blocks" in entry) for part in parts),
        title_variants=tuple(entry.get("title_variants", ())),
        ignored=tuple(entry.get("ignored", ())),
        fewest_rows=entry.get("fewest_rows", 1 if entry["orientation"] == "columns" else FEWEST_ROWS),
    )


def _derived(entry: TomlEntry, others: Mapping[str, TomlEntry]) -> FormTable:
    model = next(each for each in others[entry["same_as"]]["tables"] if each["key"] == entry["key"])
    without, with_data = set(entry.get("without", ())), set(entry.get("with_data", ()))
    rows = [
        {**row, "data": True} if row["key"] in with_data else row for row in model["rows"] if row["key"] not in without
    ]
    return _table({**model, "rows": rows}, others)


def _block(entry: TomlEntry, *, anchored: bool) -> TableBlock:
    return TableBlock(
        key=entry["key"] if anchored else None,
        columns=_fill_all(FormColumn, entry["columns"]),
        rows=_fill_all(FormRow, entry["rows"]),
        anchor=entry.get("anchor"),
        extra_rows=_fill_all(FormRow, entry.get("extra_rows", ())),
    )


def _identity(entry: TomlEntry) -> FormIdentity:
    if entry["kind"] not in _KINDS:
        raise ValueError(f"identity {entry['key']!r} is of unknown kind {entry['kind']!r}")
    left, right = (tuple(map(_term, entry[side])) for side in ("left", "right"))
    return _fill(FormIdentity, entry, left=left, right=right)


def _term(text: str) -> FormTerm:
    """Parses an operand: sign, cell and year of `new_received`, `-repealed@year=N` …."""
    ref, _, year = text.partition("@year=")
    return FormTerm(ref.lstrip("-"), -1 if ref.startswith("-") else 1, year or None)


def _twice(keys: Iterable[object]) -> list[object]:
    seen = list(keys)
    return sorted({key for key in seen if seen.count(key) > 1}, key=str)


def _check_keys(name: str, form: Form, _entry: TomlEntry) -> None:
    groups: dict[str, list[object]] = {
        "tables": list(form.table_keys),
        "identities": [identity.key for identity in form.identities],
        "cells": [(item.table, item.row, item.column) for item in form.items],
    }
    for group, keys in groups.items():
        if _twice(keys):
            raise FormError(f"{name}: {group} {_twice(keys)} stand twice; give each its own key")
    for table in form.tables:
        measured: tuple[FormRow | FormColumn, ...] = (*table.columns, *table.rows)
        for each in measured:
            if each.type not in _TYPES:
                raise FormError(f"{name}: {table.key}.{each.key} has unknown type {each.type!r}; use {sorted(_TYPES)}")


def _check_counts(name: str, form: Form, entry: TomlEntry) -> None:
    for declared in entry["tables"]:
        count = len(form.items_of(declared["key"]))
        if declared.get("numeric_cells", count) != count:
            raise FormError(
                f"{name}: table {declared['key']!r} has {count} cells, numeric_cells says {declared['numeric_cells']};"
                " mend rows, columns or the number"
            )


def _check_identities(name: str, form: Form, _entry: TomlEntry) -> None:
    for identity in form.identities:
        if identity.table not in form.table_keys:
            raise FormError(f"{name}: identity {identity.key!r} names no table of this form: {identity.table!r}")
        table = form.table(identity.table)
        across: tuple[FormRow | FormColumn, ...] = table.rows if identity.for_each == "column" else table.columns
        known = {each.key for each in across}
        for term in (*identity.left, *identity.right):
            if term.ref not in known:
                raise FormError(f"{name}: identity {identity.key!r} refers to {term.ref!r}, which {table.key} lacks")


def _check_numbers(forms: Forms) -> None:
    numbers = [item.number for form in forms.values() for item in form.items]
    if len(set(numbers)) != len(numbers):
        raise FormError("forms/*.toml: two items share a number; set number_base farther apart")
