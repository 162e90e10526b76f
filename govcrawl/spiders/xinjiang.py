"""新疆: `scrapy crawl xinjiang`."""

from govcrawl.spiders.portal_spider import PortalSpider


class XinjiangSpider(PortalSpider):
    """The portals of `portals/xinjiang.toml`."""

    name = province = "xinjiang"
