"""Asking for a page again on condition that it has changed.

A page that was archived before is asked for with the ETag and the date of change it came with then, both read back from
the archive. Whether it is unchanged is told by the portal (304) or by the digest of what came; `WarcMiddleware` then
keeps a revisit record that refers to the page, and everything behind sees the page as if it had come whole.
"""

import logging
from collections.abc import Mapping
from pathlib import Path

from scrapy import Request
from scrapy.crawler import Crawler

from govcrawl import models
from govcrawl.crawl.archive_extension import archive_of
from govcrawl.db.connection import Connection
from govcrawl.db.frontier.refresh_round import last_good
from govcrawl.errors import RecordError
from govcrawl.spiders.request_meta import ASKED, HELD
from govcrawl.vocabulary import Role
from govcrawl.warc import HeldPage, read_response, to_bytes

_logger = logging.getLogger(__name__)

REVISITED = frozenset({Role.HOME, Role.COLUMN, Role.LIST, Role.DOCUMENT, Role.ATTACHMENT})
CONDITIONS = (("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since"))
"""What a page came with, and the header field that asks whether that is still so."""


class ConditionalRequests:
    """Downloader middleware that puts conditions on the request for a page of the archive: `meta["known"]`."""

    def __init__(self, connection: Connection, root: Path) -> None:
        self._connection = connection
        self._root = root

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ConditionalRequests":
        """Build over the archive that the run has open."""
        archive = archive_of(crawler)
        return cls(archive.connection, archive.root)

    def process_request(self, request: Request) -> None:
        """Ask on condition, where the page is known and can be read back; else it is asked for whole."""
        asked = ASKED.of(request)
        capture = last_good(self._connection, asked) if asked.role in REVISITED else None
        if capture is None:
            return
        try:
            known = HeldPage(capture, read_response(self._root, capture))
        except RecordError as error:
            _logger.warning("asked for whole, for what was archived of it cannot be read: %s", error)
            return
        HELD.put(request, known)
        request.headers.update(conditions(known.response))


def conditions(response: models.Response) -> Mapping[str, bytes]:
    """The header fields that ask for a page only if it is no longer as it was in a response."""
    return {condition: to_bytes(value) for name, condition in CONDITIONS if (value := response.header(name))}
