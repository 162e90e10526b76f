"""福建: `scrapy crawl fujian`."""

from govcrawl.spiders.portal_spider import PortalSpider


class FujianSpider(PortalSpider):
    """The portals of `portals/fujian.toml`."""

    name = province = "fujian"
