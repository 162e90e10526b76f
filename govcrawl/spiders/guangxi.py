"""广西: `scrapy crawl guangxi`."""

from govcrawl.spiders.portal_spider import PortalSpider


class GuangxiSpider(PortalSpider):
    """The portals of `portals/guangxi.toml`."""

    name = province = "guangxi"
