"""Running Datasette over one archive, with our pages and a token for those who give verdicts."""

from pathlib import Path
from typing import Any

from govcrawl.errors import ArchiveError, UsageError

SETTINGS = {
    "sql_time_limit_ms": 3000,
    "max_returned_rows": 1000,
    "default_page_size": 50,
    "num_sql_threads": 3,
}


def serve(database: Path, host: str, port: int) -> None:
    """Serve the database until interrupted; says first where to log in to give verdicts.

    Raises:
        ArchiveError: there is no database.
        UsageError: Datasette is not installed.
    """
    if not database.is_file():
        raise ArchiveError(f"{database}: there is no database; crawl first, or make it with `govcrawl rebuild`")
    application, token = _application(database)
    import uvicorn  # noqa: PLC0415 - comes with Datasette, which is an extra

    print(f"To give verdicts, log in at /-/login with this token: {token}", flush=True)  # noqa: T201 - the command's
    uvicorn.run(application.app(), host=host, port=port, log_level="info", lifespan="on")


def _application(database: Path) -> tuple[Any, str]:
    try:
        from datasette.app import Datasette  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise UsageError("Datasette is not installed: pip install 'govcrawl[browse]'") from error
    from govcrawl.browse.editing import open_editing  # noqa: PLC0415 - the pages need Datasette too

    application = Datasette([str(database)], settings=SETTINGS)
    return application, open_editing(application)
