"""陕西: `scrapy crawl shaanxi`."""

from govcrawl.spiders.portal_spider import PortalSpider


class ShaanxiSpider(PortalSpider):
    """The portals of `portals/shaanxi.toml`."""

    name = province = "shaanxi"
