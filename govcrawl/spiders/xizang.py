"""西藏: `scrapy crawl xizang`."""

from govcrawl.spiders.portal_spider import PortalSpider


class XizangSpider(PortalSpider):
    """The portals of `portals/xizang.toml`."""

    name = province = "xizang"
