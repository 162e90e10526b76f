"""The arm that crawls, archives and keeps the ledger, and leaves the reports unread: to be read elsewhere, or later."""

from govcrawl.db.arrival import Arrival
from govcrawl.pipelines import ReadPipeline
from govcrawl.reading import attempt_of
from govcrawl.vocabulary import Outcome, Role
from govcrawl.warc import StoredAttempt, StoredExchange


class ListsOnly(ReadPipeline):
    """In the place of `ReadPipeline`: lists are read as ever, for they say what to ask next; whole pages are not."""

    async def process_item(self, item: StoredExchange | StoredAttempt) -> Arrival:
        """The arrival, without a reading."""
        if isinstance(item, StoredExchange) and is_page(item):
            return attempt_of(item)
        return await super().process_item(item)


def is_page(item: StoredExchange) -> bool:
    """Whether a response is the whole page of a document."""
    return item.exchange.request.role is Role.DOCUMENT and (item.outcome, item.capture.status) == (Outcome.OK, 200)
