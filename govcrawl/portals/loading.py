"""From the TOML files to portals, every line checked: whatever is wrong is said with its file and entry.

The checks are data where they can be: what a field must look like stands in one table. What needs more than one field
or more than one entry (a host shared without both saying so) stands in functions of its own. A file is read whole:
one wrong entry does not hide the next.
"""

import hashlib
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import resources
from typing import Any
from urllib.parse import urljoin, urlsplit

from govcrawl.errors import RegistryError
from govcrawl.models import Portal
from govcrawl.vocabulary import BUILT_PLATFORMS, DETECT, PLANNED_PLATFORMS

LEVELS = ("province", "prefecture", "county", "organ")
PLATFORMS = frozenset((*BUILT_PLATFORMS, *PLANNED_PLATFORMS, DETECT))

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
    "examples": (_matches(rf"/(?!/)[^\s#]+|https?://{_HOST.pattern}/[^\s#]*"), "a path or an address under .gov.cn"),
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


def files_digest(files: Mapping[str, bytes]) -> str:
    """The SHA-256 over names and contents of some files, whatever their order."""
    digests = (f"{name} {hashlib.sha256(files[name]).hexdigest()}\n" for name in sorted(files))
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def parse_portals(files: Mapping[str, bytes]) -> tuple[Portal, ...]:
    """The checked portals of some files (name → content).

    Raises:
        RegistryError: For the first thing that is wrong; the message names its file and entry.
    """
    portals, faults = read_portals(files)
    if faults:
        raise RegistryError(faults[0])
    return portals


def read_portals(files: Mapping[str, bytes]) -> tuple[tuple[Portal, ...], tuple[str, ...]]:
    """The portals of the entries that are right, and a line for each thing that is wrong (file, entry, what to do)."""
    portals: list[Portal] = []
    faults: list[str] = []
    for name, content in files.items():
        try:
            data = _data(name, content)
        except RegistryError as error:
            faults.append(str(error))
            continue
        for portal_id, entry in data["portals"].items():
            whole = {**data.get("defaults", {}), **entry} if isinstance(entry, dict) else entry
            wrong = [f"{name}: {portal_id}: {fault}" for fault in _faults(portal_id, whole, data["code"])]
            faults.extend(wrong)
            if not wrong:
                portals.append(_portal(name, portal_id, whole))
    return tuple(portals), (*faults, *_doubled(portals), *_unshared(portals))


def _data(name: str, content: bytes) -> dict[str, Any]:
    try:
        text = content.decode("utf-8")
        # TOML forbids a key given twice, but its error does not say which; a person with 200 lines wants to know.
        if doubled := [line_id for line_id, times in Counter(_LINE_ID.findall(text)).items() if times > 1]:
            raise RegistryError(f"{name}: {doubled[0]}: the id is given twice; remove one of the lines")
        data = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise RegistryError(f"{name}: not valid TOML: {error}") from error
    for fault in _file_faults(data, text):
        raise RegistryError(f"{name}: {fault}")
    return data


def _file_faults(data: Mapping[str, Any], text: str) -> Iterator[str]:
    if unknown := data.keys() - _FILE_KEYS:
        yield f"unknown key {min(unknown)!r}; a file has {', '.join(sorted(_FILE_KEYS))}"
    code = data.get("code")
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        yield f"code {code!r} must be the six digits of the province, in quotes"
    if not isinstance(data.get("defaults", {}), dict):
        yield "[defaults] must be a table of fields"
    if not isinstance(data.get("portals"), dict):
        yield "the table [portals] is missing"
    if "\\" in text:
        # The registry looks for hosts in the text of its files before it reads one.
        yield "a backslash is in it; write every character as it is"


def _faults(portal_id: str, entry: Any, province_code: str) -> Iterator[str]:
    """What is wrong with an entry; what takes several fields is looked at only when each of them is right."""
    if not isinstance(entry, dict):
        yield f"an entry is a table of fields, not {entry!r}"
        return
    wrong = [*_field_faults(entry), *_id_faults(portal_id, entry.get("level"), province_code)]
    yield from wrong or _address_faults(entry)


def _field_faults(entry: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{field} is missing" for field in _REQUIRED if not entry.get(field))
    for field, value in entry.items():
        shape, wanted = _TEXTS.get(field) or _LISTS.get(field) or (None, "")
        if shape is None:
            yield f"unknown field {field!r}"
        elif isinstance(value, list) != (field in _LISTS):
            yield f"{field} must be {'a list' if field in _LISTS else 'one value'}"
        else:
            yield from _value_faults(field, value if field in _LISTS else [value], shape, wanted)


def _value_faults(field: str, values: list[Any], shape: _Shape, wanted: str) -> Iterator[str]:
    for value in values:
        if not isinstance(value, str) or not shape(value):
            yield f"{field}: {value!r} is not {wanted}"
    if len({str(value) for value in values}) != len(values):
        yield f"{field}: a value is given twice"


def _id_faults(portal_id: str, level: Any, province_code: str) -> Iterator[str]:
    match = _ID.fullmatch(portal_id)
    if not match:
        yield "an id is six digits, with -<slug> behind for an organ's own site or a place without a code"
    elif level == "organ" and not match[2]:
        yield "an organ's own site has the code of its government with -<slug> behind"
    elif match[1][:2] != province_code[:2]:
        yield f"the code is not of the file's province ({province_code[:2]}…)"


def _address_faults(entry: Mapping[str, Any]) -> Iterator[str]:
    home = entry.get("home", "")
    if not home and "reason" not in entry:
        yield "an entry without a home needs a reason"
    strangers = [example for example in _examples(entry) if _host(example) not in _hosts(entry)]
    if strangers:
        yield f"example {strangers[0]} is on none of the portal's hosts; add it to more_hosts"


def _doubled(portals: Iterable[Portal]) -> Iterator[str]:
    first: dict[str, Portal] = {}
    for portal in portals:
        if first.setdefault(portal.id, portal) is not portal:
            yield f"{portal.province}.toml: {portal.id}: {first[portal.id].province}.toml has this id already"


def _unshared(portals: Iterable[Portal]) -> Iterator[str]:
    owners: dict[str, list[Portal]] = defaultdict(list)
    for portal in portals:
        for bare in dict.fromkeys(host.removeprefix("www.") for host in portal.hosts):
            owners[bare].append(portal)
    for host, sharers in owners.items():
        ids = {portal.id for portal in sharers}
        for portal in sharers:
            if missing := ids - {portal.id} - set(portal.shared_with):
                yield (
                    f"{portal.province}.toml: {portal.id}: host {host} is also that of {min(missing)}; "
                    "each must name the other in shared_with"
                )


def _portal(file: str, portal_id: str, entry: Mapping[str, Any]) -> Portal:
    return Portal(
        id=portal_id,
        name=entry["name"],
        province=file.removesuffix(".toml"),
        # A place without a code has its id for one: it is a division of its own, below the one its id begins with.
        division_code=portal_id[:6] if entry["level"] == "organ" else portal_id,
        level=entry["level"],
        hosts=_hosts(entry),
        home=entry.get("home", ""),
        platforms=tuple(entry["platforms"]),
        columns=tuple(entry.get("columns", ())),
        examples=_examples(entry),
        organs=tuple(entry.get("organs", ())),
        backend=entry.get("backend"),
        shared_with=tuple(entry.get("shared_with", ())),
        reason=entry.get("reason"),
        note=entry.get("note"),
        basis=entry["basis"],
    )


def _hosts(entry: Mapping[str, Any]) -> tuple[str, ...]:
    home = entry.get("home")
    return (_host(home), *entry.get("more_hosts", ())) if home else ()


def _examples(entry: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(urljoin(entry.get("home", ""), example) for example in entry.get("examples", ()))


def _host(address: str) -> str:
    return urlsplit(address).hostname or ""
