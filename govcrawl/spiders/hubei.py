"""湖北: `scrapy crawl hubei`."""

from govcrawl.spiders.portal_spider import PortalSpider


class HubeiSpider(PortalSpider):
    """The portals of `portals/hubei.toml`."""

    name = province = "hubei"
