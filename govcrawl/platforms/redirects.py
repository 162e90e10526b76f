"""Where a response sends its reader on: the Location header, a meta refresh, or a script shell that only moves on.

Redirects are followed through the frontier like any other request, so that the robots gate, the pace and the registry
hold for every hop, and a crash between two hops loses nothing.
"""

import re
from urllib.parse import urljoin

from govcrawl.models import Exchange

MAX_HOPS = 5
SHELL_BYTES = 4096  # a page that only moves on is short; a longer one has content of its own

_META_REFRESH = re.compile(
    rb"""<meta[^>]+http-equiv\s*=\s*["']?refresh["']?[^>]*content\s*=\s*["']?\s*\d+\s*;\s*url\s*=\s*["']?([^"'>\s]+)""",
    re.IGNORECASE,
)
_SCRIPT_MOVE = re.compile(
    rb"""(?:window|document|self|top)?\.?location(?:\.href|\.replace\()?\s*[=(]\s*["']([^"']+)["']""", re.IGNORECASE
)


def redirect_target(exchange: Exchange) -> str | None:
    """The absolute address an answer sends on to, or None.

    Status 301, 302, 303, 307 and 308 with a Location header; else, for a body of at most 4 KiB, a meta refresh or a
    script that does nothing but set the location. The target is not checked against any registry here.
    """
    response = exchange.response
    target = _location(exchange) if response.status in {301, 302, 303, 307, 308} else _shell_target(response.body)
    return urljoin(response.url, target) if target else None


def _location(exchange: Exchange) -> str | None:
    return exchange.response.header("Location")


def _shell_target(body: bytes) -> str | None:
    if len(body) > SHELL_BYTES:
        return None
    match = _META_REFRESH.search(body) or _SCRIPT_MOVE.search(body)
    return match[1].decode("utf-8", "replace") if match else None
