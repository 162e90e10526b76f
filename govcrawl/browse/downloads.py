"""Tables that Datasette gives as CSV, made fit for spreadsheets: no text of a portal is run as a formula."""

import csv
import io
from typing import Any

from govcrawl.publish.export import neutral

_TABLE = (b"text/csv", b"text/plain")
"""What Datasette calls CSV: the second where it is to be looked at in the browser."""


def safe_downloads(app: Any) -> Any:
    """The ASGI application, its CSV answers with an apostrophe before each text that looks like a formula."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        rows: _Rows | None = None

        async def safe_send(message: Any) -> None:
            nonlocal rows
            if message["type"] == "http.response.start":
                headers = {name.lower(): value for name, value in message.get("headers", ())}
                is_table = scope["path"].endswith(".csv") and headers.get(b"content-type", b"").startswith(_TABLE)
                rows = _Rows() if is_table else None
            elif rows is not None and message["type"] == "http.response.body":
                last = not message.get("more_body", False)
                message = {**message, "body": rows.take(message.get("body", b""), last=last)}
            await send(message)

        await app(scope, receive, safe_send)

    return application


class _Rows:
    """CSV that comes in pieces, given on row by row."""

    def __init__(self) -> None:
        self._pending = b""

    def take(self, piece: bytes, *, last: bool) -> bytes:
        """The whole rows that came so far and were not given yet."""
        self._pending += piece
        whole = self._pending.endswith(b"\n") and self._pending.count(b'"') % 2 == 0
        if not (whole or last):
            return b""
        text, self._pending = self._pending.decode("utf-8"), b""
        given = io.StringIO(newline="")
        csv.writer(given).writerows([_safe(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline="")))
        return given.getvalue().encode("utf-8")


def _safe(cell: str) -> str:
    """The cell as `neutral` gives it; a negative number stays one."""
    try:
        float(cell)
    except ValueError:
        return str(neutral(cell))
    return cell
