"""The two modes of a crawl, live and replica, and the paces that go with each.

An add-on rather than settings of the project, because which values hold depends on another setting, and because
anything the user sets on the command line still wins.
"""

import json
import logging
import math
import os
from collections.abc import Mapping
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings

from govcrawl.errors import UsageError

_logger = logging.getLogger(__name__)

LIVE: Mapping[str, Any] = {
    "DOWNLOAD_DELAY": 2.0,  # seconds between two requests to a registered domain
    "GOVCRAWL_BACKEND_DELAY": 0.25,  # at most four requests a second into a back-end that portals share
    "GOVCRAWL_BACKOFF": 60.0,  # seconds before a failed attempt is made again; four times as long after the second
    "GOVCRAWL_REST": 300.0,  # seconds that a host rests after failures in a row, longer each time
    "GOVCRAWL_PATIENCE": 900.0,  # seconds a run waits for the next due request before it leaves the rest to a later run
    "GOVCRAWL_RENDER_SECONDS": 240.0,  # seconds a page in a browser may take, its requests at the usual pace included
    "DOWNLOAD_TIMEOUT": 60.0,
    "DOWNLOAD_HANDLERS": dict.fromkeys(("http", "https"), "govcrawl.crawl.single_send.OnceDownloadHandler"),
}
REPLICA: Mapping[str, Any] = {
    "DOWNLOAD_DELAY": 0.02,
    "GOVCRAWL_BACKEND_DELAY": 0.0,
    "GOVCRAWL_BACKOFF": 0.1,
    "GOVCRAWL_REST": 600.0,
    "GOVCRAWL_PATIENCE": 3.0,
    "GOVCRAWL_RENDER_SECONDS": 60.0,
    "DOWNLOAD_TIMEOUT": 10.0,
    "DOWNLOAD_HANDLERS": dict.fromkeys(("http", "https"), "govcrawl.crawl.replica_handler.ReplicaDownloadHandler"),
}

NUMERIC_SETTINGS = (
    *(name for name, value in LIVE.items() if isinstance(value, float)),
    "GOVCRAWL_ROBOTS_SECONDS",
    "GOVCRAWL_PROBES",
)
"""The settings that have to be numbers."""

MAX_VANTAGE = 64
"""Characters."""


class Mode:
    """Scrapy add-on that sets the values of the mode, and in replica mode the hosts that the replica serves."""

    def update_settings(self, settings: BaseSettings) -> None:
        """Choose the mode by `GOVCRAWL_REPLICA`; UsageError for a setting that is no use."""
        check_numbers(settings)
        replica = settings.get("GOVCRAWL_REPLICA")
        check_vantage(settings.get("GOVCRAWL_VANTAGE") or "")
        if not replica and _was_given(settings):
            raise UsageError("GOVCRAWL_REPLICA is empty; give a replica's address, or leave it out for a live crawl")
        if not replica and not settings.getbool("DOWNLOAD_VERIFY_CERTIFICATES"):
            _logger.warning("DOWNLOAD_VERIFY_CERTIFICATES=False: whoever stands between may have written what is kept")
        for name, value in (REPLICA if replica else LIVE).items():
            settings.set(name, value, priority="addon")
        if replica:
            settings.set("GOVCRAWL_HOSTS", served_hosts(replica), priority="addon")


def check_numbers(settings: BaseSettings) -> None:
    """Raise UsageError for a setting that has to be a number, and is none, or is below zero, or has no end."""
    for name in NUMERIC_SETTINGS:
        value = settings.get(name)
        try:
            is_number = value is None or 0 <= float(value) < math.inf
        except (TypeError, ValueError):
            is_number = False
        if not is_number:
            raise UsageError(f"{name}={value}: give a number, 0 or more")


def check_vantage(told: str) -> None:
    """Raise UsageError for a vantage point that is no short text in one line."""
    if len(told) > MAX_VANTAGE or not told.isprintable() or told != told.strip():
        raise UsageError(f"GOVCRAWL_VANTAGE: give at most {MAX_VANTAGE} printable characters, such as CN-33 or DE")


def _was_given(settings: BaseSettings) -> bool:
    """Whether the user named a replica at all: a variable that came out empty must never mean the live portals."""
    by_hand = settings.getpriority("GOVCRAWL_REPLICA") or 0
    return "GOVCRAWL_REPLICA" in os.environ or by_hand >= SETTINGS_PRIORITIES["cmdline"]


def served_hosts(base: str) -> list[str]:
    """The hosts that the replica at `base` serves; raises UsageError for an address that is no replica on loopback."""
    parts = urlsplit(base)
    if parts.scheme != "http" or parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise UsageError(f"GOVCRAWL_REPLICA={base}: give the address `govcrawl replica` prints, http://127.0.0.1:PORT")
    try:
        with urlopen(f"{base.rstrip('/')}/.replica/hosts", timeout=10) as answer:  # noqa: S310 - checked to be loopback
            return [str(host) for host in json.load(answer)]
    except (URLError, OSError, ValueError) as error:
        raise UsageError(
            f"GOVCRAWL_REPLICA={base}: no replica answers there; start one with `govcrawl replica`"
        ) from error
