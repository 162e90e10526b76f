"""江西: `scrapy crawl jiangxi`."""

from govcrawl.spiders.portal_spider import PortalSpider


class JiangxiSpider(PortalSpider):
    """The portals of `portals/jiangxi.toml`."""

    name = province = "jiangxi"
