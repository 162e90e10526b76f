"""贵州: `scrapy crawl guizhou`."""

from govcrawl.spiders.portal_spider import PortalSpider


class GuizhouSpider(PortalSpider):
    """The portals of `portals/guizhou.toml`."""

    name = province = "guizhou"
