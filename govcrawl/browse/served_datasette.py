"""Datasette as `govcrawl serve` runs it: over an archive in any folder, behind a prefix, with small results.

Datasette opens `file:PATH?mode=ro`, which no path with `#`, `?` or `%` survives, and which fails in a folder that may
not be written to. Its pages take an address now as the browser sent it, now as it was asked for without the prefix:
here both mean the same, because `path` adds the prefix only where it is missing.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from datasette.app import Datasette
from datasette.database import Database
from datasette.url_builder import Urls
from datasette.utils import PrefixedUrlString

from govcrawl.browse.responses import DATABASE_NAME
from govcrawl.browse.sql_limits import TOO_MUCH
from govcrawl.db.connection import database_error, reading_uri


class ServedDatasette(Datasette):  # type: ignore[misc]
    """Datasette over the database of one archive, below the prefix of its setting `base_url`."""

    def __init__(self, database: Path, **options: Any) -> None:
        super().__init__([str(database)], **options)
        self.remove_database(DATABASE_NAME)
        self.add_database(ArchiveDatabase(self, str(database)), DATABASE_NAME)

    @property
    def urls(self) -> Urls:
        """What makes the addresses of this server."""
        return _UrlsBelowPrefix(self)

    def absolute_url(self, request: Any, path: str) -> str:
        """An address of this server; below a prefix without its scheme and host, which only the proxy knows."""
        return str(path) if self.setting("base_url") != "/" else str(super().absolute_url(request, path))


class _UrlsBelowPrefix(Urls):  # type: ignore[misc]
    def path(self, path: str, format: str | None = None) -> PrefixedUrlString:  # noqa: A002 - Datasette's name
        """The path with the prefix; one that has it keeps it."""
        prefix = self.ds.setting("base_url")
        has_prefix = prefix != "/" and path.startswith(prefix)
        return super().path(PrefixedUrlString(path) if has_prefix else path, format)


class ArchiveDatabase(Database):  # type: ignore[misc]
    """The database of an archive, opened for reading as every command of ours opens it."""

    def connect(self, write: bool = False) -> sqlite3.Connection:
        """A connection for reading; any thread may use it.

        Raises:
            ArchiveError: it cannot be opened, or somebody asks for a connection that writes.
        """
        path = Path(self.path)
        try:
            if write:
                raise sqlite3.OperationalError("attempt to write a readonly database")
            connection = sqlite3.connect(reading_uri(path), uri=True, check_same_thread=False)
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.DatabaseError as error:
            raise database_error(path, error) from error
        self._all_file_connections.append(connection)
        return connection

    async def execute_fn(self, fn: Callable[[sqlite3.Connection], Any]) -> Any:
        """What a function says of a connection; what is too much for SQLite is an error of the query, not of ours."""
        try:
            return await super().execute_fn(fn)
        except tuple(TOO_MUCH) as error:
            raise sqlite3.OperationalError(TOO_MUCH[type(error)]) from error
