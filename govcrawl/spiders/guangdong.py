"""广东: `scrapy crawl guangdong`."""

from govcrawl.spiders.portal_spider import PortalSpider


class GuangdongSpider(PortalSpider):
    """The portals of `portals/guangdong.toml`."""

    name = province = "guangdong"
