"""The paths of the database and the verdicts in an archive folder. `warc.layout` has those of the WARC files."""

from pathlib import Path

DATABASE = "govcrawl.db"
VERDICTS = "verdicts.jsonl"


def database_of(archive: Path) -> Path:
    """Returns the path of an archive's database, whether it exists or not."""
    return archive / DATABASE
