"""河南: `scrapy crawl henan`."""

from govcrawl.spiders.portal_spider import PortalSpider


class HenanSpider(PortalSpider):
    """The portals of `portals/henan.toml`."""

    name = province = "henan"
