"""The 31 spiders, one per province: `scrapy crawl zhejiang` walks the portals of `portals/zhejiang.toml`."""

from govcrawl.spiders.portal_spider import PortalSpider


class AnhuiSpider(PortalSpider):
    """安徽."""

    name = province = "anhui"


class BeijingSpider(PortalSpider):
    """北京."""

    name = province = "beijing"


class ChongqingSpider(PortalSpider):
    """重庆."""

    name = province = "chongqing"


class FujianSpider(PortalSpider):
    """福建."""

    name = province = "fujian"


class GansuSpider(PortalSpider):
    """甘肃."""

    name = province = "gansu"


class GuangdongSpider(PortalSpider):
    """广东."""

    name = province = "guangdong"


class GuangxiSpider(PortalSpider):
    """广西."""

    name = province = "guangxi"


class GuizhouSpider(PortalSpider):
    """贵州."""

    name = province = "guizhou"


class HainanSpider(PortalSpider):
    """海南."""

    name = province = "hainan"


class HebeiSpider(PortalSpider):
    """河北."""

    name = province = "hebei"


class HeilongjiangSpider(PortalSpider):
    """黑龙江."""

    name = province = "heilongjiang"


class HenanSpider(PortalSpider):
    """河南."""

    name = province = "henan"


class HubeiSpider(PortalSpider):
    """湖北."""

    name = province = "hubei"


class HunanSpider(PortalSpider):
    """湖南."""

    name = province = "hunan"


class JiangsuSpider(PortalSpider):
    """江苏."""

    name = province = "jiangsu"


class JiangxiSpider(PortalSpider):
    """江西."""

    name = province = "jiangxi"


class JilinSpider(PortalSpider):
    """吉林."""

    name = province = "jilin"


class LiaoningSpider(PortalSpider):
    """辽宁."""

    name = province = "liaoning"


class NeimengguSpider(PortalSpider):
    """内蒙古."""

    name = province = "neimenggu"


class NingxiaSpider(PortalSpider):
    """宁夏."""

    name = province = "ningxia"


class QinghaiSpider(PortalSpider):
    """青海."""

    name = province = "qinghai"


class ShaanxiSpider(PortalSpider):
    """陕西."""

    name = province = "shaanxi"


class ShandongSpider(PortalSpider):
    """山东."""

    name = province = "shandong"


class ShanghaiSpider(PortalSpider):
    """上海."""

    name = province = "shanghai"


class ShanxiSpider(PortalSpider):
    """山西."""

    name = province = "shanxi"


class SichuanSpider(PortalSpider):
    """四川."""

    name = province = "sichuan"


class TianjinSpider(PortalSpider):
    """天津."""

    name = province = "tianjin"


class XinjiangSpider(PortalSpider):
    """新疆."""

    name = province = "xinjiang"


class XizangSpider(PortalSpider):
    """西藏."""

    name = province = "xizang"


class YunnanSpider(PortalSpider):
    """云南."""

    name = province = "yunnan"


class ZhejiangSpider(PortalSpider):
    """浙江."""

    name = province = "zhejiang"
