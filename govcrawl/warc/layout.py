"""Where WARC files lie in an archive folder, and how they are named. `archive/README.md` says the same in prose.

A WARC file is always meant by its name relative to `warc/` (`330100/330100-20260131080000-00000.warc.gz`). The names
of one folder sort in the order the files were begun, even if the clock was set back in between.
"""

import re
from datetime import UTC, datetime
from pathlib import Path

WARC = "warc"
QUARANTINE = "quarantine"
LOCK = ".lock"

RUNS = "_crawl"
"""The folder for records of a whole run, which belong to no portal; no portal id begins with an underscore."""

_NAME = re.compile(r"-(?P<stamp>\d{14})-(?P<serial>\d{5})\.warc\.gz$")


def warc_path(archive: Path, warc_file: str) -> Path:
    """The place on disk of a WARC file given by its name."""
    return archive / WARC / warc_file


def warc_files(archive: Path) -> tuple[str, ...]:
    """The names of all WARC files, sorted: by portal, then in the order they were begun."""
    root = archive / WARC
    return tuple(sorted(path.relative_to(root).as_posix() for path in root.glob("*/*.warc.gz")))


def next_name(archive: Path, folder: str, at: datetime) -> str:
    """A name that no file has yet and that sorts behind every file of the folder."""
    begun = sorted(_stamps(archive / WARC / folder))
    stamp = f"{at.astimezone(UTC):%Y%m%d%H%M%S}"
    serial = 0
    if begun and begun[-1][0] >= stamp:
        stamp, last = begun[-1]
        serial = last + 1
    return f"{folder}/{folder}-{stamp}-{serial:05d}.warc.gz"


def _stamps(folder: Path) -> list[tuple[str, int]]:
    matches = (_NAME.search(path.name) for path in folder.glob("*.warc.gz"))
    return [(match["stamp"], int(match["serial"])) for match in matches if match]
