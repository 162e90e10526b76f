"""山东: `scrapy crawl shandong`."""

from govcrawl.spiders.portal_spider import PortalSpider


class ShandongSpider(PortalSpider):
    """The portals of `portals/shandong.toml`."""

    name = province = "shandong"
