"""What a browser may do with an answer of ours: as good as nothing.

What was archived is written by others. It reaches a reader only as text escaped by the templates, or through `replay`
inside a frame that has neither scripts nor a network. The headers here hold even where escaping should fail.
"""

from typing import Any
from urllib.parse import urlsplit

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""For our own pages: nothing inline runs, nothing comes from elsewhere."""

REPLAY_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
"""For an archived page: no script, no network, no form, an origin of its own; also when opened without its frame."""

DATASETTE_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; object-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""For the pages of Datasette itself, whose templates hold inline scripts; what they show is escaped by Datasette."""

HEADERS = {
    "content-security-policy": DATASETTE_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
"""What every answer carries unless it says otherwise itself."""


def web_address(address: str | None) -> str | None:
    """An address of the archive that may stand in a link: http or https with a host; None for any other."""
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.netloc else None


def guarded(app: Any) -> Any:
    """The ASGI application, its answers carrying `HEADERS` where they do not say otherwise."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        async def guarded_send(message: Any) -> None:
            if message["type"] == "http.response.start":
                said = {name.lower() for name, _ in message.get("headers", ())}
                missing = [(name, value) for name, value in _ENCODED if name not in said]
                message = {**message, "headers": [*message.get("headers", ()), *missing]}
            await send(message)

        await app(scope, receive, guarded_send)

    return application


_ENCODED = tuple((name.encode(), value.encode()) for name, value in HEADERS.items())
