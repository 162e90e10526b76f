"""`archive/verdicts.jsonl`: people's verdicts, read as the file is now. A server of ours writes no other file."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path

from govcrawl import durable_files
from govcrawl.archive.layout import VERDICTS
from govcrawl.db.store.verdicts import Verdict, parse_verdicts


def latest_verdicts(archive: Path) -> Mapping[str, Verdict]:
    """Stable key → its latest verdict; of two given at one time, the later line. Lines that are none are left out."""
    path = archive / VERDICTS
    if not path.is_file():
        return {}
    state = path.stat()
    return _read(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int, _size: int) -> Mapping[str, Verdict]:
    verdicts: dict[str, Verdict] = {}
    given, _ = parse_verdicts(path.read_bytes())  # `rebuild` and every crawl name the lines that are none
    for verdict in given:
        known = verdicts.get(verdict.stable_key)
        if known is None or verdict.decided_at >= known.decided_at:
            verdicts[verdict.stable_key] = verdict
    return verdicts


def append_verdict(archive: Path, verdict: Verdict) -> None:
    """Append a line and flush it to the disk. A line without its end, left by a crash, is ended first."""
    line = json.dumps(asdict(verdict), ensure_ascii=False) + "\n"
    file = os.open(archive / VERDICTS, os.O_RDWR | os.O_APPEND | os.O_CREAT | durable_files.NO_LINK, 0o644)
    try:
        size = os.fstat(file).st_size
        torn = size and os.pread(file, 1, size - 1) != b"\n"
        os.write(file, (b"\n" if torn else b"") + line.encode())
        os.fsync(file)
    finally:
        os.close(file)
