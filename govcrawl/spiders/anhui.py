"""安徽: `scrapy crawl anhui`."""

from govcrawl.spiders.portal_spider import PortalSpider


class AnhuiSpider(PortalSpider):
    """The portals of `portals/anhui.toml`."""

    name = province = "anhui"
