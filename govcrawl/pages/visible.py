"""What of a page's text is shown: small hidden pieces out, everything that may be part of a report kept.

Portals hide whole reports and show them by script, so a hidden element is dropped only when it is short and holds no
table. The widgets of a page (read aloud, print, share) are known by their words; a run of text that is nothing but
such words is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from govcrawl.pages.markup import VOID, Markup, Tag

_MOST_TAGS, _MOST_TEXT = 60, 400  # of a hidden element that is dropped

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
_LONGEST = 200  # characters of such a bar or line


def visible_texts(markup: Markup) -> Sequence[str]:
    """The texts of a page, aligned with `markup.texts`; those of hidden pieces are empty."""
    if not any(tag.hidden for tag in markup.kinds):
        return markup.texts
    starts = [place for place, tag in enumerate(markup.tags) if tag.hidden]
    texts = list(markup.texts)
    for start in starts:
        end = _end_of(markup.tags, start)
        if sum(map(len, texts[start + 1 : end + 1])) <= _MOST_TEXT:
            texts[start + 1 : end + 1] = [""] * (end - start)
    return texts


def is_widget(text: str) -> bool:
    """Whether a block of text is a bar of widgets or the legal line of a footer, and nothing else."""
    return 2 <= len(text) <= _LONGEST and _says_no_more(text)


@lru_cache(maxsize=1 << 13)
def _says_no_more(text: str) -> bool:
    return bool(_WIDGET_BAR.fullmatch(text) or _FOOTER.search(text))


def _end_of(tags: Sequence[Tag], start: int) -> int:
    """The end tag of an element, or its start where it is void, holds a table, is long, or is never closed."""
    name, depth = tags[start].name, 0
    if name in VOID:
        return start
    for place in range(start, min(start + _MOST_TAGS, len(tags))):
        tag = tags[place]
        if tag.name == "table" and name != "table":
            return start
        if tag.name == name:
            depth += -1 if tag.closing else 1
            if depth == 0:
                return place
    return start
