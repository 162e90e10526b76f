"""海南: `scrapy crawl hainan`."""

from govcrawl.spiders.portal_spider import PortalSpider


class HainanSpider(PortalSpider):
    """The portals of `portals/hainan.toml`."""

    name = province = "hainan"
