"""No counting and no facets over views: they would read every cell of every report for each page that shows fifty."""

from collections.abc import Collection
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

_SPARED = {"_nocount": "1", "_nofacet": "1"}


def sparing(app: Any, database: str, views: Collection[str]) -> Any:
    """The ASGI application, asked for a page of one of the views as if with `_nocount` and `_nofacet`.

    Facets that an address asks for by name are still worked out, within Datasette's time limit.
    """

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and _view(scope["path"], database) in views:
            scope = {**scope, "query_string": _spared(scope.get("query_string", b""))}
        await app(scope, receive, send)

    return application


def _view(path: str, database: str) -> str | None:
    """The name of the table or view of an address of Datasette."""
    _, found, rest = unquote(path).partition(f"/{database}/")
    return rest.partition("/")[0].partition(".")[0] if found else None


def _spared(query: bytes) -> bytes:
    asked = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    names = {name for name, _ in asked}
    facets = any(name.startswith("_facet") for name in names)
    more = {name: value for name, value in _SPARED.items() if name not in names and not (facets and name == "_nofacet")}
    return urlencode([*asked, *more.items()]).encode("latin-1")
