"""The Datasette plugin: our pages, and descriptions, units, labels and canned queries for the tables behind them."""

from collections.abc import Awaitable, Callable
from functools import cache, partial
from typing import Any

from datasette import hookimpl
from markupsafe import Markup

from govcrawl import __version__, forms
from govcrawl.browse import deeds
from govcrawl.browse.answering import NAME, REPLAY, answer, replay
from govcrawl.browse.catalogue import PAGES
from govcrawl.browse.downloads import safe_downloads
from govcrawl.browse.following import following
from govcrawl.browse.page import Page
from govcrawl.browse.pointers import pointer
from govcrawl.browse.queries import QUERIES
from govcrawl.browse.safety import guarded
from govcrawl.browse.sparing import sparing
from govcrawl.browse.words import words
from govcrawl.db.queries.relations import Relation, relations
from govcrawl.db.schema import load_schema

_TIMES = ("seen_at", "fetched_at", "started_at", "at", "year")
"""A table with one of these shows its newest rows first."""


@hookimpl  # type: ignore[untyped-decorator]
def register_routes(datasette: Any) -> list[tuple[str, Callable[..., Awaitable[Any]]]]:
    """The addresses of our pages; none where Datasette shows other databases only, and `/` is its own."""
    if NAME not in datasette.databases:
        return []
    return [*((page.pattern, _view(page)) for page in PAGES), (REPLAY, replay), *deeds.ROUTES]


def _view(page: Page) -> Callable[..., Awaitable[Any]]:
    async def view(datasette: Any, request: Any) -> Any:
        return await answer(page, datasette, request)

    return view


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper(datasette: Any) -> Callable[[Any], Any]:
    """What holds for every address, Datasette's own too: see the modules named."""

    def wrapped(app: Any) -> Any:
        return guarded(safe_downloads(sparing(following(app, datasette, NAME), NAME, _views())))

    return wrapped


@cache
def _views() -> frozenset[str]:
    return frozenset(relation.name for relation in promised() if not relation.key)


@hookimpl  # type: ignore[untyped-decorator]
def render_cell(datasette: Any, value: Any, column: str, table: str | None, database: str) -> Markup | None:
    """A link to our page from each cell of Datasette's tables that names a report, a capture or a figure."""
    name = value["value"] if isinstance(value, dict) else value  # with its label, where it refers to another table
    address = pointer(table, column, name) if database == NAME else None
    return Markup('<a href="{}">{}</a>').format(datasette.urls.path(address), name) if address else None


@hookimpl  # type: ignore[untyped-decorator]
def menu_links(datasette: Any) -> list[dict[str, str]]:
    """Our pages in Datasette's own menu."""
    shown = (page for page in PAGES if page.in_menu)
    return [{"href": datasette.urls.path(page.route), "label": words("en", f"{page.name}.title")} for page in shown]


@hookimpl  # type: ignore[untyped-decorator]
def get_metadata(datasette: Any, key: str | None, database: str | None, table: str | None) -> dict[str, Any]:
    """What Datasette shows beside the tables; the same whichever part it asks for."""
    del datasette, key, database, table
    return metadata()


@hookimpl  # type: ignore[untyped-decorator]
def extra_template_vars(datasette: Any) -> Callable[[], Awaitable[dict[str, Any]]]:
    """What every page says: the version, and whether the archive is of the replica."""
    return partial(_footer, datasette)


async def _footer(datasette: Any) -> dict[str, Any]:
    known = datasette.databases.get(NAME)
    found = await known.execute("SELECT value FROM archive WHERE name = 'origin'") if known else ()
    return {"govcrawl_version": __version__, "govcrawl_origin": next((row[0] for row in found), None)}


@cache
def promised() -> tuple[Relation, ...]:
    """The tables and views that readers are shown."""
    return relations(forms.load_forms().by_number.values())


@cache
def metadata() -> dict[str, Any]:
    """Datasette's metadata for the database `govcrawl`: tables with their descriptions, hidden ones, canned queries."""
    unseen = ("_sqlite_migrations", *(name for name, table in load_schema().tables.items() if table.hidden))
    hidden = {name: {"hidden": True} for name in unseen}
    shown = {relation.name: _described(relation) for relation in promised()}
    return {
        "title": "govcrawl",
        "description": "Annual reports on open government information in China, checked down to the byte.",
        "databases": {NAME: {"tables": {**shown, **hidden}, "queries": dict(QUERIES)}},
    }


def _described(relation: Relation) -> dict[str, Any]:
    columns = {
        column.name: f"{column.about} Unit: {column.unit}." if column.unit else column.about
        for column in relation.columns
    }
    label = next((name for name in ("title", "name", "heading") if name in columns), None)
    newest = next((name for name in _TIMES if name in columns), None)
    facets = [column.name for column in relation.columns if column.words or column.name == "year"]
    return {
        "description": relation.about,
        "columns": columns,
        **({"label_column": label} if label else {}),
        **({"sort_desc": newest} if newest and relation.key else {}),
        **({"facets": facets} if facets and relation.key else {}),
    }
