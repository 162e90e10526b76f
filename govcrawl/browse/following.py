"""After a rebuild another file stands in the database's place: a server that runs turns to it by itself."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from datasette.database import Database


def following(app: Any, datasette: Any, name: str) -> Any:
    """The ASGI application; before each request it looks whether the database is still the file that is open."""
    shown: dict[str, int] = {}

    async def application(scope: Any, receive: Any, send: Any) -> None:
        database = datasette.databases.get(name)
        if database is not None and scope["type"] == "http":
            now = _file(database.path)
            if shown.setdefault("file", now) != now and now:
                shown["file"] = now
                _turn(datasette, name, database.path)
        await app(scope, receive, send)

    return application


def _file(path: str) -> int:
    """What tells one file from another that took its place; 0 while there is none."""
    try:
        return Path(path).stat().st_ino
    except FileNotFoundError:
        return 0


def _turn(datasette: Any, name: str, path: str) -> None:
    """Open the new file. Datasette keeps a connection in each thread, so the threads are changed with it."""
    datasette.remove_database(name)
    datasette.add_database(Database(datasette, path), name)
    if datasette.executor is not None:
        old, datasette.executor = datasette.executor, ThreadPoolExecutor(datasette.setting("num_sql_threads"))
        old.shutdown(wait=False)
