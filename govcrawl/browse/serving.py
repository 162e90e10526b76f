"""The server: Datasette over one archive, with our pages, a token for editors, and a guard of what comes in."""

import os
import re
import socket
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from govcrawl.archive.layout import VERDICTS
from govcrawl.browse.sql_limits import limit_heap
from govcrawl.db.connection import read_database
from govcrawl.errors import UsageError
from govcrawl.terminal import say

DATASETTE_SETTINGS = {
    "sql_time_limit_ms": 3000,
    "max_returned_rows": 1000,
    "default_page_size": 50,
    "num_sql_threads": 3,
}

_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]++)*+/")
_NO_PREFIX = ("-", ".", "..")  # parts of a path that mean something else
_WAITING_SECONDS = 5  # for a further request of a connection, and at the end for answers on their way


@dataclass(frozen=True, slots=True)
class Site:
    """Where the pages are served, and under which names.

    `prefix` is the path under which a proxy shows the server. `names` are further names by which requests may name it.
    """

    host: str = "127.0.0.1"
    port: int = 8001
    prefix: str = "/"
    names: Collection[str] = ()
    cors: bool = False


def serve_pages(database: Path, site: Site) -> None:
    """Serve the database until interrupted; prints the address, then the token with which an editor logs in.

    Raises:
        ArchiveError: there is no database, or it may not be read.
        UsageError: Datasette is not installed, the port is taken, or the prefix is none.
    """
    prefix = usual_prefix(site.prefix)
    with read_database(database):
        pass  # what stands in the way of reading it is said before anything is served
    application, token = _application(database, {"base_url": prefix}, cors=site.cors)
    with _listening(site.host, site.port) as listener:
        address, bound = listener.getsockname()[:2]
        say(f"http://{_name_of(address)}:{bound}{prefix}")
        limit_heap()
        say(_about_verdicts(database.parent, token))
        _server(application, site, prefix).run(sockets=[listener])


def usual_prefix(given: str) -> str:
    """A prefix of addresses with a slash at both ends; UsageError where it is none that needs no quoting."""
    prefix = f"/{given.strip('/')}/" if given.strip("/") else "/"
    if not _PREFIX.fullmatch(prefix) or not set(prefix.split("/")).isdisjoint(_NO_PREFIX):
        raise UsageError(f"{given}: no prefix of addresses; give one of letters, digits and slashes, as /reports/")
    return prefix


def names_of(site: Site) -> frozenset[str]:
    """The names that a request may name in its Host header, in lower case."""
    from govcrawl.browse.request_guard import LOOPBACK  # noqa: PLC0415 - the guard needs Datasette

    return LOOPBACK | {_name_of(name.lower().strip("[]").removesuffix(".")) for name in (site.host, *site.names)}


def _name_of(address: str) -> str:
    """An address or name as it stands in a URL."""
    return f"[{address}]" if ":" in address else address


def _about_verdicts(archive: Path, token: str | None) -> str:
    if token is None:
        return f"Verdicts cannot be given: you may not write to {archive / VERDICTS}"
    return f"To give verdicts, log in at /-/login with the token {token}"


def _server(application: Any, site: Site, prefix: str) -> Any:
    """The server; half-open requests, waiting readers and the end of it have their time."""
    import uvicorn  # noqa: PLC0415 - comes with Datasette, which is an extra

    from govcrawl.browse.connections import MAX_REQUEST_HEAD, BoundedConnection  # noqa: PLC0415
    from govcrawl.browse.request_guard import guarded  # noqa: PLC0415
    from govcrawl.browse.routes import FIRST_PARTS  # noqa: PLC0415

    config = uvicorn.Config(
        guarded(application.app(), names_of(site), prefix, FIRST_PARTS),
        http=BoundedConnection,
        ws="none",
        log_level="warning",
        lifespan="on",
        timeout_keep_alive=_WAITING_SECONDS,
        timeout_graceful_shutdown=_WAITING_SECONDS,
        h11_max_incomplete_event_size=MAX_REQUEST_HEAD,
    )
    return uvicorn.Server(config)


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise UsageError(f"{host}:{port}: {error.strerror or error}; name another host or port") from error


def _application(database: Path, settings: Mapping[str, object], *, cors: bool) -> tuple[Any, str | None]:
    """Datasette, and the token of editors where verdicts can be written."""
    try:
        from govcrawl.browse.served_datasette import ServedDatasette  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise UsageError("Datasette is not installed: pip install 'govcrawl[browse]'") from error
    from govcrawl.browse.editor_access import issue_editor_token  # noqa: PLC0415 - the pages need Datasette too

    application = ServedDatasette(database, settings={**DATASETTE_SETTINGS, **settings}, cors=cors)
    return application, issue_editor_token(application) if _takes_verdicts(database.parent) else None


def _takes_verdicts(archive: Path) -> bool:
    file = archive / VERDICTS
    return os.access(file if file.exists() else archive, os.W_OK)
