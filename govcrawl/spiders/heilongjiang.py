"""黑龙江: `scrapy crawl heilongjiang`."""

from govcrawl.spiders.portal_spider import PortalSpider


class HeilongjiangSpider(PortalSpider):
    """The portals of `portals/heilongjiang.toml`."""

    name = province = "heilongjiang"
