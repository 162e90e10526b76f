"""Radicals that fonts use in place of the characters they look like, mapped to those characters.

A glyph that serves both is found under either code when text is taken out of a PDF. The Kangxi radicals have a
compatibility mapping in Unicode; of the supplement the ones that are whole characters of today are listed here.
"""

import unicodedata

_KANGXI = range(0x2F00, 0x2FD6)
_SUPPLEMENT = dict(
    zip(
        "⺟⺠⻁⻄⻅⻆⻉⻋⻑⻓⻔⻘⻚⻛⻜⻝⻢⻥⻦⻨⻩⻬⻮⻰⻳",
        "母民虎西见角贝车長长门青页风飞食马鱼鸟麦黄齐齿龙龟",
        strict=True,
    )
)
_UNIFIED = str.maketrans({**{chr(code): unicodedata.normalize("NFKC", chr(code)) for code in _KANGXI}, **_SUPPLEMENT})


def unified(text: str) -> str:
    """The text with radicals as the characters they stand for."""
    return text.translate(_UNIFIED)
