"""山西: `scrapy crawl shanxi`."""

from govcrawl.spiders.portal_spider import PortalSpider


class ShanxiSpider(PortalSpider):
    """The portals of `portals/shanxi.toml`."""

    name = province = "shanxi"
