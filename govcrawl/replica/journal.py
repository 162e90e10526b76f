"""The replica's log: every request with its host, class of path and time, and whether robots.txt forbids it.

Tests and drills read it to count: requests per host, requests for forbidden paths (a right crawl makes none), the
shortest distance between two requests to a host, and how often documents were asked for.
"""

from __future__ import annotations

import re
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

PATH_CLASSES = (
    ("/robots.txt", "robots"),
    ("/art/", "document"),
    ("/module/xxgk/xxgkAnnualReport", "document"),
    ("/module/xxgk/search", "list"),
    ("/module/", "list"),
    ("/col/", "column"),
)


_DOCUMENT = re.compile(
    r"/t20[^/]*$|/show/detail$|/OpennessAnnualReport/show/\d+\.html$|/public/\d+/\d+\.html$"
    r"|/(?:post_|content_|article)?(?:[0-9a-f]{32}|[0-9a-f-]{36}|\d{6,})\.(?:s?html|jhtml)$"
)


def path_class(path: str) -> str:
    """What a path is by its shape: robots, document, list, column, home or other."""
    if path == "/":
        return "home"
    if _DOCUMENT.search(path):
        return "document"
    if path.rpartition("/")[2].startswith("index"):
        return "column" if path.startswith("/col/") else "list"
    return next((name for start, name in PATH_CLASSES if path.startswith(start)), "other")


@dataclass(frozen=True, slots=True)
class Logged:
    """One request: `at` in seconds of a monotonic clock."""

    at: float
    host: str
    method: str
    address: str
    kind: str
    status: int
    forbidden: bool


class Journal:
    """Collects requests from all threads and sums them up."""

    def __init__(self) -> None:
        self._lines: list[Logged] = []
        self._lock = threading.Lock()

    def add(self, line: Logged) -> None:
        """Notes a request."""
        with self._lock:
            self._lines.append(line)

    def reset(self) -> None:
        """Forgets everything."""
        with self._lock:
            self._lines.clear()

    def documents(self) -> Counter[str]:
        """How often each document was asked for, by host and address; parameters are in the order of their names."""
        with self._lock:
            return Counter(f"{line.host}{line.address}" for line in self._lines if line.kind == "document")

    def summary(self) -> dict[str, Any]:
        """Per host: requests, classes, statuses, forbidden requests, times and the shortest distance in seconds.

        Also the total of requests and of forbidden ones, and every document's address with how often it was asked for.
        """
        with self._lock:
            lines = list(self._lines)
        by_host: dict[str, list[Logged]] = defaultdict(list)
        for line in lines:
            by_host[line.host].append(line)
        return {
            "requests": len(lines),
            "forbidden": sum(line.forbidden for line in lines),
            "hosts": {host: _host_summary(each) for host, each in sorted(by_host.items())},
            "documents": dict(sorted(self.documents().items())),
        }


def _host_summary(lines: Iterable[Logged]) -> dict[str, Any]:
    lines = sorted(lines, key=lambda line: line.at)
    return {
        "requests": len(lines),
        "forbidden": sum(line.forbidden for line in lines),
        "classes": Counter(line.kind for line in lines),
        "statuses": Counter(str(line.status) for line in lines),
        "shortest_distance": min((round(b.at - a.at, 4) for a, b in pairwise(lines)), default=None),
        "times": [round(line.at, 4) for line in lines],
    }
