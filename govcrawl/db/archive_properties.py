"""Marks: what a database says of itself, a word a name, in the table `archive` (its origin, the registry it holds)."""

from govcrawl.db.connection import Connection


def archive_property(connection: Connection, name: str) -> str | None:
    """The word under a name, or None."""
    row = connection.execute("SELECT value FROM archive WHERE name = ?", (name,)).fetchone()
    return str(row[0]) if row else None


def set_archive_property(connection: Connection, name: str, value: str) -> None:
    """Put a word under a name, in the place of an earlier one."""
    connection.execute(
        "INSERT INTO archive (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )
