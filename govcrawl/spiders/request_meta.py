"""The entries of ours in `Request.meta`, each with its type: the one place that knows their names.

`meta_of` begins a request. The gates, the archive and the browser add the other entries on its way down and up.
"""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from scrapy import Request
from scrapy.http import Response

from govcrawl import models
from govcrawl.vocabulary import Outcome
from govcrawl.warc import AttemptFailure, HeldPage, StoredAttempt, StoredExchange

_V = TypeVar("_V")


@dataclass(frozen=True)  # a generic class with slots cannot be frozen on Python 3.11
class MetaEntry(Generic[_V]):
    """One entry: its name in `Request.meta`, and the type of its value."""

    name: str

    def of(self, request: Request | Response) -> _V:
        """Returns the value. KeyError where nothing has set it: a fault of ours."""
        value: _V = request.meta[self.name]
        return value

    def get(self, request: Request) -> _V | None:
        """Returns the value, or None where nothing has set it."""
        value: _V | None = request.meta.get(self.name)
        return value

    def put(self, request: Request, value: _V) -> None:
        """Sets the value."""
        request.meta[self.name] = value


ASKED = MetaEntry[models.Request]("asked")
"""The request as the ledger knows it."""
HELD = MetaEntry[HeldPage]("known")
"""The page of the archive that a conditional request refers to."""
CONVERTED = MetaEntry[StoredExchange]("converted")
"""The stored answer that a browser made the page from."""
STORED = MetaEntry[StoredExchange | StoredAttempt]("stored")
"""What the archive has stored of the request."""
OUTCOME = MetaEntry[Outcome]("outcome")
"""How the attempt ended."""
TLS = MetaEntry[models.TlsFacts]("tls")
"""What was agreed with the server, where the request went by https."""
FAILURE = MetaEntry[AttemptFailure]("failure")
"""What is to be said of a download that failed."""


def meta_of(asked: models.Request) -> dict[str, Any]:
    """Returns the meta of a new Scrapy request for a request of the ledger."""
    return {ASKED.name: asked}
