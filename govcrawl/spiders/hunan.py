"""湖南: `scrapy crawl hunan`."""

from govcrawl.spiders.portal_spider import PortalSpider


class HunanSpider(PortalSpider):
    """The portals of `portals/hunan.toml`."""

    name = province = "hunan"
