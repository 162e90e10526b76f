"""The first gate: nothing is sent to a host that may not be asked, whoever asks for it and however it came up.

Every request passes here, a redirect's target, a robots.txt and an attachment included, because all of them are
requests of the frontier or pass the same middlewares. Which hosts may be asked is known to `asked_hosts`.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler

from govcrawl import models
from govcrawl.crawl.archive_extension import archive_of
from govcrawl.crawl.download_outcomes import Refusal
from govcrawl.spiders.request_meta import ASKED
from govcrawl.vocabulary import Outcome

SCHEMES = frozenset({"http", "https"})


class RegistryGate:
    """Downloader middleware that refuses addresses outside the registry as `out_of_registry`.

    `refusal` says why a request may not be made to its host. `served` are the only hosts there are, in replica mode.
    """

    def __init__(self, refusal: Callable[[models.Request], str | None], served: frozenset[str] = frozenset()) -> None:
        self._refusal = refusal
        self._served = served

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RegistryGate":
        """Build over the run's hosts, narrowed to `GOVCRAWL_HOSTS` where that is set (replica mode)."""
        return cls(archive_of(crawler).hosts.refusal, frozenset(crawler.settings.getlist("GOVCRAWL_HOSTS")))

    def process_request(self, request: Request) -> None:
        """Raise Refusal for an address that may not be asked."""
        parts = urlsplit(request.url)
        if parts.scheme not in SCHEMES:
            raise Refusal(Outcome.OUT_OF_REGISTRY, "only http and https are asked")
        if parts.username is not None:
            raise Refusal(Outcome.OUT_OF_REGISTRY, "the address names a user; nobody logs in")
        if reason := self._refusal(ASKED.of(request)):
            raise Refusal(Outcome.OUT_OF_REGISTRY, reason)
        if self._served and parts.hostname not in self._served:
            raise Refusal(Outcome.OUT_OF_REGISTRY, "the replica does not serve this host")
