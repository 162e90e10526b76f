"""Who may give verdicts: a reader with the token that `govcrawl serve` printed, and nobody under plain Datasette."""

import hmac
import secrets
from typing import Any
from weakref import WeakKeyDictionary

_EDITOR = {"id": "editor", "name": "editor"}
_tokens: WeakKeyDictionary[Any, str] = WeakKeyDictionary()


def issue_editor_token(datasette: Any) -> str:
    """The token with which a reader of this server logs in as an editor; from now on the server accepts verdicts."""
    return _tokens.setdefault(datasette, secrets.token_urlsafe(24))


def accepts_verdicts(datasette: Any) -> bool:
    """Whether this server has a token, so that somebody can give verdicts."""
    return datasette in _tokens


def is_editor(actor: Any) -> bool:
    """Whether Datasette's actor of a request is an editor."""
    return isinstance(actor, dict) and actor.get("id") == _EDITOR["id"]


def editor_with_token(datasette: Any, token: str) -> dict[str, str] | None:
    """The actor that the token makes of a reader; None for a wrong token."""
    known = _tokens.get(datasette)
    return dict(_EDITOR) if known and hmac.compare_digest(known.encode(), token.encode()) else None
