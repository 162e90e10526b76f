"""内蒙古: `scrapy crawl neimenggu`."""

from govcrawl.spiders.portal_spider import PortalSpider


class NeimengguSpider(PortalSpider):
    """The portals of `portals/neimenggu.toml`."""

    name = province = "neimenggu"
