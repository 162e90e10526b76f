"""The promised tables as files: one per table, typed, with a `datapackage.json` that describes each column.

CSV is UTF-8 with a header. A text that a spreadsheet would run as a formula gets an apostrophe before it; numbers are
unchanged. Parquet needs the extra `parquet`. Every file is written beside its final path and moved there when complete.
"""

import csv
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from govcrawl import __version__, forms
from govcrawl.archive.layout import database_of
from govcrawl.db.connection import Connection, read_database
from govcrawl.db.queries.relations import Relation, relations, rows_of
from govcrawl.db.schema import SchemaColumn
from govcrawl.durable_files import make_folder, put_whole
from govcrawl.errors import UsageError
from govcrawl.models import SqlValue
from govcrawl.publish.spreadsheets import neutral

_BATCH = 20_000
_TYPES: Mapping[str, str] = {
    "text": "string",
    "integer": "integer",
    "real": "number",
    "numeric": "number",
    "blob": "string",
}

RelationRows = Iterable[tuple[SqlValue, ...]]


def export_tables(archive: Path, folder: Path, style: str) -> Iterator[Path]:
    """Writes every promised table into `folder` as `csv` or `parquet`, then `datapackage.json`; yields the paths.

    Raises:
        UsageError: The folder cannot be written, or the extra for Parquet is not installed.
        ArchiveWriteError: The disk refuses; the files before are whole.
    """
    make_folder(folder)
    resources = []
    with read_database(database_of(archive)) as connection:
        for path, resource in write_tables(connection, folder, style):
            resources.append(resource)
            yield path
    package = folder / "datapackage.json"
    put_whole(package, lambda part: part.write_text(package_text(resources), encoding="utf-8"))
    yield package


def write_tables(connection: Connection, folder: Path, style: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Writes every promised table into a folder; yields each path with its description as a data package resource."""
    write = _writer(style)
    for relation in relations(forms.load_forms().by_number.values()):
        path = folder / f"{relation.name}.{style}"
        put_whole(path, partial(write, relation=relation, rows=rows_of(connection, relation)))
        yield path, _resource(relation, path, style)


def _writer(style: str) -> Callable[..., None]:
    return {"csv": write_relation_csv, "parquet": write_parquet}[style]


def write_relation_csv(path: Path, relation: Relation, rows: RelationRows) -> None:
    """Writes one relation as CSV with a header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(column.name for column in relation.columns)
        lines.writerows([neutral(value) for value in row] for row in rows)


def write_parquet(path: Path, relation: Relation, rows: RelationRows) -> None:
    """Writes one relation as Parquet, columns typed as in the schema; raises UsageError without pyarrow."""
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
        from pyarrow import parquet  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise UsageError("--format parquet needs pyarrow: pip install 'govcrawl[parquet]', or use csv") from error
    types = {"text": pa.string(), "integer": pa.int64(), "real": pa.float64(), "numeric": pa.float64()}
    shape = pa.schema([(column.name, types.get(column.kind, pa.binary())) for column in relation.columns])
    with parquet.ParquetWriter(path, shape) as file:
        for batch in _batches(rows):
            columns = [pa.array(list(values), field.type) for values, field in zip(batch, shape, strict=True)]
            file.write_table(pa.Table.from_arrays(columns, schema=shape))


def _batches(rows: RelationRows) -> Iterator[list[tuple[SqlValue, ...]]]:
    source = iter(rows)
    while batch := list(islice(source, _BATCH)):
        yield list(zip(*batch, strict=True))


def _resource(relation: Relation, path: Path, style: str) -> dict[str, Any]:
    return {
        "name": relation.name,
        "path": path.name,
        "format": style,
        "description": relation.about,
        **size_and_hash(path),
        "schema": {
            "fields": [_field(column, relation.key) for column in relation.columns],
            **({"primaryKey": list(relation.key)} if relation.key else {}),
        },
    }


def size_and_hash(path: Path) -> dict[str, Any]:
    """Returns the `bytes` and `hash` of a resource."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "hash": f"sha256:{digest}"}


def _field(column: SchemaColumn, key: tuple[str, ...]) -> dict[str, Any]:
    may_be_empty = column.kind == "text" and not (column.words or column.reference or column.name in key)
    constraints: dict[str, Any] = {} if column.null or may_be_empty else {"required": True}  # CSV has no empty text
    if column.words:
        constraints["enum"] = [str(word) for word in column.words]
    return {
        "name": column.name,
        "type": _TYPES[column.kind],
        "description": column.about,
        **({"unit": column.unit} if column.unit else {}),
        **({"constraints": constraints} if constraints else {}),
    }


def package_text(resources: Iterable[Mapping[str, Any]], **more: str) -> str:
    """Returns the text of a `datapackage.json` over resources; `more` adds or replaces properties of the package."""
    package = {
        "profile": "tabular-data-package",
        "name": "govcrawl",
        "title": "Annual reports on open government information in China",
        "version": __version__,
        **more,
        "resources": list(resources),
    }
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"
