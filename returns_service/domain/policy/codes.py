"""Refusal codes that the engine itself gives, with their sentences. Policies add codes of their own (exclusions, limits)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Code:
    """A stable code: what it means, what people read, what they can do instead."""

    doc: str
    say: Mapping[str, str]
    advice: Mapping[str, str]


def _code(doc: str, en: str, hans: str, hant: str, *advice: str) -> Code:
    words = dict(zip(("en", "zh-Hans", "zh-Hant"), (en, hans, hant), strict=True))
    return Code(doc, words, dict(zip(("en", "zh-Hans", "zh-Hant"), advice, strict=False)))


CODES: Mapping[str, Code] = {
    "not_served": _code(
        "The policy does not apply to this order.",
        "Returns of this order are not handled here.", "此订单的退货不在本服务范围内。", "此訂單的退貨不在本服務範圍內。",
        "Please write to us.", "请联系我们。", "請與我們聯絡。",
    ),
    "reason_not_applicable": _code(
        "The reason is for other goods; `reasons` of `returnable` lists those of each line.",
        "This reason is not for this item.", "该原因不适用于此商品。", "此原因不適用於這項商品。",
        "Choose another reason.", "请选择其他原因。", "請選擇其他原因。",
    ),
    "quantity": _code(
        "More units than were ordered.",
        "Only {ordered} of this item were ordered.", "该商品仅订购了 {ordered} 件。", "此商品僅訂購了 {ordered} 件。",
    ),
    "units_held": _code(
        "Another case holds the units, or they were returned before.",
        "{free} of these items can still be returned; the others already belong to another return.",
        "还有 {free} 件可以退换，其余已在其他退换申请中。", "還有 {free} 件可以退換，其餘已在其他退換申請中。",
        "Look at your earlier return.", "请查看您之前的申请。", "請查看您先前的申請。",
    ),
    "not_delivered": _code(
        "The units have not arrived yet, as far as we know.",
        "This item has not arrived yet, so it cannot be sent back.", "该商品尚未送达，暂时无法退回。", "此商品尚未送達，暫時無法退回。",
        "Ask again when it has arrived, or withdraw from the purchase.", "请在收到商品后再申请，或解除合同。", "請在收到商品後再申請，或解除契約。",
    ),
    "window_expired": _code(
        "The time for this reason is over.",
        "The time to return this item for this reason ended on {closes_on}.", "以此原因退换该商品的期限已于 {closes_on} 结束。",
        "以此原因退換此商品的期限已於 {closes_on} 結束。",
        "If something else is wrong with it, choose that reason.", "如商品存在其他问题，请选择相应原因。", "若商品有其他問題，請選擇對應的原因。",
    ),
    "no_right": _code(
        "No window of the policy fits this reason.",
        "This item cannot be returned for this reason.", "该商品不支持以此原因退换。", "此商品不接受以此原因退換。",
    ),
    "resolution_not_offered": _code(
        "The wish is not offered for this reason.",
        "This is not offered here. Possible: {offers}.", "此处不提供该处理方式。可选：{offers}。", "此處不提供該處理方式。可選：{offers}。",
    ),
    "method_not_offered": _code(
        "The goods cannot come back in this way.",
        "These items cannot be sent back this way. Possible: {methods}.", "无法以此方式退回。可选：{methods}。",
        "無法以此方式退回。可選：{methods}。",
    ),
    "evidence_missing": _code(
        "The request lacks evidence that the policy demands with it.",
        "{message}", "{message}", "{message}",
    ),
    "exchange_choice": _code(
        "The goods wished for are not among the line's exchange options.",
        "Choose one of the articles offered for exchange.", "请选择可换的商品。", "請選擇可換的商品。",
    ),
    "exchange_same_article": _code(
        "An exchange for the same article is no exchange.",
        "An exchange is for another article; for the same one ask for a replacement.", "换货须选择其他商品；同款请申请补发。",
        "換貨須選擇其他商品；同款請申請補發。",
    ),
    "out_of_stock": _code(
        "The goods wished for are not available in this quantity.",
        "Only {available} of the article you chose are available.", "所选商品仅剩 {available} 件。", "所選商品僅剩 {available} 件。",
    ),
}  # fmt: skip


WORDS: Mapping[str, Mapping[str, str]] = {
    "refund": {"en": "refund", "zh-Hans": "退款", "zh-Hant": "退款"},
    "store_credit": {"en": "store credit", "zh-Hans": "购物金", "zh-Hant": "購物金"},
    "exchange": {"en": "exchange", "zh-Hans": "换货", "zh-Hant": "換貨"},
    "replacement": {"en": "replacement", "zh-Hans": "补发", "zh-Hant": "補寄"},
    "repair": {"en": "repair", "zh-Hans": "维修", "zh-Hant": "維修"},
    "compensation": {"en": "keep it for less", "zh-Hans": "保留商品并补偿", "zh-Hant": "保留商品並補償"},
    "mail": {"en": "by post", "zh-Hans": "邮寄", "zh-Hant": "郵寄"},
    "store": {"en": "in a store", "zh-Hans": "到店", "zh-Hant": "到店"},
    "pickup": {"en": "picked up", "zh-Hans": "上门取件", "zh-Hant": "到府取件"},
    "kiosk": {"en": "at a kiosk", "zh-Hans": "自助终端", "zh-Hant": "自助機"},
    "locker": {"en": "in a locker", "zh-Hans": "快递柜", "zh-Hant": "智取櫃"},
    "keep": {"en": "keep it", "zh-Hans": "保留商品", "zh-Hant": "保留商品"},
}
"""Resolutions and ways back as people call them."""


def listed(words: Iterable[str], language: str) -> str:
    """Resolutions or methods in the language, with commas; a dash for none."""
    return ", ".join(WORDS[w].get(language, WORDS[w]["en"]) for w in dict.fromkeys(words)) or "-"


def sentence(words: Mapping[str, str], language: str, **known: object) -> str:
    """The sentence in the language, else in English, with its blanks filled."""
    text = words.get(language) or words.get("en", "")
    return text.format(**known) if known else text
