"""The ASGI wrapper around Datasette: what holds for every address, Datasette's own included.

- A database file that a rebuild has replaced is opened anew.
- Views are neither counted nor faceted, unless the address asks for a facet by name: both would read every cell of
  every report for a page that shows fifty rows.
- A CSV answer holds no text that a spreadsheet would run as a formula.
- Every answer carries the security headers.
"""

import csv
import io
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from govcrawl.browse.routes import route_of
from govcrawl.browse.security import SECURITY_HEADERS
from govcrawl.db.connection import opened_state
from govcrawl.publish.spreadsheets import neutral

_NO_COUNTS = {"_nocount": "1", "_nofacet": "1"}
_CSV_TYPES = (b"text/csv", b"text/plain")  # Datasette sends the second where the table is shown in the browser
_HEADERS = tuple((name.encode(), value.encode()) for name, value in SECURITY_HEADERS.items())


def wrap_datasette(app: Any, datasette: Any, database: str, views: Collection[str]) -> Any:
    """Datasette's ASGI application, wrapped; `database` is the name of our database, `views` are those in it."""
    file = _DatabaseFile(datasette, database)

    async def application(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        file.reopen_if_replaced()
        route = route_of(scope["path"], datasette.setting("base_url"))
        await app(_without_counts(scope, _table(route, database) in views), receive, _Answer(route, send).send)

    return application


class _DatabaseFile:
    """The file behind a database that Datasette shows."""

    def __init__(self, datasette: Any, name: str) -> None:
        self._datasette = datasette
        self._name = name
        self._state: tuple[int, ...] | None = None

    def reopen_if_replaced(self) -> None:
        """Open the file again where another one has taken its place, or it changed unseen, since the last call."""
        database = self._datasette.databases.get(self._name)
        if database is None:
            return
        state = opened_state(Path(database.path))
        if self._state is None:
            self._state = state
        elif state not in (None, self._state):
            self._state = state
            self._reopen(database)

    def _reopen(self, database: Any) -> None:
        """Datasette keeps a connection in each thread, so the threads are replaced together with the database."""
        datasette = self._datasette
        datasette.remove_database(self._name)
        datasette.add_database(type(database)(datasette, database.path), self._name)
        if datasette.executor is not None:
            old, datasette.executor = datasette.executor, ThreadPoolExecutor(datasette.setting("num_sql_threads"))
            old.shutdown(wait=False)


# ------------------------------------------------------------------------------------------------------ requests


def _without_counts(scope: Any, is_view: bool) -> Any:
    """The request for a page of a view, with the parameters that switch counting and facets off."""
    if not is_view:
        return scope
    asked = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    names = {name for name, _ in asked}
    facets = any(name.startswith("_facet") for name in names)
    more = {
        name: value for name, value in _NO_COUNTS.items() if name not in names and not (facets and name == "_nofacet")
    }
    return {**scope, "query_string": urlencode([*asked, *more.items()]).encode("latin-1")}


def _table(route: str, database: str) -> str | None:
    """The name of the table or view that an address of Datasette shows."""
    before, found, rest = unquote(route).partition(f"/{database}/")
    return rest.partition("/")[0].partition(".")[0] if found and not before else None


# ------------------------------------------------------------------------------------------------------- answers


class _Answer:
    """An answer on its way out: security headers added, CSV made safe for spreadsheets."""

    def __init__(self, path: str, send: Any) -> None:
        self._path = path
        self._send = send
        self._csv: _CsvRows | None = None

    async def send(self, message: Any) -> None:
        """Pass a message of the answer on."""
        if message["type"] == "http.response.start":
            message = self._started(message)
        elif self._csv is not None and message["type"] == "http.response.body":
            last = not message.get("more_body", False)
            message = {**message, "body": self._csv.take(message.get("body", b""), last=last)}
        await self._send(message)

    def _started(self, message: Any) -> Any:
        headers = {name.lower(): value for name, value in message.get("headers", ())}
        is_csv = self._path.endswith(".csv") and headers.get(b"content-type", b"").startswith(_CSV_TYPES)
        self._csv = _CsvRows() if is_csv else None
        missing = [(name, value) for name, value in _HEADERS if name not in headers]
        return {**message, "headers": [*message.get("headers", ()), *missing]}


class _CsvRows:
    """CSV that comes in pieces and is passed on in whole rows."""

    def __init__(self) -> None:
        self._pending = b""

    def take(self, piece: bytes, *, last: bool) -> bytes:
        """The whole rows that have come since the last call, without formulas."""
        self._pending += piece
        whole = self._pending.endswith(b"\n") and self._pending.count(b'"') % 2 == 0
        if not (whole or last):
            return b""
        text, self._pending = self._pending.decode("utf-8"), b""
        safe = io.StringIO(newline="")
        rows = csv.reader(io.StringIO(text, newline=""))
        csv.writer(safe).writerows([_safe(cell) for cell in row] for row in rows)
        return safe.getvalue().encode("utf-8")


def _safe(cell: str) -> str:
    """The cell with an apostrophe before what looks like a formula; a negative number stays one."""
    try:
        float(cell)
    except ValueError:
        return str(neutral(cell))
    return cell
