"""What a reader may do: log in, and give a verdict on an issue. Everything else about an archive is read-only.

A verdict is a line appended to `verdicts.jsonl`; no server of ours opens the database for writing. A form counts only
with the anti-forgery token of the page it stands on (Datasette checks it), and the login cookie is for this site alone.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from datasette.utils.asgi import Forbidden, Response

from govcrawl.browse import editing, verdict_file
from govcrawl.browse.answering import NAME, allowed, archive_of, fault, link, show
from govcrawl.db.store.verdicts import Verdict
from govcrawl.errors import UsageError
from govcrawl.vocabulary import Decision
from govcrawl.warc import timestamp

_LOGIN, _ISSUES = "/-/login", "/-/issues"
_LONGEST_NOTE = 1_000
_ADDRESS = re.compile(r"[!-\"$-~]+")
"""What an address is written with that goes into a header, without a fragment."""
_KNOWN = "SELECT 1 FROM issues WHERE stable_key = ? LIMIT 1"


async def log_in(datasette: Any, request: Any) -> Any:
    """The login form; with the right token, a cookie and the way to the issues."""
    if request.method != "POST":
        return await show(datasette, request, "login.html", {"page": {"wrong": False}, "name": "login"})
    posted = await request.post_vars()
    actor = editing.actor_for(datasette, posted.get("token", "").strip())
    if actor is None:
        return await show(datasette, request, "login.html", {"page": {"wrong": True}, "name": "login"}, status=403)
    response = Response.redirect(link(datasette, request, _ISSUES), status=303)
    signed = datasette.sign({"a": actor}, "actor")
    response.set_cookie("ds_actor", signed, httponly=True, samesite="strict", path=datasette.urls.path("/"))
    return response


async def give_verdict(datasette: Any, request: Any) -> Any:
    """Append what an editor decided, and go back to where the form stood."""
    await allowed(datasette, request)
    if request.method != "POST" or not editing.is_open(datasette) or not editing.is_editor(request.actor):
        raise Forbidden("log in at /-/login to give verdicts")
    posted = await request.post_vars()
    try:
        verdict = verdict_from(posted, datetime.now(UTC))
    except UsageError as error:
        return await fault(datasette, request, 400, str(error))
    if not (await datasette.databases[NAME].execute(_KNOWN, (verdict.stable_key,))).rows:
        return await fault(datasette, request, 404, f"{verdict.stable_key}: there is no issue of this key")
    verdict_file.append(archive_of(datasette), verdict)
    back = posted.get("back", "")
    known = back.startswith(f"{datasette.urls.path(_ISSUES)}?") and _ADDRESS.fullmatch(back)
    address = back if known else link(datasette, request, _ISSUES)
    return Response.redirect(f"{address}#issue-{quote(posted.get('id', ''))}", status=303)


def verdict_from(posted: Mapping[str, str], now: datetime) -> Verdict:
    """What a form says; UsageError where it is no decision, or its note is too long."""
    decision, note = posted.get("verdict", ""), posted.get("note", "").strip()
    if decision not in tuple(Decision):
        raise UsageError(f"verdict={decision}: give one of {', '.join(Decision)}")
    if len(note) > _LONGEST_NOTE:
        raise UsageError(f"the note has {len(note)} characters; give at most {_LONGEST_NOTE}")
    return Verdict(posted.get("stable_key", ""), decision, timestamp(now), note or None)


View = Callable[..., Awaitable[Any]]
ROUTES: tuple[tuple[str, View], ...] = ((rf"^{_LOGIN}$", log_in), (r"^/-/verdict$", give_verdict))
