"""吉林: `scrapy crawl jilin`."""

from govcrawl.spiders.portal_spider import PortalSpider


class JilinSpider(PortalSpider):
    """The portals of `portals/jilin.toml`."""

    name = province = "jilin"
