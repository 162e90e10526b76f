"""河北: `scrapy crawl hebei`."""

from govcrawl.spiders.portal_spider import PortalSpider


class HebeiSpider(PortalSpider):
    """The portals of `portals/hebei.toml`."""

    name = province = "hebei"
