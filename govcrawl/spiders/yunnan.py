"""云南: `scrapy crawl yunnan`."""

from govcrawl.spiders.portal_spider import PortalSpider


class YunnanSpider(PortalSpider):
    """The portals of `portals/yunnan.toml`."""

    name = province = "yunnan"
