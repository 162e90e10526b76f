"""辽宁: `scrapy crawl liaoning`."""

from govcrawl.spiders.portal_spider import PortalSpider


class LiaoningSpider(PortalSpider):
    """The portals of `portals/liaoning.toml`."""

    name = province = "liaoning"
