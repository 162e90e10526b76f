"""四川: `scrapy crawl sichuan`."""

from govcrawl.spiders.portal_spider import PortalSpider


class SichuanSpider(PortalSpider):
    """The portals of `portals/sichuan.toml`."""

    name = province = "sichuan"
