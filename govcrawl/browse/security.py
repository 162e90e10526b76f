"""What a browser may do with our answers: content security policies, and which archived addresses may be links.

What was archived was written by others. It reaches a reader as text that the templates escape, or as a sanitized page
inside a frame without scripts and without a network. The policies hold even where escaping should fail.
"""

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
"""For Datasette's own pages, whose templates hold inline scripts; Datasette escapes what they show."""

SECURITY_HEADERS = {
    "content-security-policy": DATASETTE_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
"""The headers of every answer that does not set its own."""


def safe_url(address: str | None) -> str | None:
    """An archived address that may stand in a link: http or https with a host; None for any other."""
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.netloc else None
