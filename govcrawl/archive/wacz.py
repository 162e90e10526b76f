"""WACZ 1.1.1: the captures behind a portal's reports on one year, as one file for replay tools.

The file holds the records as the archive has them, byte for byte, an index to them, and the list of pages. The same
captures give the same bytes, whenever and wherever they are exported.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from govcrawl import __version__, portals, warc
from govcrawl.archive import cdxj
from govcrawl.archive.layout import database_of
from govcrawl.db.connection import read_database
from govcrawl.db.queries.evidence import Behind, captures_behind
from govcrawl.durable_files import put_whole
from govcrawl.errors import UsageError
from govcrawl.models import Portal
from govcrawl.warc import Extract

VERSION = "1.1.1"
INDEX = "index.cdx.gz"

_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_PACKED = (".gz",)


def export_wacz(archive: Path, portal_id: str, year: int, path: Path) -> Path:
    """Writes the captures of all documents that carry a portal's reports on a year; returns the file's path.

    Raises:
        UsageError: There is no such portal, it has no report on that year, or no file can be written at that place.
        ArchiveWriteError: The disk refuses.
        RecordError: One of the records cannot be read back.
    """
    portal = portals.load_registry().portal(portal_id)
    with read_database(database_of(archive)) as connection:
        captures = captures_behind(connection, portal.id, year)
    if not captures:
        raise UsageError(f"{archive}: it has no report of portal {portal.id} ({portal.name}) on {year}; crawl it first")
    extracts = list(warc.extract(archive, ((one.warc_file, one.warc_offset) for one in captures)))
    files = contents(portal, year, captures, extracts)
    put_whole(path, lambda part: _zip(part, files))
    return path


def contents(portal: Portal, year: int, captures: Sequence[Behind], extracts: Iterable[Extract]) -> Mapping[str, bytes]:
    """Returns path → bytes of the file's members, in the order of writing."""
    files: dict[str, bytes] = {}
    lines = []
    for part in extracts:
        name = part.warc_file.rpartition("/")[2]
        files[f"archive/{name}"] = part.data
        lines += [cdxj.cdxj_line(answer, name) for answer in part.answers]
    files[f"indexes/{INDEX}"], files["indexes/index.idx"] = cdxj.packed(lines, INDEX)
    files["pages/pages.jsonl"] = "".join(_pages(captures)).encode()
    latest = max(one.fetched_at for one in captures)
    files["datapackage.json"] = _json(_package(f"{portal.name} {year}", latest, files))
    files["datapackage-digest.json"] = _json({"path": "datapackage.json", "hash": _hash(files["datapackage.json"])})
    return files


def _pages(captures: Iterable[Behind]) -> Iterator[str]:
    """A header line, then each document at its first complete capture."""
    yield json.dumps({"format": "json-pages-1.0", "id": "pages", "title": "Reports"}) + "\n"
    shown = set()
    for one in captures:
        if one.http_status == 200 and one.document_id not in shown:
            shown.add(one.document_id)
            page = {"id": one.document_id, "url": one.url, "ts": one.fetched_at, "title": one.title or one.url}
            yield json.dumps(page, ensure_ascii=False) + "\n"


def _package(title: str, latest: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    """The description of the files. `created` is the time of the latest capture, so that no clock is read."""
    resources = [
        {"name": path.rpartition("/")[2].lower(), "path": path, "hash": _hash(data), "bytes": len(data)}
        for path, data in files.items()
    ]
    return {
        "profile": "data-package",
        "wacz_version": VERSION,
        "title": title,
        "description": "Annual reports on open government information, with the records as they were captured.",
        "created": latest,
        "software": f"govcrawl/{__version__}",
        "resources": resources,
    }


def _zip(path: Path, files: Mapping[str, bytes]) -> None:
    """Writes the files as one zip. Compressed ones are stored as they are, so that a reader can seek in them."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(_PACKED) else zipfile.ZIP_DEFLATED
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # the same on every system
            archive.writestr(entry, data)


def _hash(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def _json(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
