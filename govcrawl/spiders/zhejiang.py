"""浙江: `scrapy crawl zhejiang`."""

from govcrawl.spiders.portal_spider import PortalSpider


class ZhejiangSpider(PortalSpider):
    """The portals of `portals/zhejiang.toml`."""

    name = province = "zhejiang"
