"""甘肃: `scrapy crawl gansu`."""

from govcrawl.spiders.portal_spider import PortalSpider


class GansuSpider(PortalSpider):
    """The portals of `portals/gansu.toml`."""

    name = province = "gansu"
