"""The overlay: a user's own TOML files, laid over those that govcrawl ships.

They lie in the folder `portals` beside `scrapy.cfg`. A file of any name holds entries, each a line `<id> = { fields }`,
under `[portals]` or on their own. An entry with the id of a shipped one changes the fields it gives and leaves the
others; any other is added, with the defaults of its province. A new `home` on another host keeps the old host among
the portal's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from govcrawl.errors import RegistryError, UsageError
from govcrawl.portals.entry_rules import ID, host_of, hosts_of
from govcrawl.portals.toml_text import Files, parsed

OVERLAY_FOLDER = "portals"
PROJECT_FILE = "scrapy.cfg"

_FILE_KEYS = frozenset({"province", "code", "defaults", "portals"})


@dataclass(frozen=True, slots=True)
class LaidEntry:
    """An entry of the overlay: its file, the defaults that the file gives, its own fields."""

    file: str
    defaults: Mapping[str, Any]
    fields: Any

    def over(self, defaults: Mapping[str, Any], fields: Mapping[str, Any]) -> Any:
        """All fields of the entry, laid over those that are shipped for its province and its id."""
        if not isinstance(self.fields, dict):
            return self.fields
        laid = {**defaults, **self.defaults, **fields, **self.fields}
        moved = isinstance(self.fields.get("home"), str) and "more_hosts" not in self.fields
        if moved and (known := [host for host in hosts_of(fields) if host != host_of(self.fields["home"])]):
            laid["more_hosts"] = known
        return laid


Overlay = Mapping[str, LaidEntry]
"""The entries of an overlay by their ids."""

NO_OVERLAY: Overlay = MappingProxyType({})


def folder_above(start: Path) -> Path | None:
    """The overlay's folder for a place to work in: beside the nearest `scrapy.cfg`, there or not; None without one."""
    return next(
        (folder / OVERLAY_FOLDER for folder in (start, *start.parents) if (folder / PROJECT_FILE).is_file()),
        None,
    )


def folder_here() -> Path:
    """The overlay's folder for the place one works in; UsageError where there is no `scrapy.cfg`."""
    folder = folder_above(Path.cwd())
    if folder is None:
        raise UsageError(f"there is no {PROJECT_FILE} here or above; make one with `govcrawl init .`")
    return folder


def overlay_files(folder: Path | None) -> dict[str, bytes]:
    """The files of an overlay by their names (`portals/zhejiang.toml`), sorted; none where there is no folder.

    Raises:
        RegistryError: A file cannot be read.
    """
    paths = sorted(folder.glob("*.toml")) if folder and folder.is_dir() else []
    try:
        return {f"{OVERLAY_FOLDER}/{path.name}": path.read_bytes() for path in paths}
    except OSError as error:
        raise RegistryError(f"{error.filename}: {error.strerror}; make it readable or take it away") from error


def read_overlay(files: Files) -> tuple[Overlay, tuple[str, ...]]:
    """The entries of some overlay files, and a line for each thing that is wrong with a file as a whole."""
    entries: dict[str, LaidEntry] = {}
    faults: list[str] = []
    for name, content in files.items():
        try:
            found = _entries(name, parsed(name, content))
        except RegistryError as error:
            faults.append(str(error))
            continue
        faults.extend(f"{name}: {key}: {entries[key].file} has this id already" for key in found if key in entries)
        entries = {**found, **entries}
    return MappingProxyType(entries), tuple(faults)


def _entries(name: str, data: Mapping[str, Any]) -> dict[str, LaidEntry]:
    for fault in _file_faults(data):
        raise RegistryError(f"{name}: {fault}")
    alone = {key: fields for key, fields in data.items() if ID.fullmatch(key)}
    found = {**alone, **data.get("portals", {})}
    return {key: LaidEntry(name, data.get("defaults", {}), fields) for key, fields in found.items()}


def _file_faults(data: Mapping[str, Any]) -> Iterator[str]:
    unknown = [key for key in data if key not in _FILE_KEYS and not ID.fullmatch(key)]
    if unknown:
        yield f"{unknown[0]!r} is no portal's id; an entry is a line `<id> = {{ fields }}`"
    for table in ("defaults", "portals"):
        if not isinstance(data.get(table, {}), dict):
            yield f"[{table}] must be a table"
    if doubled := sorted(data.get("portals", {}).keys() & data.keys()):
        yield f"{doubled[0]}: the id is given twice; remove one of the lines"
