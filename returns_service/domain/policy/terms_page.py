"""A policy as a page of terms that a shop can publish, in each of its languages: asked, not retold by hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from returns_service.domain import money
from returns_service.domain.decision import Decision
from returns_service.domain.policy import probes
from returns_service.domain.policy.codes import listed
from returns_service.domain.policy.model import Policy, zone_info
from returns_service.domain.policy.probes import DELIVERED, PLACED, Probe
from returns_service.domain.policy.rules import Rule
from returns_service.domain.windows import Length

_WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Returns and refunds", "reason": "Reason", "time": "Time", "back": "The way back", "choice": "You can choose",
        "days": "{n} days after delivery", "years": "{n} years after delivery",
        "days_ordered": "{n} days after the order", "years_ordered": "{n} years after the order", "endless": "without end", "never": "not possible",
        "free": "free of charge", "you": "you pay {amount}", "yourself": "you pay the carrier", "open": "as the case may be",
        "not": "What cannot be returned", "show": "What we need from you", "charges": "Charges and what comes back",
        "season": "Seasons", "until": "Orders from {start} to {end}: until {until}.", "law": "Your rights by law",
        "floor": "These rights stay with you whatever we say above.", "steps": "What happens when",
        "ship": "Hand the goods in within {time}.", "refund": "Your money is on its way within {time} of {start}.",
        "object": "You can object to a decision within {time}.", "version": "Version {version}, orders from {since}.",
    },
    "zh-Hans": {
        "title": "退换货条款", "reason": "原因", "time": "期限", "back": "退回运费", "choice": "可选处理方式",
        "days": "签收后 {n} 天", "years": "签收后 {n} 年",
        "days_ordered": "下单后 {n} 天", "years_ordered": "下单后 {n} 年", "endless": "不限期", "never": "不支持",
        "free": "免费", "you": "您承担 {amount}", "yourself": "运费自理", "open": "视情况而定",
        "not": "不支持退换的情形", "show": "需要您提供", "charges": "费用与退还",
        "season": "节日期间延长退换", "until": "{start} 至 {end} 的订单：可退至 {until}。", "law": "您的法定权利",
        "floor": "无论以上如何约定，以下权利始终属于您。", "steps": "各环节时限",
        "ship": "请在 {time}内交寄商品。", "refund": "{start}起 {time}内，我们将为您安排退款。",
        "object": "如对处理结果有异议，您可在 {time}内提出申诉。", "version": "第 {version} 版，适用于 {since} 起的订单。",
    },
    "zh-Hant": {
        "title": "退換貨條款", "reason": "原因", "time": "期限", "back": "退回運費", "choice": "可選處理方式",
        "days": "簽收後 {n} 天", "years": "簽收後 {n} 年",
        "days_ordered": "下單後 {n} 天", "years_ordered": "下單後 {n} 年", "endless": "不限期", "never": "不接受",
        "free": "免費", "you": "您負擔 {amount}", "yourself": "運費自理", "open": "視情況而定",
        "not": "不接受退換的情形", "show": "需要您提供", "charges": "費用與退還",
        "season": "節慶期間延長退換", "until": "{start} 至 {end} 的訂單：可退至 {until}。", "law": "您的法定權利",
        "floor": "無論以上如何約定，以下權利始終屬於您。", "steps": "各環節時限",
        "ship": "請在 {time}內交寄商品。", "refund": "{start}起 {time}內，我們將為您安排退款。",
        "object": "若對處理結果有異議，您可在 {time}內提出申訴。", "version": "第 {version} 版，適用於 {since} 起的訂單。",
    },
}  # fmt: skip
_STARTS: Mapping[str, Mapping[str, str]] = {
    "en": {"requested": "your request", "shipped": "your sending the goods", "received": "our receiving the goods",
           "inspected": "the inspection", "settling": "our decision"},
    "zh-Hans": {"requested": "自您提出申请", "shipped": "自您寄出商品", "received": "自我们收到商品", "inspected": "自验货完成", "settling": "自我们作出决定"},
    "zh-Hant": {"requested": "自您提出申請", "shipped": "自您寄出商品", "received": "自我們收到商品", "inspected": "自驗貨完成", "settling": "自我們作出決定"},
}  # fmt: skip
"""From when the time of a refund counts."""
_UNITS: Mapping[str, Mapping[str, str]] = {
    "en": {"hours": "hours", "days": "days", "months": "months", "years": "years", "business_hours": "business hours", "business_days": "working days"},
    "zh-Hans": {"hours": "小时", "days": "天", "months": "个月", "years": "年", "business_hours": "个工作小时", "business_days": "个工作日"},
    "zh-Hant": {"hours": "小時", "days": "天", "months": "個月", "years": "年", "business_hours": "個工作小時", "business_days": "個工作天"},
}  # fmt: skip


def terms_page(policy: Policy, language: str, country: str = "US") -> str:
    """The page in Markdown, for customers of a country."""
    return "\n".join(_lines(policy, language, country)).rstrip() + "\n"


def _lines(policy: Policy, language: str, country: str) -> Iterator[str]:
    words = _WORDS.get(language, _WORDS["en"])
    yield f"# {policy.title.get(language) or words['title']}"
    yield ""
    yield f"| {words['reason']} | {words['time']} | {words['back']} | {words['choice']} |"
    yield "|---|---|---|---|"
    for reason in policy.reasons(language):
        decision = probes.ask(policy, Probe(country, reason["code"]), language)
        time = _times(policy, decision, words, reason["kind"], language)
        yield f"| {reason['text']} | {time} | {_freight(decision, words)} | {_choices(decision, language)} |"
    yield from _sentences(policy, language, words)
    yield from _seasons(policy, words)
    yield from _steps(policy, language, words)
    yield from _rights(policy, language, words, country)
    if policy.effective_from:
        yield from ("", words["version"].format(version=policy.ref.version, since=policy.effective_from))


def _times(policy: Policy, decision: Decision, words: Mapping[str, str], kind: str, language: str) -> str:
    """The time for this reason; each wish with its own where they differ."""
    line = decision.lines[0]
    if not line.eligible:
        return words["never"]
    if not policy.windows_by_resolution:
        return _time(line.window.closes_on if line.window else None, words, kind)
    zone = zone_info(line.window.time_zone) if line.window else policy.zone("")
    found: dict[str, list[str]] = {}
    for offer in line.offers:
        closes = offer.deadline.astimezone(zone).date() if offer.deadline else None
        found.setdefault(_time(closes, words, kind), []).append(offer.resolution)
    if len(found) <= 1:
        return next(iter(found), words["never"])
    return "; ".join(f"{listed(wishes, language)}: {time}" for time, wishes in found.items())


def _time(closes_on: date | None, words: Mapping[str, str], kind: str) -> str:
    if closes_on is None:
        return words["endless"]
    # What never arrived has no delivery to count from.
    since, suffix = (PLACED, "_ordered") if kind == "not_received" else (DELIVERED, "")
    days = (closes_on - since.date()).days
    unit, n = ("years", round(days / 365.25)) if days > 700 else ("days", days)
    return words[unit + suffix].format(n=n)


def _freight(decision: Decision, words: Mapping[str, str]) -> str:
    quote = decision.quote
    if quote is None or not decision.lines[0].eligible:
        return "-"
    if quote.return_freight:
        return words["you"].format(
            amount=f"{money.text(-quote.return_freight, decision.currency)} {decision.currency}"
        )
    return {"merchant": words["free"], "customer": words["yourself"]}.get(
        quote.freight_payer or "", words["open"]
    )


def _choices(decision: Decision, language: str) -> str:
    return listed((offer.resolution for offer in decision.lines[0].offers), language)


def _sentences(policy: Policy, language: str, words: Mapping[str, str]) -> Iterator[str]:
    charges = [name for name in policy.questions if name.startswith("charges.")]
    for head, names in (
        ("not", ["eligibility.exclusions", "eligibility.limits"]), ("show", ["eligibility.evidence"]), ("charges", charges),
    ):  # fmt: skip
        rules = [rule for name in names for rule in policy.questions[name].rules if rule.say]
        rules = [rule for rule in rules if rule.answer.get("then") != "review"]
        if rules:
            yield from ("", f"## {words[head]}", "")
            yield from dict.fromkeys(f"- {rule.words(language)}" for rule in rules)


def _seasons(policy: Policy, words: Mapping[str, str]) -> Iterator[str]:
    found = [
        sentence
        for rule in policy.questions["eligibility.extensions"].rules
        if (sentence := _season(rule, words))
    ]
    if found:
        yield from ("", f"## {words['season']}", "", *found)


def _season(rule: Rule, words: Mapping[str, str]) -> str | None:
    test = rule.when.tests.get("order.placed_on")
    if rule.answer["until"] is None or test is None or test.domain is None or test.domain.high is None:
        return None
    return "- " + words["until"].format(
        start=test.domain.low or "…", end=test.domain.high, until=rule.answer["until"]
    )


def _steps(policy: Policy, language: str, words: Mapping[str, str]) -> Iterator[str]:
    yield from ("", f"## {words['steps']}", "")
    for rule in policy.questions["service_levels.deadlines"].rules:
        if rule.answer["for"] == "ship" and not rule.when.parts:
            yield "- " + words["ship"].format(time=_length(rule.answer["within"], language))
    starts = _STARTS.get(language, _STARTS["en"])
    for name, word in (("refund_due", "refund"), ("objections", "object")):
        asked = policy.questions[f"service_levels.{name}"]
        found = next((rule for rule in asked.rules if not rule.when.parts), asked.default)
        if found is not None:
            start = starts.get(found.answer.get("from", ""), "")
            time = _length(found.answer["within"], language)
            yield "- " + words[word].format(time=time, start=start)


def _length(length: Length, language: str) -> str:
    units = _UNITS.get(language, _UNITS["en"])
    unit = units[length.unit]
    if language.startswith("zh"):
        return f"{length.count} {unit}"
    return f"{length.count} {unit[:-1] if length.count == 1 else unit}"


def _rights(policy: Policy, language: str, words: Mapping[str, str], country: str) -> Iterator[str]:
    laws = [
        law for law in policy.laws if country in _countries(law.applies_to) or not _countries(law.applies_to)
    ]
    if laws:
        yield from ("", f"## {words['law']}", "", words["floor"], "")
    for law in laws:
        for right in law.rights:
            yield f"- {right.rule.words(language)} ({law.title.get(language, law.id)}, {right.article})"


def _countries(condition: object) -> frozenset[str]:
    test = getattr(condition, "tests", {}).get("order.country")
    return test.domain.values if test and test.domain and test.domain.values else frozenset()
