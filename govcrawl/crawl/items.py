"""What travels as items: a stored exchange or attempt, and from the first pipeline on the arrival it means."""

from govcrawl.db.arrival import Arrival
from govcrawl.models import Request
from govcrawl.warc import StoredAttempt, StoredExchange

CrawlItem = StoredExchange | StoredAttempt | Arrival


def request_of(item: CrawlItem) -> Request:
    """The request that an item answers."""
    return item.exchange.request if isinstance(item, StoredExchange) else item.request
