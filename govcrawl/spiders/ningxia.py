"""宁夏: `scrapy crawl ningxia`."""

from govcrawl.spiders.portal_spider import PortalSpider


class NingxiaSpider(PortalSpider):
    """The portals of `portals/ningxia.toml`."""

    name = province = "ningxia"
