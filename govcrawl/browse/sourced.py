"""Figures with the SELECT they come from, so that a chart's data are one click away, as a table and as CSV."""

import sqlite3

from govcrawl.browse.page import Content, rows


def sourced(connection: sqlite3.Connection, sql: str, **values: object) -> Content:
    """`{"sql", "values", "rows"}` of a SELECT with named parameters; run by itself it gives the same rows."""
    return {"sql": sql.strip(), "values": values, "rows": rows(connection, sql, **values)}
