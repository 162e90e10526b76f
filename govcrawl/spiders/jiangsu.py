"""江苏: `scrapy crawl jiangsu`."""

from govcrawl.spiders.portal_spider import PortalSpider


class JiangsuSpider(PortalSpider):
    """The portals of `portals/jiangsu.toml`."""

    name = province = "jiangsu"
