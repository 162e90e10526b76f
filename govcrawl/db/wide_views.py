"""The wide views: one row per report, one column per cell of the form.

The views are generated from the items of the forms. All forms share a view. A cell is NULL if its form lacks it or if
it holds no number.
"""

import sqlite3
from collections.abc import Iterable, Sequence

from govcrawl.db.schema import SchemaColumn, SchemaView, make_view
from govcrawl.forms import STATUTORY_TABLES, FormItem


def wide_views(items: Iterable[FormItem]) -> tuple[SchemaView, ...]:
    """Returns a view `<table>_wide` for each table that has items, columns in the order of the form."""
    known = sorted(items, key=lambda item: item.number)
    by_table = {table: [item for item in known if item.table == table] for table in STATUTORY_TABLES}
    return tuple(_wide_view(table, cells) for table, cells in by_table.items() if cells)


def _wide_view(table: str, items: Sequence[FormItem]) -> SchemaView:
    places: dict[str, list[FormItem]] = {}
    for item in items:
        places.setdefault(f"{item.row}__{item.column}", []).append(item)
    numbers = _numbers(items)
    return SchemaView(
        name=f"{table}_wide",
        about=f"The table `{table}` of each report's current version, as numbers.",
        columns=(
            SchemaColumn("report_id", "text", "Report.", expression="r.id"),
            SchemaColumn("agency", "text", "Agency.", expression="a.name"),
            SchemaColumn("year", "integer", "Year reported on.", "year", null=True, expression="r.year"),
            SchemaColumn("form", "text", "Form of the table.", expression=_form_of(numbers)),
            *(_cell_column(name, cells) for name, cells in places.items()),
        ),
        source=(
            "reports AS r JOIN agencies AS a ON a.id = r.agency_id"
            " JOIN version_keys AS k ON k.report_version_id = r.current_version_id"
            f" WHERE EXISTS (SELECT 1 FROM cells AS c WHERE c.version_key = k.key AND c.item IN ({numbers}))"
        ),
    )


def _cell_column(name: str, items: Sequence[FormItem]) -> SchemaColumn:
    value = f"(SELECT c.value FROM cells AS c WHERE c.version_key = k.key AND c.item IN ({_numbers(items)}))"
    return SchemaColumn(name, "numeric", items[0].label_zh, items[0].unit, null=True, expression=value)


def _form_of(numbers: str) -> str:
    first = f"SELECT min(c.item) FROM cells AS c WHERE c.version_key = k.key AND c.item IN ({numbers})"
    return f"(SELECT i.form FROM items AS i WHERE i.number = ({first}))"


def _numbers(items: Iterable[FormItem]) -> str:
    return ", ".join(str(item.number) for item in items)


def make_wide_views(connection: sqlite3.Connection, items: Iterable[FormItem]) -> None:
    """Creates the wide views over the items, or replaces those that differ."""
    for view in wide_views(items):
        make_view(connection, view)
