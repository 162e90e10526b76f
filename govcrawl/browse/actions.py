"""What a reader may do: log in, and give a verdict on an issue. Everything else about an archive is read-only.

A verdict is a line appended to `verdicts.jsonl`; no server of ours opens the database for writing. Datasette accepts a
form only with the anti-forgery token of its page, and the login cookie is for this site alone.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from datasette.utils.asgi import Forbidden, Response

from govcrawl.browse.editor_access import accepts_verdicts, editor_with_token, is_editor
from govcrawl.browse.responses import (
    DATABASE_NAME,
    archive_folder,
    ensure_allowed,
    error_response,
    link_to,
    template_response,
)
from govcrawl.browse.verdict_file import append_verdict
from govcrawl.db.store.verdicts import Verdict
from govcrawl.errors import UsageError
from govcrawl.vocabulary import Decision
from govcrawl.warc import timestamp

_LOGIN, _ISSUES = "/-/login", "/-/issues"
_MAX_NOTE = 1_000
_HEADER_SAFE = re.compile(r"[!-\"$-~]+")  # what may stand in a Location header before a fragment
_KNOWN = "SELECT 1 FROM issues WHERE stable_key = ? LIMIT 1"


@dataclass(frozen=True, slots=True)
class LoginContent:
    """What the login page says."""

    wrong: bool  # true: the token that was given is wrong


async def log_in(datasette: Any, request: Any) -> Any:
    """The login form; with the right token, a cookie and a redirect to the issues."""
    if request.method != "POST":
        return await template_response(datasette, request, "login", LoginContent(wrong=False))
    posted = await request.post_vars()
    actor = editor_with_token(datasette, posted.get("token", "").strip())
    if actor is None:
        return await template_response(datasette, request, "login", LoginContent(wrong=True), status=403)
    response = Response.redirect(link_to(datasette, request, _ISSUES), status=303)
    signed = datasette.sign({"a": actor}, "actor")
    response.set_cookie("ds_actor", signed, httponly=True, samesite="strict", path=datasette.urls.path("/"))
    return response


async def give_verdict(datasette: Any, request: Any) -> Any:
    """Append an editor's verdict, and go back to the page of the form."""
    await ensure_allowed(datasette, request)
    if request.method != "POST" or not accepts_verdicts(datasette) or not is_editor(request.actor):
        raise Forbidden("log in at /-/login to give verdicts")
    posted = await request.post_vars()
    try:
        verdict = posted_verdict(posted, datetime.now(UTC))
    except UsageError as error:
        return await error_response(datasette, request, 400, str(error))
    if not (await datasette.databases[DATABASE_NAME].execute(_KNOWN, (verdict.stable_key,))).rows:
        return await error_response(datasette, request, 404, f"{verdict.stable_key}: there is no issue of this key")
    try:
        append_verdict(archive_folder(datasette), verdict)
    except OSError as error:
        why = f"{error.filename}: the verdict was not kept ({error.strerror}); get the permission, or make room"
        return await error_response(datasette, request, 403 if isinstance(error, PermissionError) else 500, why)
    back = posted.get("back", "")
    is_ours = back.startswith(f"{datasette.urls.path(_ISSUES)}?") and _HEADER_SAFE.fullmatch(back)
    address = back if is_ours else link_to(datasette, request, _ISSUES)
    return Response.redirect(f"{address}#issue-{quote(posted.get('id', ''))}", status=303)


def posted_verdict(posted: Mapping[str, str], now: datetime) -> Verdict:
    """The verdict of a form; UsageError where it is no decision, or its note is too long."""
    decision, note = posted.get("verdict", ""), posted.get("note", "").strip()
    if decision not in tuple(Decision):
        raise UsageError(f"verdict={decision}: give one of {', '.join(Decision)}")
    if len(note) > _MAX_NOTE:
        raise UsageError(f"the note has {len(note)} characters; give at most {_MAX_NOTE}")
    return Verdict(posted.get("stable_key", ""), decision, timestamp(now), note or None)


ACTION_ROUTES: tuple[tuple[str, Callable[..., Awaitable[Any]]], ...] = (
    (rf"^{_LOGIN}$", log_in),
    (r"^/-/verdict$", give_verdict),
)
