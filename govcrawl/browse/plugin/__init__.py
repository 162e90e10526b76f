"""The Datasette plugin: our pages beside Datasette's, and what Datasette shows of our tables."""

import sqlite3
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from datasette import hookimpl
from datasette.utils.asgi import Response
from markupsafe import Markup

from govcrawl import __version__
from govcrawl.browse.actions import ACTION_ROUTES
from govcrawl.browse.asgi import wrap_datasette
from govcrawl.browse.datasette_tables import cell_link, datasette_metadata, view_names
from govcrawl.browse.i18n import translate
from govcrawl.browse.page import BrowsePage
from govcrawl.browse.responses import DATABASE_NAME, page_response, replay_response
from govcrawl.browse.routes import BROWSE_PAGES, MENU_PAGES, REPLAY_PATTERN
from govcrawl.browse.sql_limits import TOO_MUCH, limit_results
from govcrawl.errors import ArchiveError


@hookimpl  # type: ignore[untyped-decorator]
def register_routes(datasette: Any) -> list[tuple[str, Callable[..., Awaitable[Any]]]]:
    """The addresses of our pages; none where Datasette shows other databases only, and `/` is its own."""
    if DATABASE_NAME not in datasette.databases:
        return []
    pages = ((page.pattern, _view(page)) for page in BROWSE_PAGES)
    return [*pages, (REPLAY_PATTERN, replay_response), *ACTION_ROUTES]


def _view(page: BrowsePage) -> Callable[..., Awaitable[Any]]:
    async def view(datasette: Any, request: Any) -> Any:
        return await page_response(page, datasette, request)

    return view


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper(datasette: Any) -> Callable[[Any], Any]:
    """What holds for every address, Datasette's own too."""
    return partial(wrap_datasette, datasette=datasette, database=DATABASE_NAME, views=view_names())


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(datasette: Any, value: Any, column: str, table: str | None, database: str) -> Markup | None:
    """A link to our page from each cell of Datasette's tables that names a report, a capture or a figure."""
    name = value["value"] if isinstance(value, dict) else value  # with its label, where it refers to another table
    path = cell_link(table, column, name) if database == DATABASE_NAME else None
    return Markup('<a href="{}">{}</a>').format(datasette.urls.path(path), name) if path else None


@hookimpl  # type: ignore[untyped-decorator]
def menu_links(datasette: Any) -> list[dict[str, str]]:
    """Our pages in Datasette's own menu."""
    return [
        {"href": datasette.urls.path(page.route), "label": translate("en", f"{page.name}.title")} for page in MENU_PAGES
    ]


@hookimpl  # type: ignore[untyped-decorator]
def get_metadata(datasette: Any, key: str | None, database: str | None, table: str | None) -> dict[str, Any]:
    """What Datasette shows beside the tables; the same whichever part it asks for."""
    del datasette, key, database, table
    return datasette_metadata(DATABASE_NAME)


@hookimpl  # type: ignore[untyped-decorator]
def extra_template_vars(datasette: Any) -> Callable[[], Awaitable[dict[str, Any]]]:
    """What every page says: the version, and the origin of the archive."""
    return partial(_footer, datasette)


async def _footer(datasette: Any) -> dict[str, Any]:
    known = datasette.databases.get(DATABASE_NAME)
    found = await known.execute("SELECT value FROM archive WHERE name = 'origin'") if known else ()
    return {"govcrawl_version": __version__, "govcrawl_origin": next((row[0] for row in found), None)}


@hookimpl  # type: ignore[untyped-decorator]
def prepare_connection(conn: sqlite3.Connection, database: str) -> None:
    """Limits of what a SELECT may give; Datasette's own tables about tables have none."""
    if database != "_internal":
        limit_results(conn)


@hookimpl  # type: ignore[untyped-decorator]
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Any:
    """The answer where Datasette has none of its own: a value that is too long, a database that cannot be opened."""
    if isinstance(exception, ArchiveError):  # without a template, which would ask the database
        return Response.text(f"{exception}\n", status=503)
    if why := TOO_MUCH.get(type(exception)):
        from datasette.handle_exception import handle_exception as datasette_answer  # noqa: PLC0415 - while Datasette
        from datasette.views.base import DatasetteError  # noqa: PLC0415 - loads its plugins, these load Datasette

        return datasette_answer(datasette, request, DatasetteError(why, title="Invalid SQL", status=400))
    return None
