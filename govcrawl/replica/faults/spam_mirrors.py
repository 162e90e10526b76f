"""Spam mirrors: hosts outside the registry that show a portal's pages under the same paths, in traditional characters.

Characters are converted one by one, with the errors of such converters, and a betting keyword replaces the portal's
name. A right crawl never asks such a host; the replica serves it so that requests to it are counted.
"""

from __future__ import annotations

from govcrawl.replica.request_response import ReplicaResponse

_PAIRS = (
    "开開 报報 处處 总總 计計 审審 结結 决決 议議 诉訴 办辦 务務 关關 机機 构構 对對 发發 许許 罚罰 强強 "
    "规規 类類 项項 为為 业業 组組 织織 会會 级級 单單 节節 门門 网網 题題 问問 进進 经經 济濟 资資 环環 "
    "护護 险險 实實 产產 财財 农農 乡鄉 县縣 区區 东東 阳陽 兴興 应應 当當 从從 无無 没沒 个個 与與 数數 "
    "据據 动動 态態 请請 检檢 复復 习習 号號 间間 时時 录錄 阅閱 读讀 传傳 统統 续續 维維 纠糾 稳穩 于於 "
    "责責 众眾 贴貼 紧緊 标標 体體 专專 两兩 现現 继繼 举舉 访訪 属屬 确確 获獲 术術 扩擴 内內 国國 华華 "
    "条條 辖轄 释釋 认認 证證 试試 误誤 说說 设設 评評 课課 调調 谁誰 负負 质質 费費 赔賠 转轉 较較 输輸 "
    "达達 过過 还還 这這 远遠 违違 连連 适適 选選 递遞 银銀 错錯 长長 闻聞 际際 随隨 难難 预預 领領 频頻 "
    "馆館 验驗 齐齊 龙龍"
)
"""Each simplified character with its traditional one."""

_CONVERTER_ERRORS = {"制": "製", "面": "麵", "只": "隻", "复": "複"}
"""Characters that a converter without a dictionary changes in words where they should stay."""

_PROPER = {pair[0]: pair[1] for pair in _PAIRS.split()}
TO_TRADITIONAL = str.maketrans(_PROPER)
_CONVERTED = str.maketrans({**_PROPER, **_CONVERTER_ERRORS})

_KEYWORD = "manbetxbrf com "


def spam_mirror_page(response: ReplicaResponse, name: str) -> ReplicaResponse:
    """A portal's page as a mirror shows it: in converted characters, with the portal's name replaced."""
    text = response.body.decode().replace(f"{name}人民政府", _KEYWORD)
    return ReplicaResponse(text.translate(_CONVERTED).encode())
