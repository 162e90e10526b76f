"""Daily manifests: one Merkle root covers every capture of a day.

If the root is published or time-stamped, no capture of the day can be changed, added or dropped unnoticed. A manifest
is computed from the WARC files alone: if it is deleted, `govcrawl manifest` writes the same bytes again.

`archive/manifests/<YYYY-MM-DD>.json` holds `format`, `day`, `origin`, `count`, `root` and `leaves`. A leaf is one line:

    <fetched at> <capture id> <http status> <sha256 of the decoded body> <WARC file>:<offset>:<length> <address>

Days are in UTC. Leaves are sorted by their UTF-8 bytes, hence by time of fetching. The hash of a leaf is that of its
UTF-8; see `govcrawl.archive.merkle`.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from govcrawl import warc
from govcrawl.archive import merkle
from govcrawl.durable_files import make_folder, put_whole
from govcrawl.errors import ArchiveError, UsageError
from govcrawl.models import Capture
from govcrawl.vocabulary import Origin
from govcrawl.warc import Problem, StoredExchange

MANIFEST_FOLDER = "manifests"
FORMAT = "govcrawl-manifest/1"

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """The captures of one day of an archive, as sorted leaves."""

    day: str
    origin: Origin
    leaves: tuple[str, ...]

    @property
    def root(self) -> str:
        """The Merkle root, 64 hex digits."""
        return merkle.root(_bytes_of(self.leaves)).hex()


@dataclass(frozen=True, slots=True)
class Written:
    """The result of `write_manifests`: the files written, and the unreadable records that are in none of them."""

    paths: tuple[Path, ...]
    problems: tuple[Problem, ...]


def write_manifests(archive: Path, day: str | None = None) -> Written:
    """Writes the manifest of a day, or of every day that has a capture.

    Raises:
        ArchiveError: The archive is missing or empty, or an existing manifest names a capture that no longer reads back
            as it was: evidence is never dropped from a manifest silently.
        ArchiveWriteError: The disk refuses; the manifests written before stay.
        UsageError: There is no capture on that day, or the folder cannot be written.
    """
    problems: list[Problem] = []
    days = _of_archive(archive, problems)
    if day is not None and day not in days:
        raise UsageError(f"{archive}: nothing was captured on {day}; there are {', '.join(days) or 'no captures'}")
    wanted = [days[day]] if day else list(days.values())
    paths = tuple(_put(archive, manifest) for manifest in wanted)
    return Written(paths, tuple(problems))


def manifest_differences(archive: Path, day: str | None = None) -> Iterator[str]:
    """Yields every difference between the archive and its manifests, one line each; for one day, or for all manifests.

    Raises:
        ArchiveError: The archive is missing or empty, there is no manifest, or a manifest is invalid.
    """
    stated = _stated(archive, day)
    problems: list[Problem] = []
    found = _of_archive(archive, problems)
    yield from map(str, problems)
    for path, values in stated.items():
        yield from _differences(path, values, found.get(path.stem))
    if day is None:
        written = {path.stem for path in stated}
        yield from (f"{path_of(archive, left)}: there is none; write it" for left in found if left not in written)


def prove(archive: Path, capture: str) -> dict[str, Any]:
    """Returns the proof that a manifest contains a capture: `day`, `root`, `leaf`, `index`, `count`, `path`.

    `path` leads from the leaf to the root. Each step has the other digest (`hash`) and the `side` on which it stands.

    Raises:
        ArchiveError: There is no manifest, or that of the capture is damaged.
        UsageError: No manifest contains the capture.
    """
    path, values, index = _place_of(archive, capture)
    if fault := next(_unsound(path, values), None):
        raise ArchiveError(fault)
    leaves = values["leaves"]
    steps = merkle.proof(_bytes_of(leaves), index)
    return {
        **{name: values[name] for name in ("format", "day", "origin", "root")},
        "leaf": leaves[index],
        "index": index,
        "count": len(leaves),
        "path": [{"side": step.side, "hash": step.digest.hex()} for step in steps],
    }


def _place_of(archive: Path, capture: str) -> tuple[Path, dict[str, Any], int]:
    """The path and the content of the manifest with a capture, and the index of its leaf."""
    for path, values in _stated(archive, None).items():
        for index, leaf in enumerate(values["leaves"]):
            if _capture_of(leaf) == capture:
                return path, values, index
    raise UsageError(
        f"{archive / MANIFEST_FOLDER}: no manifest has capture {capture}; run `govcrawl manifest` or check the id"
    )


def path_of(archive: Path, day: str) -> Path:
    """Where the manifest of a day belongs."""
    return archive / MANIFEST_FOLDER / f"{day}.json"


def leaf_of(capture: Capture) -> str:
    """Returns the leaf line of a capture."""
    place = f"{capture.warc_file}:{capture.warc_offset}:{capture.warc_length}"
    return f"{capture.fetched_at} {capture.id} {capture.status} {capture.sha256} {place} {capture.url}"


def _bytes_of(leaves: Iterable[str]) -> list[bytes]:
    return [warc.to_bytes(leaf) for leaf in leaves]


def _ordered(leaves: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(leaves, key=warc.to_bytes))


# ------------------------------------------------------------------------------------------------- from the archive


def _of_archive(archive: Path, problems: list[Problem]) -> Mapping[str, Manifest]:
    """Day → manifest, computed from the WARC files, sorted by day."""
    origin = warc.read_origin(archive)
    if origin is None:
        raise ArchiveError(f"{archive / 'warc'}: there are no WARC files to work manifests out from; crawl first")
    days: dict[str, set[str]] = {}
    for found in warc.everything(archive):
        if isinstance(found, Problem):
            problems.append(found)
        elif isinstance(found, StoredExchange):
            days.setdefault(found.capture.fetched_at[:10], set()).add(leaf_of(found.capture))
    return {day: Manifest(day, origin, _ordered(leaves)) for day, leaves in sorted(days.items())}


# -------------------------------------------------------------------------------------------------------- as files


def _put(archive: Path, manifest: Manifest) -> Path:
    path = path_of(archive, manifest.day)
    if path.is_file():
        lost = sorted(set(_read(path)["leaves"]) - set(manifest.leaves))
        if lost:
            raise ArchiveError(
                f"{path}: {len(lost)} captures in it no longer read back, the first is {lost[0]}; "
                "mend the archive from a copy, or put this manifest aside"
            )
    make_folder(path.parent)
    put_whole(path, lambda part: part.write_text(_text(manifest), encoding="utf-8"))
    return path


def _text(manifest: Manifest) -> str:
    """The file's text: ASCII, so that every byte of an address survives, with one leaf per line."""
    values = {
        "format": FORMAT,
        "day": manifest.day,
        "origin": manifest.origin,
        "count": len(manifest.leaves),
        "root": manifest.root,
        "leaves": manifest.leaves,
    }
    return json.dumps(values, indent=1) + "\n"


def _stated(archive: Path, day: str | None) -> Mapping[Path, dict[str, Any]]:
    """What the manifests that were written say, in the order of days."""
    days = [day] if day else sorted(path.stem for path in (archive / MANIFEST_FOLDER).glob("*.json"))
    if not days:
        raise ArchiveError(f"{archive / MANIFEST_FOLDER}: there is no manifest; write one with `govcrawl manifest`")
    return {path_of(archive, one): _read(path_of(archive, one)) for one in days}


def _read(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ArchiveError(f"{path}: {error.strerror}; write it with `govcrawl manifest`") from error
    except ValueError as error:
        raise ArchiveError(f"{path}: this is no manifest ({error}); put it aside and write it anew") from error
    if not (isinstance(values, dict) and values.get("format") == FORMAT and _is_complete(values)):
        raise ArchiveError(f"{path}: this is no manifest of format {FORMAT}; put it aside and write it anew")
    return values


def _is_complete(values: dict[str, Any]) -> bool:
    leaves = values.get("leaves")
    lines = isinstance(leaves, list) and all(isinstance(leaf, str) for leaf in leaves)
    return lines and {"day", "origin", "count", "root"} <= values.keys()


# ------------------------------------------------------------------------------------------------------ differences


def _differences(path: Path, values: dict[str, Any], found: Manifest | None) -> Iterator[str]:
    yield from _unsound(path, values)
    leaves, now = set(values["leaves"]), set(found.leaves if found else ())
    kept = {_capture_of(leaf): leaf for leaf in now}
    for leaf in sorted(leaves - now):
        instead = kept.get(_capture_of(leaf))
        yield f"{path}: {leaf} is " + (f"now {instead}" if instead else "not in the archive, or does not read back")
    stated = {_capture_of(leaf) for leaf in leaves}
    for leaf in sorted(now - leaves):
        if _capture_of(leaf) not in stated:
            yield f"{path}: {leaf} is in the archive and not in the manifest; write it anew"


def _unsound(path: Path, values: dict[str, Any]) -> Iterator[str]:
    """The faults of a manifest in itself."""
    leaves = values["leaves"]
    if tuple(leaves) != _ordered(leaves) or values["count"] != len(leaves):
        yield f"{path}: its leaves are not as they were written: out of order, or not as many as it says"
    root = merkle.root(_bytes_of(leaves)).hex()
    if values["root"] != root:
        yield f"{path}: it states the root {values.get('root')}, its leaves give {root}"
    if values["day"] != path.stem or not _DAY.fullmatch(path.stem):
        yield f"{path}: it is the manifest of {values.get('day')}"


def _capture_of(leaf: str) -> str:
    return leaf.split(" ", 2)[1] if leaf.count(" ") > 1 else leaf
