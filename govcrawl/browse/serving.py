"""Running Datasette over one archive."""

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
    """Serve the database until interrupted; prints the address first.

    Raises:
        ArchiveError: there is no database.
        UsageError: Datasette is not installed.
    """
    if not database.is_file():
        raise ArchiveError(f"{database}: there is no database; crawl first, or make it with `govcrawl rebuild`")
    application = _application(database)
    import uvicorn  # noqa: PLC0415 - comes with Datasette, which is an extra

    uvicorn.run(application.app(), host=host, port=port, log_level="info", lifespan="on")


def _application(database: Path) -> Any:
    try:
        from datasette.app import Datasette  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise UsageError("Datasette is not installed: pip install 'govcrawl[browse]'") from error
    return Datasette([str(database)], settings=SETTINGS)
