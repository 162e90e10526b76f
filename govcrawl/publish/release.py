"""A release: tables, database, notes and checksums in one folder, complete or not made at all.

    govcrawl.db         a compact copy of the database at one moment
    csv/, parquet/      every promised table
    datapackage.json    the description of each file and column, with types, units and digests
    delta.csv           every fact that differs from the last release
    NOTES.md            contents counted by state, changes, and limits
    SHA256SUMS          for `sha256sum --check`

Invented figures are never released: an archive of origin `replica` is refused.
"""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from govcrawl import __version__, warc
from govcrawl.archive.layout import DATABASE, database_of
from govcrawl.clock import today
from govcrawl.db.connection import copy_whole, read_database
from govcrawl.db.queries.crawl_summary import tallies
from govcrawl.db.schema import origin_of
from govcrawl.durable_files import make_folder, not_written, sync
from govcrawl.errors import ArchiveError, UsageError
from govcrawl.publish.comparison import Difference, fact_differences
from govcrawl.publish.export import package_text, size_and_hash, write_tables
from govcrawl.publish.spreadsheets import neutral
from govcrawl.vocabulary import Origin

PACKAGE, DELTA, NOTES, SUMS = "datapackage.json", "delta.csv", "NOTES.md", "SHA256SUMS"
TABLE_FORMATS = ("csv", "parquet")

RELEASE_LIMITS = (
    "Figures are what the publishers printed, held against the form's own arithmetic (`checks`) and never corrected.",
    "A blank cell, a slash, a word and 0 are told apart in `status`; only `number` has a value.",
    "Reports that are images or only attachments are counted in `coverage`, their figures are not read.",
    "A gap in the index numbers (`serial_gaps`) is a lead, never proof that something was withdrawn.",
    "What portals did not answer, or forbid to be asked for, is not here; `attempts` and `coverage` say why.",
)
"""The limits of a release, for its notes."""

_DELTA_COLUMNS = ("document_id", "url", "since", "cell", "old_value", "old_status", "new_value", "new_status")


@dataclass(frozen=True, slots=True)
class Delta:
    """The difference from the previous release: how many facts, of how many documents; `since` is its folder."""

    since: Path | None
    counts: Mapping[str, int]
    documents: int


def make_release(archive: Path, folder: Path, since: Path | None = None) -> tuple[Path, ...]:
    """Writes a release of an archive into a new folder; returns its files.

    `since` is the previous release; by default the latest one beside the folder, if there is any.

    Raises:
        ArchiveError: The archive is of origin `replica`, or has no database; the previous release has none.
        UsageError: The folder is in use or cannot be written, `since` is no release, or pyarrow is missing.
        ArchiveWriteError: The disk refuses.
    """
    _refuse_invented(archive)
    before = _release_at(since) if since else latest_release(folder.parent, folder)
    part = folder.with_name(f".{folder.name}.part")
    _make_new(folder, part)
    try:
        _fill(part, archive, before)
        for path in _files(part):
            sync(path)
        part.replace(folder)
        sync(folder.parent)
    except OSError as error:
        raise not_written(folder, error) from error
    finally:
        if part.exists():
            _remove(part)  # what a full disk cut short would keep the room that it needs
    return tuple(_files(folder))


def latest_release(parent: Path, but: Path | None = None) -> Path | None:
    """Returns the latest release in a folder, leaving out `but`; None if there is none."""
    found = [(made, path.name, path) for path in parent.glob("*/") if path != but and (made := _made_on(path))]
    return max(found)[2] if found else None


def _refuse_invented(archive: Path) -> None:
    with read_database(database_of(archive)) as connection:
        origins = {origin_of(connection), warc.read_origin(archive)}
    if Origin.REPLICA in origins:
        raise ArchiveError(f"{archive}: its origin is replica, its figures are invented; release an archive of portals")


def _release_at(folder: Path) -> Path:
    if not _made_on(folder):
        raise UsageError(f"{folder}: this is no release; name a folder that `govcrawl release` made")
    return folder


def _made_on(folder: Path) -> str | None:
    """The day of a release, None for any other folder."""
    try:
        package = json.loads((folder / PACKAGE).read_text(encoding="utf-8"))
        return str(package["created"]) if (folder / DATABASE).is_file() and (folder / SUMS).is_file() else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _make_new(folder: Path, part: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder}: there is something in it; name a new folder for the release")
    if part.exists():
        _remove(part)  # left by a release that was killed
    for style in TABLE_FORMATS:
        make_folder(part / style)


def _remove(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir():
            _remove(path)
        else:
            path.unlink()
    folder.rmdir()


def _fill(folder: Path, archive: Path, before: Path | None) -> None:
    """Writes all files. The tables are read from the copy, so a crawl may continue meanwhile."""
    database = folder / DATABASE
    with read_database(database_of(archive)) as connection:
        copy_whole(connection, database)
    with read_database(database) as connection:
        resources = [
            resource | {"name": f"{resource['name']}.{style}", "path": f"{style}/{path.name}"}
            for style in TABLE_FORMATS
            for path, resource in write_tables(connection, folder / style, style)
        ]
        counted = tallies(connection)
    delta = _write_delta(folder, before)
    (folder / NOTES).write_text(notes(counted, delta), encoding="utf-8")
    resources += [
        _plain(folder / DATABASE, "The same, as an SQLite database."),
        _plain(folder / DELTA, "What changed."),
    ]
    package = package_text(resources, profile="data-package", created=f"{today().isoformat()}T00:00:00Z")
    (folder / PACKAGE).write_text(package, encoding="utf-8")
    (folder / SUMS).write_text("".join(_sums(folder)), encoding="utf-8")


def _plain(path: Path, about: str) -> dict[str, Any]:
    return {"name": path.name, "path": path.name, "description": about, **size_and_hash(path)}


def _sums(folder: Path) -> Iterator[str]:
    for path in _files(folder):
        _, _, digest = size_and_hash(path)["hash"].partition(":")
        yield f"{digest}  {path.relative_to(folder).as_posix()}\n"


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


# ------------------------------------------------------------------------------------------------ delta and notes


def _write_delta(folder: Path, before: Path | None) -> Delta:
    """Writes the facts that differ from the previous release; only the header if there is none."""
    counts: Counter[str] = Counter()
    documents = set()
    with (folder / DELTA).open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(_DELTA_COLUMNS)
        for one in fact_differences(before / DATABASE, folder / DATABASE) if before else ():
            lines.writerow(neutral(value) for value in _row(one))
            counts["new" if one.old is None else "gone" if one.new is None else "changed"] += 1
            documents.add(one.document_id)
    return Delta(before, counts, len(documents))


def _row(one: Difference) -> Iterable[str | int | float | None]:
    old_value, old_status, _ = one.old or (None, None, None)
    new_value, new_status, _ = one.new or (None, None, None)
    return one.document_id, one.url, one.since, one.cell, old_value, old_status, new_value, new_status


def notes(counted: Mapping[str, Mapping[str, int]], delta: Delta) -> str:
    """Returns the notes of a release: contents, changes, limits."""
    lines = [
        f"# govcrawl release of {today().isoformat()}",
        "",
        f"Made by govcrawl {__version__}. `{PACKAGE}` says what each file and column is.",
        "",
        "## What has changed",
        "",
        _changes(delta),
    ]
    for title, counts in counted.items():
        rows = (f"| {word} | {count} |" for word, count in counts.items())
        lines += ["", f"## {title}", "", "| | count |", "|---|---:|", *rows]
    lines += ["", "## Known limits", "", *(f"- {limit}" for limit in RELEASE_LIMITS)]
    return "\n".join(lines) + "\n"


def _changes(delta: Delta) -> str:
    if delta.since is None:
        return "This is the first release: there is none to compare it with."
    counts = ", ".join(f"{delta.counts.get(kind, 0)} facts {kind}" for kind in ("new", "gone", "changed"))
    return f"Since the release `{delta.since.resolve().name}`: {counts}, in {delta.documents} documents (`{DELTA}`)."
