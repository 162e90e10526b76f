"""重庆: `scrapy crawl chongqing`."""

from govcrawl.spiders.portal_spider import PortalSpider


class ChongqingSpider(PortalSpider):
    """The portals of `portals/chongqing.toml`."""

    name = province = "chongqing"
