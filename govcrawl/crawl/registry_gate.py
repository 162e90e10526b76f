"""The first gate: nothing is sent to a host that is not in the registry, whoever asks for it and however it came up.

Every request passes here, a redirect's target, a robots.txt and an attachment included, because all of them are
requests of the frontier or pass the same middlewares.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler

from govcrawl import portals
from govcrawl.crawl.download_outcomes import Refusal
from govcrawl.vocabulary import Outcome

SCHEMES = frozenset({"http", "https"})


class RegistryGate:
    """Downloader middleware that refuses addresses outside the registry as `out_of_registry`.

    `allows` says whether a host name is registered.
    """

    def __init__(self, allows: Callable[[str], bool]) -> None:
        self._allows = allows

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RegistryGate":
        """Build over the package's registry, narrowed to `GOVCRAWL_HOSTS` where that is set (replica mode)."""
        registry = portals.load_registry()
        narrowed = frozenset(crawler.settings.getlist("GOVCRAWL_HOSTS"))
        return cls(lambda host: registry.allows(host) and (not narrowed or host in narrowed))

    def process_request(self, request: Request) -> None:
        """Raise Refusal for an address that may not be asked."""
        parts = urlsplit(request.url)
        if parts.scheme not in SCHEMES:
            raise Refusal(Outcome.OUT_OF_REGISTRY, "only http and https are asked")
        if parts.username is not None or not self._allows(parts.hostname or ""):
            raise Refusal(Outcome.OUT_OF_REGISTRY, "the host is not in the registry")
