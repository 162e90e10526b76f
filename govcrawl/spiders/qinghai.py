"""青海: `scrapy crawl qinghai`."""

from govcrawl.spiders.portal_spider import PortalSpider


class QinghaiSpider(PortalSpider):
    """The portals of `portals/qinghai.toml`."""

    name = province = "qinghai"
