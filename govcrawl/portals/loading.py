"""From registry files to portals, every entry checked: whatever is wrong is said with its file and entry.

A file is read whole: one wrong entry does not hide the next. What holds between entries (an id given twice, a host
shared without both saying so) is looked at over all that were read.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from itertools import chain
from typing import Any

from govcrawl.errors import RegistryError
from govcrawl.models import Portal
from govcrawl.portals.domains import bare_host
from govcrawl.portals.entry_rules import ascii_address, examples_of, faults_of, hosts_of
from govcrawl.portals.overlay import NO_OVERLAY, Overlay
from govcrawl.portals.toml_text import Files, parsed

UNSOURCED = "hc"
"""The `basis` of an entry that names none: home and family rest on nothing that was published."""

_CODE = re.compile(r"[1-8]\d{5}")
_FILE_KEYS = frozenset({"province", "code", "defaults", "portals"})


@dataclass(frozen=True, slots=True)
class _Entry:
    """An entry with all its fields: the file that errors name, its province by file name and by code, its id."""

    file: str
    province: str
    code: str
    id: str
    fields: Any

    def faults(self) -> Iterator[str]:
        """What is wrong with it, a line each."""
        yield from (f"{self.file}: {self.id}: {fault}" for fault in faults_of(self.id, self.fields, self.code))


def package_files() -> dict[str, bytes]:
    """The registry files of the installed package by name, in the order of their names."""
    folder = resources.files("govcrawl.portals")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return {name: folder.joinpath(name).read_bytes() for name in names}


def files_digest(files: Files) -> str:
    """The SHA-256 over names and contents of some files, whatever their order."""
    digests = (f"{name} {hashlib.sha256(files[name]).hexdigest()}\n" for name in sorted(files))
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def parse_portals(files: Files, overlay: Overlay = NO_OVERLAY) -> tuple[Portal, ...]:
    """The checked portals of some province files (name → content), with what an overlay says of their provinces.

    Raises:
        RegistryError: For the first thing that is wrong; the message names its file and entry.
    """
    portals, faults = read_portals(files, overlay)
    if faults:
        raise RegistryError(faults[0])
    return portals


def read_portals(files: Files, overlay: Overlay = NO_OVERLAY) -> tuple[tuple[Portal, ...], tuple[str, ...]]:
    """The portals of the entries that are right, and a line for each thing that is wrong (file, entry, what to do)."""
    right: list[_Entry] = []
    faults: list[str] = []
    for name, content in files.items():
        try:
            entries = tuple(_entries(name, _province(name, content), overlay))
        except RegistryError as error:
            faults.append(str(error))
            continue
        wrong = {entry.id: tuple(entry.faults()) for entry in entries}
        faults.extend(chain.from_iterable(wrong.values()))
        right.extend(entry for entry in entries if not wrong[entry.id])
    portals = tuple(map(_portal, right))
    return portals, (*faults, *_doubled(right), *_unshared(portals, {entry.id: entry.file for entry in right}))


def _province(name: str, content: bytes) -> dict[str, Any]:
    data = parsed(name, content)
    for fault in _file_faults(data, content):
        raise RegistryError(f"{name}: {fault}")
    return data


def _file_faults(data: Mapping[str, Any], content: bytes) -> Iterator[str]:
    if unknown := data.keys() - _FILE_KEYS:
        yield f"unknown key {min(unknown)!r}; a file has {', '.join(sorted(_FILE_KEYS))}"
    code = data.get("code")
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        yield f"code {code!r} must be the six digits of the province, in quotes"
    if not isinstance(data.get("defaults", {}), dict):
        yield "[defaults] must be a table of fields"
    if not isinstance(data.get("portals"), dict):
        yield "the table [portals] is missing"
    if b"\\" in content:
        # The registry looks for hosts in the text of its files before it reads one.
        yield "a backslash is in it; write every character as it is"


def _entries(name: str, data: Mapping[str, Any], overlay: Overlay) -> Iterator[_Entry]:
    """The entries of a province: those of its file in their order, then those that only the overlay has."""
    province, code, defaults = name.removesuffix(".toml"), data["code"], data.get("defaults", {})
    for key, fields in data["portals"].items():
        if key in overlay:
            yield _Entry(overlay[key].file, province, code, key, overlay[key].over(defaults, _table(fields)))
        else:
            yield _Entry(name, province, code, key, {**defaults, **fields} if isinstance(fields, dict) else fields)
    for key, laid in overlay.items():
        if key[:2] == code[:2] and key not in data["portals"]:
            yield _Entry(laid.file, province, code, key, laid.over(defaults, {}))


def _table(fields: Any) -> Mapping[str, Any]:
    return fields if isinstance(fields, dict) else {}


def _doubled(entries: Iterable[_Entry]) -> Iterator[str]:
    first: dict[str, _Entry] = {}
    for entry in entries:
        if first.setdefault(entry.id, entry) is not entry:
            yield f"{entry.file}: {entry.id}: {first[entry.id].file} has this id already"


def _unshared(portals: Iterable[Portal], files: Mapping[str, str]) -> Iterator[str]:
    owners: dict[str, list[Portal]] = defaultdict(list)
    for portal in portals:
        for bare in dict.fromkeys(map(bare_host, portal.hosts)):
            owners[bare].append(portal)
    for host, sharers in owners.items():
        ids = {portal.id for portal in sharers}
        for portal in sharers:
            if missing := ids - {portal.id} - set(portal.shared_with):
                yield (
                    f"{files[portal.id]}: {portal.id}: host {host} is also that of {min(missing)}; "
                    "each must name the other in shared_with"
                )


def _portal(entry: _Entry) -> Portal:
    fields = entry.fields
    return Portal(
        id=entry.id,
        name=fields["name"],
        province=entry.province,
        # A place without a code has its id for one: it is a division of its own, below the one its id begins with.
        division_code=entry.id[:6] if fields["level"] == "organ" else entry.id,
        level=fields["level"],
        hosts=hosts_of(fields),
        home=ascii_address(fields.get("home", "")),
        platforms=tuple(fields["platforms"]),
        columns=tuple(fields.get("columns", ())),
        examples=examples_of(fields),
        organs=tuple(fields.get("organs", ())),
        backend=fields.get("backend"),
        shared_with=tuple(fields.get("shared_with", ())),
        reason=fields.get("reason"),
        note=fields.get("note"),
        expect=fields.get("expect"),
        since=fields.get("since"),
        basis=fields.get("basis", UNSOURCED),
    )
