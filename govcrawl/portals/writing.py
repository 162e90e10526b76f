"""From a portal back to its line of TOML: what `portals new` and `portals probe` give a person to paste."""

import json
from collections.abc import Iterator

from govcrawl.models import Portal


def toml_line(portal: Portal) -> str:
    """The entry of a portal as its file holds it, every field written out: parsing the line gives the same portal."""
    return f"{portal.id} = {{ {', '.join(f'{name} = {value}' for name, value in _fields(portal))} }}"


def _fields(portal: Portal) -> Iterator[tuple[str, str]]:
    """The fields that say something, in the order in which the files have them."""
    written: dict[str, str | tuple[str, ...] | None] = {
        "name": portal.name,
        "level": portal.level,
        "home": portal.home,
        "more_hosts": portal.hosts[1:],
        "platforms": portal.platforms,
        "columns": portal.columns,
        "organs": portal.organs,
        "examples": tuple(_from_home(example, portal.home) for example in portal.examples),
        "backend": portal.backend,
        "shared_with": portal.shared_with,
        "reason": portal.reason,
        "basis": portal.basis,
        "note": portal.note,
    }
    for name, value in written.items():
        if value:
            yield name, _list(value) if isinstance(value, tuple) else _text(value)


def _from_home(address: str, home: str) -> str:
    """The path of an address on the home page's own origin; any other address whole."""
    return "/" + address.removeprefix(home) if address.startswith(home) and address != home else address


def _list(values: tuple[str, ...]) -> str:
    return f"[{', '.join(map(_text, values))}]"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
