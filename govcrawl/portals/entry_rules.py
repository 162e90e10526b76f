"""What an entry of the registry must look like, field by field, as data; what takes several fields, as functions.

A fault is half a sentence that says what to do; whoever calls puts file and entry before it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any
from urllib.parse import urljoin, urlsplit

from govcrawl.portals.domains import HOST, ascii_host
from govcrawl.vocabulary import BUILT_PLATFORMS, DETECT, PLANNED_PLATFORMS
from govcrawl.web_address import split_address

LEVELS = ("province", "prefecture", "county", "organ")
PLATFORM_NAMES = frozenset((*BUILT_PLATFORMS, *PLANNED_PLATFORMS, DETECT))
BLOCKED = "blocked"
ID = re.compile(r"(\d{6})(-[a-z0-9]+)?")

_REQUIRED = ("name", "level", "platforms")

_Shape = Callable[[str], bool]


def _matches(pattern: str) -> _Shape:
    return lambda value: re.fullmatch(pattern, value) is not None


def _is_home(value: str) -> bool:
    return re.fullmatch(rf"https?://{HOST}/", ascii_address(value)) is not None


def _is_host(value: str) -> bool:
    return re.fullmatch(HOST, ascii_host(value)) is not None


def _is_example(value: str) -> bool:
    return re.fullmatch(rf"/(?!/)[^\s#]+|https?://{HOST}/[^\s#]*", ascii_address(value)) is not None


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


_TEXTS: Mapping[str, tuple[_Shape, str]] = {
    "name": (_matches(r"\S.*"), "a name"),
    "level": (LEVELS.__contains__, f"one of {', '.join(LEVELS)}"),
    "home": (_is_home, "http(s)://<host>.gov.cn/"),
    "backend": (_matches(r"[a-z0-9-]+"), "a name in small letters"),
    "reason": (_matches(r"\S.*"), "a sentence"),
    "basis": (_matches(r"[Hh][Cc][Ll]?[Rr]?"), "letters of HCLR"),
    "expect": (BLOCKED.__eq__, f'"{BLOCKED}", the one thing that may be expected'),
    "since": (_is_day, "a day as YYYY-MM-DD"),
    "note": (_matches(r"\S.*"), "a sentence"),
}
_LISTS: Mapping[str, tuple[_Shape, str]] = {
    "more_hosts": (_is_host, "a host under .gov.cn"),
    "platforms": (PLATFORM_NAMES.__contains__, "a platform declared in vocabulary.py"),
    "columns": (_matches(r"\d{2,}|/[^\s#]*"), "a column id or a path"),
    "organs": (_matches(r"[0-9A-Z-]{4,18}"), "an organ code"),
    "examples": (_is_example, "a path or an address under .gov.cn"),
    "shared_with": (_matches(ID.pattern), "a portal id"),
}
"""What each field must look like, and how a fault names it."""


def faults_of(portal_id: str, fields: Any, province_code: str) -> Iterator[str]:
    """What is wrong with an entry; what takes several fields is looked at only when each of them is right."""
    if not isinstance(fields, dict):
        yield f"an entry is a table of fields, not {fields!r}"
        return
    wrong = [*_field_faults(fields), *_id_faults(portal_id, fields.get("level"), province_code)]
    yield from wrong or _joint_faults(fields)


def hosts_of(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """The hosts of an entry in the letters of DNS, that of its home first; none without a home."""
    home = fields.get("home")
    return (host_of(home), *map(ascii_host, fields.get("more_hosts", ()))) if home else ()


def examples_of(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """The examples of an entry as absolute addresses."""
    home = ascii_address(fields.get("home", ""))
    return tuple(_joined(home, ascii_address(example)) for example in fields.get("examples", ()))


def _joined(home: str, example: str) -> str:
    """The same as `urljoin`; most examples are a path below the home, and the whole registry is read by every run."""
    is_path = example.startswith("/") and "/." not in example
    return home[:-1] + example if is_path and home.endswith("/") and home.count("/") == 3 else urljoin(home, example)


def host_of(address: str) -> str:
    """The host of an address in the letters of DNS; empty for a path."""
    parts = split_address(address)
    return (parts and parts.hostname) or ""


def ascii_address(address: str) -> str:
    """An address with its host in the letters of DNS; what is no address is given back as it is."""
    if address.isascii():
        return address
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return address
    return address if host.isascii() else address.replace(host, ascii_host(host), 1)


def _field_faults(fields: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{field} is missing" for field in _REQUIRED if not fields.get(field))
    for field, value in fields.items():
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
    match = ID.fullmatch(portal_id)
    if not match:
        yield "an id is six digits, with -<slug> behind for an organ's own site or a place without a code"
    elif level == "organ" and not match[2]:
        yield "an organ's own site has the code of its government with -<slug> behind"
    elif match[1][:2] != province_code[:2]:
        yield f"the code is not of the file's province ({province_code[:2]}…)"


def _joint_faults(fields: Mapping[str, Any]) -> Iterator[str]:
    if not fields.get("home") and "reason" not in fields:
        yield "an entry without a home needs a reason"
    hosts = hosts_of(fields)
    strangers = [example for example in examples_of(fields) if host_of(example) not in hosts]
    if strangers:
        yield f"example {strangers[0]} is on none of the portal's hosts; add it to more_hosts"
    if "since" in fields and "expect" not in fields:
        yield "since is the day of what is expected; say what in expect"
