"""From a request to a response: beside the actions and the plugin's hooks, the only place that knows Datasette.

A page's SELECTs run on Datasette's read-only connection, inside its time limit and inside one transaction, so that a
page never mixes two states of a database that a crawl is writing to.
"""

import sqlite3
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, unquote, urlencode

from datasette.utils import add_cors_headers, sqlite_timelimit
from datasette.utils.asgi import Response

from govcrawl.archive.layout import DATABASE
from govcrawl.browse.archived_page import sanitized_page
from govcrawl.browse.charts import chart_url
from govcrawl.browse.editor_access import accepts_verdicts, is_editor
from govcrawl.browse.i18n import LANGUAGES, preferred_language, term, translate
from govcrawl.browse.page import (
    BrowsePage,
    ErrorContent,
    InvalidQueryError,
    NotInArchiveError,
    PageRequest,
    content_json,
)
from govcrawl.browse.routes import MENU_PAGES, route_of
from govcrawl.browse.security import PAGE_POLICY, REPLAY_POLICY, safe_url
from govcrawl.browse.sql_limits import without_limits
from govcrawl.errors import ArchiveError, RecordError

DATABASE_NAME = DATABASE.removesuffix(".db")
"""Datasette's name of an archive's database."""

_STATUS_OF_ERROR = {NotInArchiveError: 404, InvalidQueryError: 400, RecordError: 500, ArchiveError: 503}
_Result = TypeVar("_Result")


async def page_response(page: BrowsePage, datasette: Any, request: Any) -> Any:
    """The page as HTML or JSON, or the error page."""
    await ensure_allowed(datasette, request)
    as_json = request.url_vars.get("format") is not None
    try:
        content = await _on_database(page.content, datasette, request)
    except tuple(_STATUS_OF_ERROR) as error:
        return await error_response(datasette, request, _STATUS_OF_ERROR[type(error)], str(error), as_json=as_json)
    except sqlite3.OperationalError as error:
        if str(error) != "interrupted":
            raise
        message = "this took too long and was stopped; ask for less, or use the tables"
        return await error_response(datasette, request, 503, message, as_json=as_json)
    if as_json:
        return _json_response(datasette, content, 200)
    return await template_response(datasette, request, page.name, content)


async def replay_response(datasette: Any, request: Any) -> Any:
    """The sanitized page for the frame that shows an archived page."""
    await ensure_allowed(datasette, request)
    try:
        text = await _on_database(sanitized_page, datasette, request)
    except tuple(_STATUS_OF_ERROR) as error:
        return await error_response(datasette, request, _STATUS_OF_ERROR[type(error)], str(error))
    return Response.html(text, headers={"content-security-policy": REPLAY_POLICY})


async def error_response(datasette: Any, request: Any, status: int, message: str, *, as_json: bool = False) -> Any:
    """The error page, as HTML or JSON."""
    content = ErrorContent(ok=False, error=message, status=status)
    if as_json:
        return _json_response(datasette, content, status)
    return await template_response(datasette, request, "error", content, status)


async def ensure_allowed(datasette: Any, request: Any) -> None:
    """Raises Datasette's Forbidden unless whoever asks may see the database."""
    await datasette.ensure_permissions(request.actor, [("view-database", DATABASE_NAME), "view-instance"])


def archive_folder(datasette: Any) -> Path:
    """The folder of the archive that is shown."""
    return Path(_database(datasette).path).absolute().parent


def _database(datasette: Any) -> Any:
    if DATABASE_NAME not in datasette.databases:
        raise NotInArchiveError(f"{DATABASE}: open the database of an archive under this name to see its pages")
    return datasette.databases[DATABASE_NAME]


async def _on_database(
    content: Callable[[sqlite3.Connection, PageRequest], _Result], datasette: Any, request: Any
) -> _Result:
    """What a function says about the request, from one state of the database."""
    database = _database(datasette)
    path = {key: unquote(value) for key, value in request.url_vars.items() if value and key != "format"}
    asked = PageRequest(archive_folder(datasette), path, _query(request))
    limit = datasette.setting("sql_time_limit_ms")
    result: _Result = await database.execute_fn(partial(_in_transaction, limit, content, asked))
    return result


def _in_transaction(
    limit_ms: int,
    content: Callable[[sqlite3.Connection, PageRequest], _Result],
    request: PageRequest,
    connection: sqlite3.Connection,
) -> _Result:
    with sqlite_timelimit(connection, limit_ms), without_limits(connection):
        connection.execute("BEGIN")
        try:
            return content(connection, request)
        finally:
            connection.rollback()


def _json_response(datasette: Any, content: object, status: int) -> Any:
    headers = {"content-security-policy": PAGE_POLICY}
    if datasette.cors:
        add_cors_headers(headers)
    return Response(content_json(content), status, headers, "application/json; charset=utf-8")


async def template_response(datasette: Any, request: Any, name: str, content: object, status: int = 200) -> Any:
    """The template `govcrawl/<name>.html` filled in with `page`, the content, in the reader's language."""
    language = preferred_language(request.args.get("lang"), request.headers.get("accept-language", ""))
    context = {
        "page": content,
        "name": name,
        "lang": language,
        "languages": [(other, _current_url(datasette, request, {"lang": other})) for other in LANGUAGES],
        "t": partial(translate, language),
        "term": partial(term, language),
        "link": partial(link_to, datasette, request),
        "with_query": partial(_with_query, datasette, request),
        "json_url": _current_url(datasette, request, {}, ".json"),
        "safe_url": safe_url,
        "chart_url": chart_url,
        "menu": MENU_PAGES,
        "accepts_verdicts": accepts_verdicts(datasette),
        "is_editor": is_editor(request.actor),
    }
    text = await datasette.render_template(f"govcrawl/{name}.html", context, request=request)
    headers = {"content-security-policy": PAGE_POLICY, "vary": "accept-language", "content-language": language}
    return Response.html(text, status=status, headers=headers)


# ----------------------------------------------------------------------------------------------------- addresses


def link_to(datasette: Any, request: Any, path: str, /, **query: object) -> str:
    """An address on this server: `path` percent-encoded, the parameters that are not empty, the language chosen."""
    language = request.args.get("lang")
    parameters = _present(query) | ({"lang": language} if language in LANGUAGES else {})
    address = str(datasette.urls.path(quote(path, safe="/:-~,()")))
    return f"{address}?{urlencode(parameters)}" if parameters else address


def _with_query(datasette: Any, request: Any, **changes: object) -> str:
    """The address of the request with parameters changed, or left out where empty."""
    address = datasette.urls.path(_route(datasette, request))
    return f"{address}?{urlencode(_present({**_query(request), **changes}))}"


def _current_url(datasette: Any, request: Any, changes: Mapping[str, str], suffix: str = "") -> str:
    """The address of the request with parameters changed and a suffix to its path."""
    route = _route(datasette, request)
    address = datasette.urls.path(f"{'/index' if route == '/' and suffix else route}{suffix}")
    query = urlencode({**_query(request), **changes})
    return f"{address}?{query}" if query else str(address)


def _route(datasette: Any, request: Any) -> str:
    """The path of the request as our routes have it, percent-encoded."""
    return route_of(request.path, datasette.setting("base_url"))


def _query(request: Any) -> dict[str, str]:
    return {key: request.args.get(key) for key in request.args}


def _present(parameters: Mapping[str, object]) -> dict[str, str]:
    return {key: str(value) for key, value in parameters.items() if value not in (None, "")}
