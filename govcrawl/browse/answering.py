"""From a request to an answer: the only place, beside the plugin's hooks, that knows Datasette.

A page's SELECTs run on Datasette's read-only connection, inside its time limit and inside one transaction, so that a
page never mixes two states of a database that a crawl is writing to.
"""

import json
import sqlite3
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, unquote, urlencode

from datasette.utils import sqlite_timelimit
from datasette.utils.asgi import Response

from govcrawl.archive.projection import DATABASE
from govcrawl.browse import editing
from govcrawl.browse.catalogue import PAGES
from govcrawl.browse.charts import chart
from govcrawl.browse.page import Asked, Content, NotHereError, Page, QuestionError
from govcrawl.browse.replay import replayed
from govcrawl.browse.safety import PAGE_POLICY, REPLAY_POLICY, web_address
from govcrawl.browse.words import LANGUAGES, name_of, preferred, words
from govcrawl.errors import ArchiveError, RecordError

NAME = DATABASE.removesuffix(".db")
"""What Datasette calls an archive's database."""

REPLAY = "^/-/replay/(?P<capture>[^/]+)$"
"""The addresses of archived pages made inert."""

_FAULTS = {NotHereError: 404, QuestionError: 400, RecordError: 500, ArchiveError: 500}
T = TypeVar("T")


async def answer(page: Page, datasette: Any, request: Any) -> Any:
    """The page as HTML or JSON; a fault of the question as a page that says so."""
    await allowed(datasette, request)
    as_json = request.url_vars.get("format") is not None
    try:
        content = await ask(page.content, datasette, request)
    except tuple(_FAULTS) as error:
        return await fault(datasette, request, _FAULTS[type(error)], str(error), as_json=as_json)
    except sqlite3.OperationalError as error:
        if str(error) != "interrupted":
            raise
        message = "this took too long and was stopped; ask for less, or use the tables"
        return await fault(datasette, request, 503, message, as_json=as_json)
    if as_json:
        return _json(content, 200)
    return await show(datasette, request, f"{page.name}.html", {"page": content, "name": page.name})


async def replay(datasette: Any, request: Any) -> Any:
    """The inside of the frame that shows an archived page."""
    await allowed(datasette, request)
    try:
        text = await ask(replayed, datasette, request)
    except tuple(_FAULTS) as error:
        return await fault(datasette, request, _FAULTS[type(error)], str(error))
    return Response.html(text, headers={"content-security-policy": REPLAY_POLICY})


async def allowed(datasette: Any, request: Any) -> None:
    """Nothing, where Datasette lets who asks see the database; otherwise its Forbidden."""
    permissions = [("view-database", NAME), "view-instance"]
    await datasette.ensure_permissions(request.actor, permissions)


async def ask(content: Callable[[sqlite3.Connection, Asked], T], datasette: Any, request: Any) -> T:
    """What a page says to a request."""
    database = _database(datasette)
    asked = asked_by(datasette, request)
    limit = datasette.setting("sql_time_limit_ms")
    said: T = await database.execute_fn(partial(_within, limit, content, asked))
    return said


def asked_by(datasette: Any, request: Any) -> Asked:
    """What a request asks for."""
    path = {key: unquote(value) for key, value in request.url_vars.items() if value and key != "format"}
    query = {key: request.args.get(key) for key in request.args}
    return Asked(archive_of(datasette), path, query, editing.is_editor(request.actor))


def archive_of(datasette: Any) -> Path:
    """The folder of the archive that is shown."""
    return Path(_database(datasette).path).absolute().parent


def _database(datasette: Any) -> Any:
    if NAME not in datasette.databases:
        raise NotHereError(f"{DATABASE}: open the database of an archive under this name to see its pages")
    return datasette.databases[NAME]


def _within(
    limit_ms: int, content: Callable[[sqlite3.Connection, Asked], T], asked: Asked, connection: sqlite3.Connection
) -> T:
    with sqlite_timelimit(connection, limit_ms):
        connection.execute("BEGIN")
        try:
            return content(connection, asked)
        finally:
            connection.rollback()


async def fault(datasette: Any, request: Any, status: int, message: str, *, as_json: bool = False) -> Any:
    """A page that says what is wrong with the question."""
    if as_json:
        return _json({"ok": False, "error": message, "status": status}, status)
    content = {"status": status, "message": message}
    return await show(datasette, request, "fault.html", {"page": content, "name": "fault"}, status)


def _json(content: Content, status: int) -> Any:
    text = json.dumps(content, ensure_ascii=False, indent=1)
    return Response(text, status, {"content-security-policy": PAGE_POLICY}, "application/json; charset=utf-8")


async def show(datasette: Any, request: Any, template: str, context: Content, status: int = 200) -> Any:
    """A template of `plugin/templates/govcrawl` as an answer, with the words and links of the reader's language."""
    language = preferred(request.args.get("lang"), request.headers.get("accept-language", ""))
    tools = {
        "lang": language,
        "languages": [(other, _elsewhere(request, {"lang": other})) for other in LANGUAGES],
        "t": partial(words, language),
        "named": partial(name_of, language),
        "link": partial(_linked, datasette, _chosen(request)),
        "narrowed": partial(_narrowed, request),
        "as_json": _elsewhere(request, {}, ".json"),
        "web_address": web_address,
        "chart": chart,
        "menu": [page for page in PAGES if page.in_menu],
        "editing": editing.is_open(datasette),
        "editor": editing.is_editor(request.actor),
    }
    text = await datasette.render_template(f"govcrawl/{template}", {**tools, **context}, request=request)
    headers = {"content-security-policy": PAGE_POLICY, "vary": "accept-language", "content-language": language}
    return Response.html(text, status=status, headers=headers)


def link(datasette: Any, request: Any, path: str, /, **query: object) -> str:
    """An address on this server: `path` percent-encoded, with what `query` adds and the language that was chosen."""
    return _linked(datasette, _chosen(request), path, **query)


def _chosen(request: Any) -> Mapping[str, str]:
    """What every link of a page carries on: the language, where the reader chose it."""
    language = request.args.get("lang")
    return {"lang": language} if language in LANGUAGES else {}


def _linked(datasette: Any, chosen: Mapping[str, str], path: str, /, **query: object) -> str:
    asked = {**{key: str(value) for key, value in query.items() if value not in (None, "")}, **chosen}
    address = datasette.urls.path(quote(path, safe="/:-~,()"))
    return f"{address}?{urlencode(asked)}" if asked else str(address)


def _narrowed(request: Any, **changes: object) -> str:
    """The address asked for with other parameters; one that is None is left out."""
    asked = {**{key: request.args.get(key) for key in request.args}, **changes}
    return f"{request.path}?{urlencode({key: value for key, value in asked.items() if value not in (None, '')})}"


def _elsewhere(request: Any, changes: Mapping[str, str], suffix: str = "") -> str:
    """The address asked for with some parameters changed."""
    path = request.path if request.path != "/" or not suffix else "/index"
    query = urlencode({**{key: request.args.get(key) for key in request.args}, **changes})
    return f"{path}{suffix}{'?' * bool(query)}{query}"
