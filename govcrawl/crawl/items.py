"""The one view of items: what Scrapy hands on as an item, shown as plain columns.

A spider yields what the archive has stored, the first pipeline turns that into an arrival, and the second stores it.
`ItemAdapter(item)` shows the same columns of all three, so that log lines, feed exports and a user's own pipelines
need not know our classes. Importing this module registers the view with itemadapter.
"""

from collections.abc import Iterator
from enum import Enum
from typing import Any, NoReturn

from itemadapter import ItemAdapter
from itemadapter.adapter import AdapterInterface

from govcrawl.db.arrival import Arrival
from govcrawl.reading import attempt_of
from govcrawl.warc import StoredAttempt, StoredExchange

arrival_stored = object()
"""Signal with `item`, an Arrival that is committed, whatever a user's pipeline does with it afterwards."""

Plain = str | int | bool | None
"""What a column holds."""

COLUMNS = {
    "portal": "request.portal",
    "role": "request.role",
    "url": "request.url",
    "request": "request.id",
    "at": "at",
    "outcome": "outcome",
    "http_status": "http_status",
    "detail": "detail",
    "capture": "capture.id",
    "sha256": "capture.sha256",
    "media_type": "capture.media_type",
    "warc_file": "capture.warc_file",
    "warc_offset": "capture.warc_offset",
    "warc_length": "capture.warc_length",
    "rows": "page.rows",
    "title": "reading.document.title",
    "index_number": "reading.document.index_number",
    "publisher": "reading.document.publisher",
    "published_on": "reading.document.published_on",
    "is_report": "reading.report.is_report",
    "agency": "reading.report.agency",
    "year": "reading.report.year",
    "scope": "reading.report.scope",
    "form": "reading.report.form",
    "facts": "reading.facts",
    "issues": "reading.issues",
}
"""Column → where an arrival has it. A list of things (`rows`, `facts`, `issues`) is shown as their number."""


class ItemColumns(AdapterInterface):
    """An item as `COLUMNS`, all of them always there: None for what it does not have, or does not have yet.

    The values are texts, numbers and booleans. They cannot be set: items are evidence.
    """

    def __init__(self, item: StoredExchange | StoredAttempt | Arrival) -> None:
        super().__init__(item)
        self._arrival = item if isinstance(item, Arrival) else attempt_of(item)

    @classmethod
    def is_item_class(cls, item_class: type) -> bool:
        """Whether objects of a class travel as our items."""
        return issubclass(item_class, StoredExchange | StoredAttempt | Arrival)

    @classmethod
    def get_field_names_from_class(cls, item_class: type) -> list[str]:
        """The columns, the same for every class."""
        del item_class
        return list(COLUMNS)

    def __getitem__(self, name: str) -> Plain:
        value: Any = self._arrival
        for step in COLUMNS[name].split("."):
            value = None if value is None else getattr(value, step)
        return _plain(value)

    def __setitem__(self, name: str, value: object) -> NoReturn:
        raise TypeError(f"{name} cannot be set: an item is what was stored; return dict(ItemAdapter(item)) with yours")

    def __delitem__(self, name: str) -> NoReturn:
        raise TypeError(f"{name} cannot be deleted: an item is what was stored; return a dict without it")

    def __iter__(self) -> Iterator[str]:
        return iter(COLUMNS)

    def __len__(self) -> int:
        return len(COLUMNS)


def _plain(value: Any) -> Plain:
    if isinstance(value, tuple):
        return len(value)
    plain: Plain = value.value if isinstance(value, Enum) else value
    return plain


ItemAdapter.ADAPTER_CLASSES = (ItemColumns, *ItemAdapter.ADAPTER_CLASSES)
