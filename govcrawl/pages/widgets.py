"""Recognises lines that consist of page widgets (read aloud, print, share) or of a legal footer."""

from __future__ import annotations

import re
from functools import lru_cache

_WIDGETS = (
    *("点击收听年报语音朗读", "语音朗读", "朗读", "语音播报", "听全文", "听文章", "播放", "暂停", "停止", "智能问答"),
    *(
        "打印本页",
        "打印此页",
        "打印文章",
        "打印",
        "列印",
        "关闭本页",
        "关闭窗口",
        "关闭此页",
        "关闭",
        "關閉本頁",
        "關閉",
    ),
    *("分享到", "分享至", "分享", "微信", "新浪微博", "腾讯微博", "微博", "QQ空间", "QQ好友", "QQ", "人人网", "豆瓣"),
    *("收藏本页", "收藏", "加入收藏", "扫一扫在手机打开当前页", "扫一扫在手机上查看当前页面", "手机扫一扫", "二维码"),
    *("字体大小", "字号", "字体", "放大", "缩小", "默认", "全真版", "文字版", "无障碍阅读", "无障碍浏览", "长者模式"),
    *("返回顶部", "返回列表", "返回上一页", "返回首页", "回到顶部", "上一页", "下一页", "上一篇", "下一篇", "设为首页"),
    *("我要纠错", "纠错"),
)
_JUNK = r"[\s\d|｜/\\【】\[\]()（）<>〈〉《》«»:：,，、.。·•+\-—_=*“”\"'大中小]"
_WIDGET_BAR = re.compile(rf"{_JUNK}*+(?:(?:{'|'.join(sorted(_WIDGETS, key=len, reverse=True))}){_JUNK}*+)++")
_FOOTER = re.compile("[I公网版C](?:CP备|网安备|站标识码|权所有|opyright)")
_LONGEST = 200  # characters; a longer block is text


def is_widget(text: str) -> bool:
    """Whether a block of text is a bar of widgets or the legal line of a footer, and nothing else."""
    return 2 <= len(text) <= _LONGEST and _says_no_more(text)


@lru_cache(maxsize=1 << 13)
def _says_no_more(text: str) -> bool:
    return bool(_WIDGET_BAR.fullmatch(text) or _FOOTER.search(text))
