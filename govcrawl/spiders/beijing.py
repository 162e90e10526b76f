"""北京: `scrapy crawl beijing`."""

from govcrawl.spiders.portal_spider import PortalSpider


class BeijingSpider(PortalSpider):
    """The portals of `portals/beijing.toml`."""

    name = province = "beijing"
