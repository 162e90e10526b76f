"""Which cells of Datasette's own tables lead to a page of ours: the name of a report to its report, and so on."""

from urllib.parse import quote

_BY_COLUMN = {
    "report_id": "/-/report/",
    "prior_report_id": "/-/report/",
    "original_id": "/-/report/",
    "capture_id": "/-/capture/",
    "prior_capture_id": "/-/capture/",
    "first_capture_id": "/-/capture/",
    "last_capture_id": "/-/capture/",
}
_BY_TABLE = {
    ("reports", "id"): "/-/report/",
    ("captures", "id"): "/-/capture/",
    ("facts", "id"): "/-/cell/",
    ("current_facts", "id"): "/-/cell/",
}


def pointer(table: str | None, column: str, value: object) -> str | None:
    """The address of our page about what a cell names; None for a cell that names nothing of the kind."""
    page = _BY_TABLE.get((table or "", column)) or _BY_COLUMN.get(column)
    return f"{page}{quote(value, safe='/:')}" if page and value and isinstance(value, str) else None
