"""Which characters belong to one script only, taken from the two character sets that were made for them.

Big5 holds what Taiwan writes and GB 2312 what mainland China writes; Python knows both. A few characters are in
Big5 for another word than the one a simplified text means: those are listed.
"""

import re

_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LOOK_TRADITIONAL = set("后里几于并适价优么云号体余划台虫朴机仆胜沈松谷丑广万与叶听吁从关厂系征只咨")
"""Of these, many are encodable in Big5; in our texts they would be 後裡幾於並適價優麼雲號體餘劃 and so on."""

_BOTH = set("台系松谷只咨")
"""Ordinary in Traditional texts too."""


def _outside(text: str, charset: str) -> set[str]:
    found = set()
    for sign in set(_HAN.findall(text)):
        try:
            sign.encode(charset)
        except UnicodeEncodeError:
            found.add(sign)
    return found


def simplified_in(text: str) -> set[str]:
    """Characters that a Traditional Chinese text must not hold."""
    return _outside(text, "big5") | (set(text) & (_LOOK_TRADITIONAL - _BOTH))


def traditional_in(text: str) -> set[str]:
    """Characters that a Simplified Chinese text must not hold."""
    return _outside(text, "gb2312")
