"""Letting a further host be asked: the entries that say so, written into the overlay.

A host that no entry lists is added to the hosts of one portal. One that another entry lists is shared: both entries
then name each other.
"""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from govcrawl.durable_files import put_whole
from govcrawl.errors import UsageError
from govcrawl.models import Portal
from govcrawl.portals.overlay import OVERLAY_FOLDER, overlay_files, read_overlay
from govcrawl.portals.registry import Registry, shipped
from govcrawl.portals.writing import entry_line, with_entry

Changes = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Portal → the fields of its entry that change, with their new values."""


def changes_for(host: str, portal: Portal, registry: Registry) -> Changes:
    """What entries must say for a portal to be asked at a host as well.

    Raises:
        UsageError: The portal has the host already.
    """
    owners = registry.by_host(host)
    if portal.id in {owner.id for owner in owners}:
        raise UsageError(f"{host}: portal {portal.id} has this host already")
    own = {"more_hosts": (*portal.hosts[1:], host)}
    if owners:
        own["shared_with"] = tuple(dict.fromkeys((*portal.shared_with, *(owner.id for owner in owners))))
    return {portal.id: own, **{owner.id: {"shared_with": (*owner.shared_with, portal.id)} for owner in owners}}


def write_changes(folder: Path, changes: Changes, registry: Registry) -> tuple[tuple[Path, str], ...]:
    """Write changed entries into the overlay; (file, line) of each. The whole overlay is checked before it is written.

    An entry stays in the file that has it; a new one goes into that of its province.

    Raises:
        RegistryError: The overlay would not be right; nothing was written.
        UsageError: An entry is there in another form than one line; nothing was written.
    """
    files = overlay_files(folder)
    laid, _ = read_overlay(files)
    changed: dict[str, str] = {}
    told: list[tuple[Path, str]] = []
    for portal_id, fields in changes.items():
        name = laid[portal_id].file if portal_id in laid else f"{OVERLAY_FOLDER}/{registry[portal_id].province}.toml"
        before = changed.get(name, files.get(name, b"").decode())
        changed[name] = with_entry(name, before, portal_id, fields)
        told.append((folder / name.removeprefix(f"{OVERLAY_FOLDER}/"), entry_line(portal_id, fields)))
    mended = shipped({**files, **{name: text.encode() for name, text in changed.items()}})
    for portal_id in changes:
        mended.portal(portal_id)
    folder.mkdir(exist_ok=True)
    for name, text in changed.items():
        put_whole(
            folder / name.removeprefix(f"{OVERLAY_FOLDER}/"), partial(Path.write_text, data=text, encoding="utf-8")
        )
    return tuple(told)
