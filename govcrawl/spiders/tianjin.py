"""天津: `scrapy crawl tianjin`."""

from govcrawl.spiders.portal_spider import PortalSpider


class TianjinSpider(PortalSpider):
    """The portals of `portals/tianjin.toml`."""

    name = province = "tianjin"
