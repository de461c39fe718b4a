"""The sentences of figures that follow from the order and not from a rule, in every language of the product."""

from collections.abc import Mapping
from typing import Any

from returns_service.domain import money

SENTENCES: Mapping[str, Mapping[str, str]] = {
    "goods": {
        "en": "{n} of {count} × {title}; {paid} was paid for the line after every discount.",
        "zh-Hans": "{title} × {n}（共 {count} 件）；该商品行扣除所有优惠后实付 {paid}。",
        "zh-Hant": "{title} × {n}（共 {count} 件）；該商品列扣除所有優惠後實付 {paid}。",
    },
    "given_before": {
        "en": "{amount} of it was given back before.",
        "zh-Hans": "其中 {amount} 此前已退。",
        "zh-Hant": "其中 {amount} 先前已退。",
    },
    "tax": {
        "en": "This much of the goods is tax, in proportion to what the order says for the line.",
        "zh-Hans": "商品金额中所含税额，按订单该商品行的税额比例计算。",
        "zh-Hant": "商品金額中所含稅額，依訂單該商品列的稅額比例計算。",
    },
    "surcharges": {
        "en": "{titles}: the share of the goods that come back, by what they cost.",
        "zh-Hans": "{titles}：按退回商品的价格比例退还。",
        "zh-Hant": "{titles}：依退回商品的價格比例退還。",
    },
    "waived": {
        "en": "The charges are higher than what is owed; the difference is waived.",
        "zh-Hans": "费用高于应退金额，差额予以免除。",
        "zh-Hant": "費用高於應退金額，差額予以免除。",
    },
    "capped": {
        "en": "The charges together are limited to {percent} % of the goods; what is above is waived.",
        "zh-Hans": "各项费用合计不超过商品金额的 {percent}%，超出部分予以免除。",
        "zh-Hant": "各項費用合計不超過商品金額的 {percent}%，超出部分予以免除。",
    },
    "due": {
        "en": "The new goods cost this much more; they are sent once it is paid.",
        "zh-Hans": "新商品需补差价，付清后发货。",
        "zh-Hant": "新商品需補差額，付清後出貨。",
    },
    "tender": {
        "en": "Back to the payment {payment} ({method}).",
        "zh-Hans": "退回付款 {payment}（{method}）。",
        "zh-Hant": "退回付款 {payment}（{method}）。",
    },
    "credit": {
        "en": "As store credit.",
        "zh-Hans": "以购物金形式退还。",
        "zh-Hant": "以購物金形式退還。",
    },
    "unfunded": {
        "en": "Beyond what the payments of this order can still give back.",
        "zh-Hans": "超出本订单付款仍可退还的金额。",
        "zh-Hant": "超出本訂單付款仍可退還的金額。",
    },
    "unfunded_credit": {
        "en": "Cannot go back to a payment of this order and is given as store credit.",
        "zh-Hans": "无法退回本订单的付款，以购物金形式发放。",
        "zh-Hant": "無法退回本訂單的付款，以購物金形式發放。",
    },
    "charged_back": {
        "en": "Already given back by the bank after a chargeback.",
        "zh-Hans": "银行已通过拒付退还。",
        "zh-Hant": "銀行已透過拒付退還。",
    },
}

LANGUAGES = tuple(SENTENCES["goods"])

PAYMENT_METHODS: Mapping[str, Mapping[str, str]] = {
    "card": {"en": "card", "zh-Hans": "银行卡", "zh-Hant": "信用卡"},
    "debit_card": {"en": "debit card", "zh-Hans": "借记卡", "zh-Hant": "金融卡"},
    "paypal": {"en": "PayPal"},
    "klarna": {"en": "Klarna"},
    "apple_pay": {"en": "Apple Pay"},
    "google_pay": {"en": "Google Pay"},
    "amazon_pay": {"en": "Amazon Pay"},
    "shop_pay": {"en": "Shop Pay"},
    "ideal": {"en": "iDEAL"},
    "bank_transfer": {"en": "bank transfer", "zh-Hans": "银行转账", "zh-Hant": "銀行轉帳"},
    "direct_debit": {"en": "direct debit", "zh-Hans": "银行代扣", "zh-Hant": "銀行扣款"},
    "sepa_debit": {"en": "SEPA direct debit", "zh-Hans": "SEPA 银行代扣", "zh-Hant": "SEPA 銀行扣款"},
    "invoice": {"en": "invoice", "zh-Hans": "账单付款", "zh-Hant": "帳單付款"},
    "gift_card": {"en": "gift card", "zh-Hans": "礼品卡", "zh-Hant": "禮物卡"},
    "store_credit": {"en": "store credit", "zh-Hans": "购物金", "zh-Hant": "購物金"},
    "cash": {"en": "cash", "zh-Hans": "现金", "zh-Hant": "現金"},
    "cash_on_delivery": {"en": "cash on delivery", "zh-Hans": "货到付款", "zh-Hant": "貨到付款"},
    "alipay": {"en": "Alipay", "zh-Hans": "支付宝", "zh-Hant": "支付寶"},
    "wechat": {"en": "WeChat Pay", "zh-Hans": "微信支付", "zh-Hant": "微信支付"},
    "wechat_pay": {"en": "WeChat Pay", "zh-Hans": "微信支付", "zh-Hant": "微信支付"},
    "unionpay": {"en": "UnionPay", "zh-Hans": "银联", "zh-Hant": "銀聯"},
    "line_pay": {"en": "LINE Pay"},
    "jkopay": {"en": "JKOPay", "zh-Hans": "街口支付", "zh-Hant": "街口支付"},
    "unfunded": {"en": "no payment behind it", "zh-Hans": "无对应付款", "zh-Hant": "無對應付款"},
}
"""Ways of paying as people call them; a name of a company is the same in every language."""


def payment_method(code: str, language: str) -> str:
    """How people call a way of paying; a code that nobody named is shown as words."""
    said = PAYMENT_METHODS.get(code) or {"en": code.replace("_", " ")}
    return said.get(language, said["en"])


def sentence(key: str, language: str, **values: Any) -> str:
    """The sentence of a figure; English for a language the product does not speak."""
    texts = SENTENCES[key]
    return texts.get(language, texts["en"]).format(**values)


def amount(value: money.Minor, currency: str) -> str:
    return f"{money.text(value, currency)} {currency}"
