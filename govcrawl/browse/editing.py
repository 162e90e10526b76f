"""Who may give verdicts: whoever knows the token that `govcrawl serve` printed, and nobody under plain Datasette."""

import hmac
import secrets
from typing import Any
from weakref import WeakKeyDictionary

_EDITOR = {"id": "editor", "name": "editor"}
_tokens: WeakKeyDictionary[Any, str] = WeakKeyDictionary()


def open_editing(datasette: Any) -> str:
    """Let this server take verdicts; the token that a reader logs in with."""
    return _tokens.setdefault(datasette, secrets.token_urlsafe(24))


def is_open(datasette: Any) -> bool:
    """Whether this server takes verdicts at all."""
    return datasette in _tokens


def is_editor(actor: Any) -> bool:
    """Whether who asks has logged in."""
    return isinstance(actor, dict) and actor.get("id") == _EDITOR["id"]


def actor_for(datasette: Any, token: str) -> dict[str, str] | None:
    """Who the token makes a reader; None for a wrong one."""
    known = _tokens.get(datasette)
    return dict(_EDITOR) if known and hmac.compare_digest(known.encode(), token.encode()) else None
