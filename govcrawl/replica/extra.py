"""Pages published from outside: a folder of HTML files that the replica lists and serves on a portal of the registry.

The folder holds `portal.json`: `{"portal": "330110", "reports": [{"file", "title", "published_on", "index_number"}]}`.
The files' bytes are served as they are; what they say is not known to the replica.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from govcrawl.errors import UsageError
from govcrawl.models import Portal
from govcrawl.portals import load_registry
from govcrawl.replica.answers import Answer, once
from govcrawl.replica.entries import Entry, Expected, stray_address
from govcrawl.replica.plan import Channel, PortalPlan, can_publish

FIRST_NUMBER = 5_000_000


@dataclass(frozen=True, slots=True)
class Published:
    """A file to publish: its bytes, and what the list says of it."""

    body: bytes
    title: str
    published_on: str
    index_number: str | None


@dataclass(frozen=True, slots=True)
class Extra:
    """What a folder publishes, and on which portal."""

    portal: Portal
    reports: tuple[Published, ...]


def read_extra(folder: Path) -> Extra:
    """The folder's pages; UsageError with one line where `portal.json` or a file it names is missing or wrong."""
    path = folder / "portal.json"
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; --extra wants a folder with a portal.json") from error
    except ValueError as error:
        raise UsageError(f"{path}: no valid JSON ({error}); mend the file") from error
    if not isinstance(told, dict) or not isinstance(told.get("reports"), list):
        raise UsageError(f'{path}: wants {{"portal": …, "reports": […]}}; mend the file')
    return Extra(_portal(path, told.get("portal")), tuple(_published(path, each) for each in told["reports"]))


def _portal(path: Path, portal_id: object) -> Portal:
    if not isinstance(portal_id, str) or portal_id not in load_registry():
        raise UsageError(f"{path}: portal {portal_id!r} is not in the registry; give one of its ids, as 330110")
    portal = load_registry()[portal_id]
    if not can_publish(portal):
        raise UsageError(
            f"{path}: portal {portal_id} has no host or no platform that the replica has; give another one"
        )
    return portal


def _published(path: Path, told: Any) -> Published:
    texts = _texts(path, told)
    try:
        dt.date.fromisoformat(texts["published_on"])
    except ValueError as error:
        raise UsageError(f"{path}: published_on {texts['published_on']!r} is no day as 2024-01-31; mend it") from error
    source = path.parent / texts["file"]
    try:
        body = source.read_bytes()
    except OSError as error:
        raise UsageError(f"{source}: {error.strerror}; {path} names it") from error
    return Published(body, texts["title"], texts["published_on"], told.get("index_number"))


def _texts(path: Path, told: Any) -> Mapping[str, str]:
    wanted = ("file", "title", "published_on")
    if not isinstance(told, dict) or not all(isinstance(told.get(key), str) for key in wanted):
        raise UsageError(f"{path}: every report wants {', '.join(wanted)} as texts; mend {told!r}")
    return {key: told[key] for key in wanted}


def entries_of(plan: PortalPlan, extra: Extra) -> tuple[Channel, tuple[Entry, ...]]:
    """The pages as rows of the portal's last list."""
    channel = next(each for each in reversed(plan.channels) if each.kind != "viewer")
    return channel, tuple(_entry(plan, channel, each, place) for place, each in enumerate(extra.reports))


def _entry(plan: PortalPlan, channel: Channel, published: Published, place: int) -> Entry:
    answer = Answer(published.body, media_type="text/html", changed_on=published.published_on)
    return Entry(
        title=published.title,
        address=stray_address(plan, channel, published.published_on, FIRST_NUMBER + place),
        listed_on=published.published_on,
        expected=Expected.UNKNOWN,
        answer=once(lambda: answer),
        index_number=published.index_number,
    )
