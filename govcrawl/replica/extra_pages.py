"""Pages from outside: a folder of HTML files that the replica lists and serves on a portal of the registry.

The folder has a `portal.json`: `{"portal": "330110", "reports": [{"file", "title", "published_on", "index_number"}]}`.
The bytes of the files are served as they are; the replica does not know what they say.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from govcrawl.errors import UsageError
from govcrawl.models import Portal
from govcrawl.portals import load_registry
from govcrawl.replica.lists.addresses import article_address
from govcrawl.replica.lists.entries import ExpectedOutcome, ListEntry
from govcrawl.replica.plan import Channel, PortalPlan, can_publish
from govcrawl.replica.request_response import ReplicaResponse, cached_route

_FIRST_NUMBER = 5_000_000
"""The number of the first page from outside."""

_REQUIRED = ("file", "title", "published_on")


@dataclass(frozen=True, slots=True)
class ExtraPage:
    """A file to publish: its bytes, and what the list says of it."""

    body: bytes
    title: str
    published_on: str
    index_number: str | None


@dataclass(frozen=True, slots=True)
class ExtraPages:
    """The pages of a folder, and the portal that publishes them."""

    portal: Portal
    pages: tuple[ExtraPage, ...]


def read_extra_pages(folder: Path) -> ExtraPages:
    """The folder's pages. Raises UsageError where `portal.json` or a file that it names is missing or wrong."""
    path = folder / "portal.json"
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}; --extra needs a folder with a portal.json") from error
    except ValueError as error:
        raise UsageError(f"{path}: no valid JSON ({error}); correct the file") from error
    if not isinstance(told, dict) or not isinstance(told.get("reports"), list):
        raise UsageError(f'{path}: must be {{"portal": …, "reports": […]}}; correct the file')
    return ExtraPages(_portal(path, told.get("portal")), tuple(_page(path, each) for each in told["reports"]))


def _portal(path: Path, portal_id: object) -> Portal:
    if not isinstance(portal_id, str) or portal_id not in load_registry():
        raise UsageError(f"{path}: portal {portal_id!r} is not in the registry; give one of its ids, as 330110")
    portal = load_registry()[portal_id]
    if not can_publish(portal):
        raise UsageError(f"{path}: portal {portal_id} has no host or no platform that the replica has; give another")
    return portal


def _page(path: Path, entry: Any) -> ExtraPage:
    if not isinstance(entry, dict) or not all(isinstance(entry.get(key), str) for key in _REQUIRED):
        raise UsageError(f"{path}: every report needs {', '.join(_REQUIRED)} as texts; correct {entry!r}")
    try:
        dt.date.fromisoformat(entry["published_on"])
    except ValueError as error:
        raise UsageError(f"{path}: published_on {entry['published_on']!r} is no day; give one as 2024-01-31") from error
    file = path.parent / entry["file"]
    try:
        body = file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}; {path} names it") from error
    return ExtraPage(body, entry["title"], entry["published_on"], entry.get("index_number"))


def extra_entries(plan: PortalPlan, extra: ExtraPages) -> tuple[Channel, tuple[ListEntry, ...]]:
    """The last channel of the portal that is no viewer, and the pages as rows of its list."""
    channel = next(each for each in reversed(plan.channels) if each.kind != "viewer")
    return channel, tuple(_entry(plan, channel, each, _FIRST_NUMBER + place) for place, each in enumerate(extra.pages))


def _entry(plan: PortalPlan, channel: Channel, page: ExtraPage, number: int) -> ListEntry:
    response = ReplicaResponse(page.body, media_type="text/html", changed_on=page.published_on)
    return ListEntry(
        title=page.title,
        address=article_address(plan, channel, None, page.published_on, number),
        listed_on=page.published_on,
        expected=ExpectedOutcome.UNKNOWN,
        route=cached_route(lambda: response),
        index_number=page.index_number,
    )
