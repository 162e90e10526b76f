"""The replica's log: every request with its host, the class of its path, its time, and whether it was forbidden.

Tests read from it how many requests each host got, how many were for forbidden paths (a right crawl makes none), the
shortest time between two requests to a host, and how often each document was requested.
"""

from __future__ import annotations

import re
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

_PATH_CLASSES = (
    ("/robots.txt", "robots"),
    ("/art/", "document"),
    ("/module/xxgk/xxgkAnnualReport", "document"),
    ("/module/xxgk/search", "list"),
    ("/module/", "list"),
    ("/col/", "column"),
)
"""What a path is, by how it begins."""

_DOCUMENT = re.compile(
    r"/t20[^/]*$|/show/detail$|/OpennessAnnualReport/show/\d+\.html$|/public/\d+/\d+\.html$"
    r"|/(?:post_|content_|article)?(?:[0-9a-f]{32}|[0-9a-f-]{36}|\d{6,})\.(?:s?html|jhtml)$"
)


def path_class(path: str) -> str:
    """What a path is: robots, document, list, column, home or other."""
    if path == "/":
        return "home"
    if _DOCUMENT.search(path):
        return "document"
    if path.rpartition("/")[2].startswith("index"):
        return "column" if path.startswith("/col/") else "list"
    return next((name for start, name in _PATH_CLASSES if path.startswith(start)), "other")


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """One request; `at` is in seconds of a monotonic clock."""

    at: float
    host: str
    method: str
    address: str
    kind: str
    status: int
    forbidden: bool


class RequestLog:
    """Collects the requests of all threads and sums them up."""

    def __init__(self) -> None:
        self._lines: list[LoggedRequest] = []
        self._lock = threading.Lock()

    def add(self, line: LoggedRequest) -> None:
        """Adds a request."""
        with self._lock:
            self._lines.append(line)

    def reset(self) -> None:
        """Drops all requests."""
        with self._lock:
            self._lines.clear()

    def documents(self) -> Counter[str]:
        """How often each document was requested, by host and address with the parameters sorted by name."""
        with self._lock:
            return Counter(f"{line.host}{line.address}" for line in self._lines if line.kind == "document")

    def summary(self) -> dict[str, Any]:
        """`{"requests": N, "forbidden": N, "hosts": {host: {…}}, "documents": {address: N}}`.

        A host has `requests`, `forbidden`, `classes` and `statuses` as counts, `times` in seconds, and
        `shortest_distance`, the seconds between its two nearest requests.
        """
        with self._lock:
            lines = list(self._lines)
        by_host: dict[str, list[LoggedRequest]] = defaultdict(list)
        for line in lines:
            by_host[line.host].append(line)
        return {
            "requests": len(lines),
            "forbidden": sum(line.forbidden for line in lines),
            "hosts": {host: _host_summary(each) for host, each in sorted(by_host.items())},
            "documents": dict(sorted(self.documents().items())),
        }


def _host_summary(lines: Iterable[LoggedRequest]) -> dict[str, Any]:
    lines = sorted(lines, key=lambda line: line.at)
    return {
        "requests": len(lines),
        "forbidden": sum(line.forbidden for line in lines),
        "classes": Counter(line.kind for line in lines),
        "statuses": Counter(str(line.status) for line in lines),
        "shortest_distance": min((round(b.at - a.at, 4) for a, b in pairwise(lines)), default=None),
        "times": [round(line.at, 4) for line in lines],
    }
