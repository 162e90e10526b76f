"""上海: `scrapy crawl shanghai`."""

from govcrawl.spiders.portal_spider import PortalSpider


class ShanghaiSpider(PortalSpider):
    """The portals of `portals/shanghai.toml`."""

    name = province = "shanghai"
