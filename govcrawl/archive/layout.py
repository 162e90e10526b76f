"""Where the database and the verdicts lie in an archive folder. `warc.layout` says where its WARC files lie."""

from pathlib import Path

DATABASE = "govcrawl.db"
VERDICTS = "verdicts.jsonl"


def database_of(archive: Path) -> Path:
    """The path of an archive's database, whether it exists or not."""
    return archive / DATABASE
