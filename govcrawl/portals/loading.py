"""From the TOML files to portals, every line checked: an entry that is wrong is an error that names file and entry.

The checks are data where they can be: what a field must look like stands in one table. What needs more than one field
or more than one entry (a host shared without both saying so) stands in functions of its own.
"""

import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import resources
from typing import Any
from urllib.parse import urljoin, urlsplit

from govcrawl.errors import RegistryError
from govcrawl.models import Portal
from govcrawl.vocabulary import BUILT_PLATFORMS, PLANNED_PLATFORMS

LEVELS = ("province", "prefecture", "county", "organ")
PLATFORMS = frozenset((*BUILT_PLATFORMS, *PLANNED_PLATFORMS))

_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+gov\.cn")
_ID = re.compile(r"(\d{6})(-[a-z0-9]+)?")
_LINE_ID = re.compile(r"^\s*([0-9a-z-]+)\s*=\s*\{", re.MULTILINE)
_CODE = re.compile(r"[1-8]\d{5}")

_Shape = Callable[[str], bool]


def _matches(pattern: str) -> _Shape:
    return lambda value: re.fullmatch(pattern, value) is not None


_TEXTS: Mapping[str, tuple[_Shape, str]] = {
    "name": (_matches(r"\S.*"), "a name"),
    "level": (LEVELS.__contains__, f"one of {', '.join(LEVELS)}"),
    "home": (_matches(rf"https?://{_HOST.pattern}/"), "http(s)://<host>.gov.cn/"),
    "backend": (_matches(r"[a-z0-9-]+"), "a name in small letters"),
    "reason": (_matches(r"\S.*"), "a sentence"),
    "basis": (_matches(r"[Hh][Cc][Ll]?[Rr]?"), "letters of HCLR"),
    "note": (_matches(r"\S.*"), "a sentence"),
}
_LISTS: Mapping[str, tuple[_Shape, str]] = {
    "more_hosts": (_matches(_HOST.pattern), "a host under .gov.cn"),
    "platforms": (PLATFORMS.__contains__, "a platform declared in vocabulary.py"),
    "columns": (_matches(r"\d{2,}|/[^\s#]*"), "a column id or a path"),
    "organs": (_matches(r"[0-9A-Z-]{4,18}"), "an organ code"),
    "examples": (_matches(rf"/[^\s#]+|https?://{_HOST.pattern}/[^\s#]*"), "a path or an address under .gov.cn"),
    "shared_with": (_matches(_ID.pattern), "a portal id"),
}
"""What each field must look like, and how an error names it."""

_FILE_KEYS = frozenset({"province", "code", "defaults", "portals"})
_REQUIRED = ("name", "level", "platforms", "basis")


def package_files() -> dict[str, bytes]:
    """The registry files of the installed package by name, in the order of their names."""
    folder = resources.files("govcrawl.portals")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return {name: folder.joinpath(name).read_bytes() for name in names}


def parse(files: Mapping[str, bytes]) -> tuple[tuple[Portal, ...], str]:
    """The checked portals of some files (name → content) and the SHA-256 over names and contents.

    Raises:
        RegistryError: For the first entry that is wrong; the message names its file and id.
    """
    portals: dict[str, Portal] = {}
    for name, content in files.items():
        for portal in _file(name, content):
            if portal.id in portals:
                raise RegistryError(f"{name}: {portal.id}: {portals[portal.id].province}.toml has this id already")
            portals[portal.id] = portal
    _check_sharing(portals.values())
    return tuple(portals.values()), _digest(files)


def _digest(files: Mapping[str, bytes]) -> str:
    digests = (f"{name} {hashlib.sha256(files[name]).hexdigest()}\n" for name in sorted(files))
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def _file(name: str, content: bytes) -> Iterator[Portal]:
    data = _toml(name, content)
    _check_file(name, data)
    for portal_id, entry in data["portals"].items():
        if not isinstance(entry, dict):
            raise RegistryError(f"{name}: {portal_id}: an entry is a table of fields, not {entry!r}")
        yield _portal(name, portal_id, {**data.get("defaults", {}), **entry}, data["code"])


def _toml(name: str, content: bytes) -> dict[str, Any]:
    try:
        text = content.decode("utf-8")
        # TOML forbids a key given twice, but its error does not say which; a person with 200 lines wants to know.
        if doubled := [line_id for line_id, times in Counter(_LINE_ID.findall(text)).items() if times > 1]:
            raise RegistryError(f"{name}: {doubled[0]}: the id is given twice; remove one of the lines")
        return tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RegistryError(f"{name}: not valid TOML: {error}") from error


def _check_file(name: str, data: Mapping[str, Any]) -> None:
    if unknown := data.keys() - _FILE_KEYS:
        raise RegistryError(f"{name}: unknown key {min(unknown)!r}; a file has {', '.join(sorted(_FILE_KEYS))}")
    if not _CODE.fullmatch(str(data.get("code", ""))):
        raise RegistryError(f"{name}: code {data.get('code')!r} must be the six digits of the province")
    if not isinstance(data.get("portals"), dict):
        raise RegistryError(f"{name}: the table [portals] is missing")


def _portal(file: str, portal_id: str, entry: Mapping[str, Any], province_code: str) -> Portal:
    where = f"{file}: {portal_id}"
    _check_fields(where, entry)
    code = _division_code(where, portal_id, entry["level"], province_code)
    home = entry.get("home", "")
    if not home and "reason" not in entry:
        raise RegistryError(f"{where}: an entry without a home needs a reason")
    hosts = (_host(home), *entry.get("more_hosts", ())) if home else ()
    examples = tuple(urljoin(home, example) for example in entry.get("examples", ()))
    if strangers := [example for example in examples if _host(example) not in hosts]:
        raise RegistryError(f"{where}: example {strangers[0]} is on none of the portal's hosts; add it to more_hosts")
    return Portal(
        id=portal_id,
        name=entry["name"],
        province=file.removesuffix(".toml"),
        division_code=code,
        level=entry["level"],
        hosts=hosts,
        home=home,
        platforms=tuple(entry["platforms"]),
        columns=tuple(entry.get("columns", ())),
        examples=examples,
        organs=tuple(entry.get("organs", ())),
        backend=entry.get("backend"),
        shared_with=tuple(entry.get("shared_with", ())),
        reason=entry.get("reason"),
        note=entry.get("note"),
    )


def _check_fields(where: str, entry: Mapping[str, Any]) -> None:
    for field in _REQUIRED:
        if not entry.get(field):
            raise RegistryError(f"{where}: {field} is missing")
    for field, value in entry.items():
        shape, wanted = _TEXTS.get(field) or _LISTS.get(field) or (None, "")
        if shape is None:
            raise RegistryError(f"{where}: unknown field {field!r}")
        if isinstance(value, list) != (field in _LISTS):
            raise RegistryError(f"{where}: {field} must be {'a list' if field in _LISTS else 'one value'}")
        _check_values(f"{where}: {field}", value if field in _LISTS else [value], shape, wanted)


def _check_values(where: str, values: list[Any], shape: _Shape, wanted: str) -> None:
    for value in values:
        if not isinstance(value, str) or not shape(value):
            raise RegistryError(f"{where}: {value!r} is not {wanted}")
    if len(set(values)) != len(values):
        raise RegistryError(f"{where}: a value is given twice")


def _division_code(where: str, portal_id: str, level: str, province_code: str) -> str:
    match = _ID.fullmatch(portal_id)
    if not match:
        raise RegistryError(f"{where}: an id is six digits, for an organ's own site with -<slug> behind")
    if bool(match[2]) != (level == "organ"):
        raise RegistryError(f"{where}: a -<slug> belongs to level organ and to no other")
    if match[1][:2] != province_code[:2]:
        raise RegistryError(f"{where}: the code is not of the file's province ({province_code[:2]}…)")
    return match[1]


def _check_sharing(portals: Iterable[Portal]) -> None:
    owners: dict[str, list[Portal]] = {}
    for portal in portals:
        for host in portal.hosts:
            owners.setdefault(host.removeprefix("www."), []).append(portal)
    for host, sharers in owners.items():
        ids = {portal.id for portal in sharers}
        for portal in sharers:
            if missing := ids - {portal.id} - set(portal.shared_with):
                raise RegistryError(
                    f"{portal.province}.toml: {portal.id}: host {host} is also that of {min(missing)}; "
                    "each must name the other in shared_with"
                )


def _host(address: str) -> str:
    return urlsplit(address).hostname or ""
