"""The server: Datasette over one archive, with our pages and a token for editors."""

import socket
from pathlib import Path
from typing import Any

from govcrawl.errors import ArchiveError, UsageError
from govcrawl.terminal import say

DATASETTE_SETTINGS = {
    "sql_time_limit_ms": 3000,
    "max_returned_rows": 1000,
    "default_page_size": 50,
    "num_sql_threads": 3,
}


def serve_pages(database: Path, host: str, port: int) -> None:
    """Serve the database until interrupted; prints the address, then the token with which an editor logs in.

    Raises:
        ArchiveError: there is no database.
        UsageError: Datasette is not installed, or the port is taken.
    """
    if not database.is_file():
        raise ArchiveError(f"{database}: there is no database; crawl first, or make it with `govcrawl rebuild`")
    application, token = _application(database)
    import uvicorn  # noqa: PLC0415 - comes with Datasette, which is an extra

    with _listening(host, port) as listener:
        address, bound = listener.getsockname()[:2]
        say(f"http://{f'[{address}]' if ':' in address else address}:{bound}/")
        say(f"To give verdicts, log in at /-/login with the token {token}")
        config = uvicorn.Config(application.app(), log_level="warning", lifespan="on")
        uvicorn.Server(config).run(sockets=[listener])


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise UsageError(f"{host}:{port}: {error.strerror or error}; name another host or port") from error


def _application(database: Path) -> tuple[Any, str]:
    try:
        from datasette.app import Datasette  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise UsageError("Datasette is not installed: pip install 'govcrawl[browse]'") from error
    from govcrawl.browse.editor_access import issue_editor_token  # noqa: PLC0415 - the pages need Datasette too

    application = Datasette([str(database)], settings=DATASETTE_SETTINGS)
    return application, issue_editor_token(application)
