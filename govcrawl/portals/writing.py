"""From an entry back to its line of TOML, and that line into the text of a file.

A line is what `portals new`, `portals probe` and the end of a crawl give a person to paste, and what `portals allow`
writes.
"""

import json
import re
from collections.abc import Iterable, Mapping

from govcrawl.errors import UsageError
from govcrawl.models import Portal
from govcrawl.portals.toml_text import parsed

Value = str | Iterable[str] | None
_PORTALS = re.compile(r"^\s*\[portals\][^\n]*\n?", re.MULTILINE)
_TABLE = re.compile(r"^\s*\[", re.MULTILINE)


def toml_line(portal: Portal) -> str:
    """The entry of a portal as its file holds it, every field written out: parsing the line gives the same portal."""
    fields: dict[str, Value] = {
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
        "expect": portal.expect,
        "since": portal.since,
        "basis": portal.basis,
        "note": portal.note,
    }
    return entry_line(portal.id, fields)


def entry_line(portal_id: str, fields: Mapping[str, Value]) -> str:
    """A line with the fields that say something, in their order."""
    written = (
        f"{name} = {_text(value) if isinstance(value, str) else _list(value)}"
        for name, value in fields.items()
        if value
    )
    return f"{portal_id} = {{ {', '.join(written)} }}"


def with_entry(file: str, text: str, portal_id: str, fields: Mapping[str, Value]) -> str:
    """The text of an overlay file in which an entry gives these fields beside its others; all else stays as it is.

    Raises:
        RegistryError: The text is no TOML; the message names the file.
        UsageError: The entry is there and is not one line; the message has the line to put in its place.
    """
    known = _entry(file, text, portal_id)
    written = entry_line(portal_id, {**known, **fields})
    if known:
        changed, times = re.subn(rf'^"?{portal_id}"?\s*=\s*\{{.*\}}', lambda _: written, text, flags=re.MULTILINE)
        if times != 1:
            raise UsageError(f"{file}: {portal_id} is not one line there; put this in its place: {written}")
        return changed
    return _with_line(text, written)


def _entry(file: str, text: str, portal_id: str) -> Mapping[str, Value]:
    data = parsed(file, text.encode())
    found = data.get(portal_id) or data.get("portals", {}).get(portal_id) or {}
    return found if isinstance(found, dict) else {}


def _with_line(text: str, written: str) -> str:
    """The text with a line more: behind the head of `[portals]`, or at the end where lines stand on their own."""
    if head := _PORTALS.search(text):
        before, after = text[: head.end()], text[head.end() :]
    else:
        before, after = text if text and not _TABLE.search(text) else f"{text}\n[portals]".lstrip(), ""
    return "\n".join((before.removesuffix("\n"), written, after))


def _from_home(address: str, home: str) -> str:
    """The path of an address on the home page's own origin; any other address whole."""
    return "/" + address.removeprefix(home) if address.startswith(home) and address != home else address


def _list(values: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, values))}]"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
