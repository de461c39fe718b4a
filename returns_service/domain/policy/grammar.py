"""The grammar as one table: every file, question and key, with its meaning. Loader, schema and documents read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from returns_service.domain.policy import names
from returns_service.domain.policy.kinds import Field
from returns_service.domain.windows import Length

REQUEST = frozenset({"request"})
EVIDENCE = frozenset({"request", "evidence"})
FOUND = frozenset({"request", "evidence", "inspection"})
JUDGED = frozenset({"request", "evidence", "inspection", "fault"})


@dataclass(frozen=True)
class QuestionSpec:
    """One question: where it stands, what answers it, and what holds when no rule does."""

    file: str
    name: str
    doc: str
    fields: tuple[Field, ...]
    collect: bool = False
    say: bool = True
    """Whether a rule must have a sentence."""
    stages: frozenset[str] = REQUEST
    default: Mapping[str, Any] | None = None
    default_say: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.file}.{self.name}"


_PER = ("case", "line", "parcel", "unit", "brand")
_MONEY = (
    Field("fixed", "money", "A fixed amount, by currency."),
    Field("percent", "percent", "Percent of what the goods were worth.", default=None),
    Field("per", "choice", "What the amount is charged for once.", default="case", values=_PER),
    Field("cap", "money", "Never more than this."),
)

QUESTIONS: tuple[QuestionSpec, ...] = (
    QuestionSpec(
        "eligibility", "natures", "What kind of goods these are for the law.",
        (Field("nature", "choice", "The kind.", True, values="natures"),), collect=True, say=False,
    ),
    QuestionSpec(
        "eligibility", "windows", "Until when this may be asked for.",
        (Field("window", "window", "Length, basis and way of counting.", True),), say=False, stages=EVIDENCE,
        default={"window": None},
    ),
    QuestionSpec(
        "eligibility", "extensions", "What prolongs a window: a season, missing information. The later end counts.",
        (
            Field("windows", "texts", "Ids of the windows it applies to; all when left out."),
            Field("by", "length", "So much longer."),
            Field("until", "date", "At least until this day."),
            Field("window", "window", "Or this window, if it ends later."),
            Field("at_most", "window", "But no longer than this window."),
        ), collect=True, say=False,
    ),
    QuestionSpec(
        "eligibility", "exclusions", "What cannot be returned.",
        (
            Field("code", "ident", "The stable code of the refusal.", default="excluded"),
            Field("requires", "choice", "Holds only if the customer was told, or confirmed it.", default="nothing",
                  values=("nothing", "notice", "confirmation")),
            Field("never_for", "choices", "Kinds of reason it never shields from.", default=(), values="kinds"),
            Field("advice", "say", "What the customer can do instead."),
        ), collect=True, stages=EVIDENCE,
    ),
    QuestionSpec(
        "eligibility", "limits", "How much and how often: quantity, attempts, fair use, blocklist.",
        (
            Field("then", "choice", "Refuse, or let a person decide.", default="refuse", values=("refuse", "review")),
            Field("code", "ident", "The stable code of the refusal.", default="limit"),
            Field("advice", "say", "What the customer can do instead."),
        ), collect=True, stages=EVIDENCE,
    ),
    QuestionSpec(
        "eligibility", "evidence", "What the customer must show.",
        (
            Field("type", "choice", "Type of evidence.", True, values="evidence_types"),
            Field("count", "int", "How many.", default=1),
            Field("needed", "choice", "With the request (else it is refused), or for the review (else a person asks).",
                  default="review", values=("request", "review")),
            Field("within", "length", "Counted from delivery; later evidence does not count."),
        ), collect=True,
    ),
    QuestionSpec(
        "eligibility", "review", "Whether the policy approves at once or a person looks.",
        (Field("review", "choice", "auto or manual.", True, values=("auto", "manual")),), say=False, stages=JUDGED,
        default={"review": "manual"},
    ),
    QuestionSpec(
        "eligibility", "locations", "Where the goods go back to.",
        (Field("location", "choice", "One of the declared locations.", True, values="locations"),), say=False, stages=JUDGED,
    ),
    QuestionSpec(
        "fault", "claimed", "Who is at fault by what the customer says.",
        (
            Field("party", "choice", "The party.", True, values=names.PARTIES),
            Field("recover_from", "choice", "From whom the merchant recovers.", values=("carrier", "supplier", "nobody")),
        ), stages=EVIDENCE, default={"party": "undetermined", "recover_from": None},
        default_say={"en": "It is not clear yet who is at fault; a person decides.",
                     "zh-Hans": "责任方尚未确定，由工作人员判断。", "zh-Hant": "責任方尚未確定，由工作人員判斷。"},
    ),
    QuestionSpec(
        "fault", "found", "Who is at fault by what the inspection and the evidence show.",
        (
            Field("party", "choice", "The party.", True, values=names.PARTIES),
            Field("recover_from", "choice", "From whom the merchant recovers.", values=("carrier", "supplier", "nobody")),
            Field("review", "bool", "A person rules before money moves.", default=False),
        ), stages=FOUND, default={"party": "undetermined", "recover_from": None, "review": True},
        default_say={"en": "The findings do not show who is at fault; a person decides.",
                     "zh-Hans": "检测结果无法判断责任方，由工作人员判断。", "zh-Hant": "檢測結果無法判斷責任方，由工作人員判斷。"},
    ),
    QuestionSpec(
        "charges", "paid", "How much of what the goods were worth is paid; all of it when no rule holds.",
        (Field("percent", "percent", "Percent of the worth.", True),), stages=JUDGED,
    ),
    QuestionSpec(
        "charges", "freight", "Who pays the way back, and how much; without a rule the party at fault, nothing charged.",
        (Field("payer", "choice", "Who pays.", True, values=names.PAYERS), *_MONEY), stages=JUDGED,
    ),
    QuestionSpec(
        "charges", "freight_cover", "Freight insurance or allowance: pays the customer's freight up to an amount.",
        (Field("amount", "money", "Up to this amount.", True),), stages=JUDGED,
    ),
    QuestionSpec("charges", "restocking", "A fee for taking goods back.", _MONEY, stages=JUDGED),
    QuestionSpec(
        "charges", "deductions", "What is taken off for lost value; all rules that hold add up.",
        (
            Field("percent", "percents", "Percent of the worth, or a table by grade.", values="grades"),
            Field("fixed", "money", "A fixed amount for each unit."),
            Field("cap_percent", "percent", "Never more than this part of the worth."),
        ), collect=True, stages=JUDGED,
    ),
    QuestionSpec(
        "charges", "outbound", "What of the delivery charge is paid back.",
        (
            Field("share", "choice", "none, standard (never more than the standard rate) or full.", True,
                  values=("none", "standard", "full")),
            Field("only_if_all_returned", "bool", "Only when nothing of the order is kept.", default=False),
        ), stages=JUDGED,
    ),
    QuestionSpec("charges", "surcharges", "Whether refundable surcharges come back in proportion.",
                 (Field("back", "bool", "true or false.", True),), say=False, stages=JUDGED, default={"back": True}),
    QuestionSpec(
        "charges", "compensation", "Money for the customer's trouble, on top or for keeping the goods.",
        (
            Field("fixed", "money", "A fixed amount."),
            Field("percent", "percent", "Percent of the worth."),
            Field("multiple", "number", "So many times the price."),
            Field("minimum", "money", "At least this."),
            Field("cap", "money", "At most this."),
            Field("paid_as", "choice", "How it is given.", default="money", values=("money", "store_credit", "coupon", "gift")),
        ), stages=JUDGED,
    ),
    QuestionSpec("charges", "bonus", "Extra for taking store credit.",
                 (Field("percent", "percent", "Percent of the goods."), Field("fixed", "money", "A fixed amount.")), stages=JUDGED),
    QuestionSpec(
        "charges", "reclaim", "Order discounts and gifts that are lost when too little is kept.",
        (
            Field("discount", "text", "Title of the discount; every one when left out."),
            Field("gift", "text", "Instead of a discount: the tag of gifts that came with the order."),
            Field("value", "money", "What a gift costs that is kept."),
            Field("below", "money", "Lost when less than this is kept.", True),
        ), collect=True, stages=JUDGED,
    ),
    QuestionSpec("charges", "fees_cap", "All reductions together never take more than a part of the goods.",
                 (Field("percent", "percent", "Percent of the goods.", True),), say=False, stages=JUDGED),
    QuestionSpec(
        "resolutions", "offers", "What the customer can choose; the rules that hold add up.",
        (Field("offer", "choices", "Resolutions.", True, values=names.RESOLUTIONS),), collect=True, say=False, stages=JUDGED,
    ),
    QuestionSpec("resolutions", "goods", "Whether the goods come back.",
                 (Field("come_back", "bool", "true or false.", True),), say=False, stages=JUDGED, default={"come_back": True}),
    QuestionSpec("resolutions", "pay", "When money may move.",
                 (
                     Field("at", "choice", "The moment; new goods for old ones go out then too.", True, values=names.PAY_WHEN),
                     Field("secured_by", "choice", "What stands for goods that go out before the return is in: a `hold` on the "
                           "customer's payment, an `obligation` to pay for what does not come back in time, or nothing.",
                           default="obligation", values=names.SECURITIES),
                 ), say=False, stages=JUDGED, default={"at": "inspection", "secured_by": "obligation"}),
    QuestionSpec(
        "resolutions", "exchange", "How the price difference of an exchange is treated.",
        (Field("pricing", "choice", "difference, even or up_only.", True, values=("difference", "even", "up_only")),),
        stages=JUDGED, default={"pricing": "difference"},
        default_say={"en": "The price difference is paid or paid back.", "zh-Hans": "差价多退少补。", "zh-Hant": "差價多退少補。"},
    ),
    QuestionSpec(
        "resolutions", "tenders", "To which payments money goes back.",
        (
            Field("strategy", "choice", "Order of the payments.", default="original_order",
                  values=("original_order", "reverse", "proportional")),
            Field("fallback", "choice", "When a payment cannot take it.", default="store_credit", values=("store_credit", "release")),
            Field("declined", "choice", "When a payment refuses the money: a person decides (release), `store_credit`, or the "
                  "order's other payments and store credit for the rest.", default="release",
                  values=("release", "store_credit", "other_payment")),
            Field("max_age", "length", "Payments older than this cannot be paid back to."),
        ), say=False, stages=JUDGED,
        default={"strategy": "original_order", "fallback": "store_credit", "declined": "release", "max_age": None},
    ),
    QuestionSpec("resolutions", "methods", "Ways in which the goods may come back.",
                 (Field("methods", "choices", "Methods.", True, values=names.METHODS),), collect=True, say=False, stages=EVIDENCE),
    QuestionSpec(
        "resolutions", "outcomes", "What a unit leads to after the inspection.",
        (Field("outcome", "choice", "The outcome.", True,
               values=("as_requested", "send_back", "none", *names.RESOLUTIONS)),), say=False, stages=JUDGED,
        default={"outcome": "as_requested"},
    ),
    QuestionSpec("inspection", "grading", "Grade proposed for a unit.",
                 (Field("grade", "choice", "The grade.", True, values="grades"),), say=False, stages=FOUND),
    QuestionSpec("inspection", "dispositions", "What happens to a unit.",
                 (Field("disposition", "choice", "What happens.", True, values=names.DISPOSITIONS),), say=False, stages=JUDGED),
    QuestionSpec(
        "service_levels", "deadlines", "Time for each step, and what silence means.",
        (
            Field("state", "choice", "The state in which it runs.", True, values=tuple(names.SILENCE)),
            Field("for", "ident", "The step people wait for.", True),
            Field("within", "length", "How long; business_hours and business_days follow `hours`.", True),
            Field("from", "choice", "From when it counts.", default="entered", values=("entered", "requested")),
            Field("then", "choice", "The move that follows from silence.",
                  values=tuple(sorted({x for moves in names.SILENCE.values() for x in moves}))),
            Field("remind", "length", "A reminder so much earlier."),
        ), collect=True, say=False,
    ),
    QuestionSpec(
        "service_levels", "objections", "How long and how often a decision may be objected to.",
        (
            Field("within", "length", "From the decision.", True),
            Field("rounds", "int", "How many times.", default=1),
            Field("evidence_within", "length", "Time to add evidence."),
        ), say=False, default={"within": Length(30, "days"), "rounds": 1, "evidence_within": None},
    ),
    QuestionSpec("service_levels", "refund_due", "When the money must be on its way.",
                 (Field("within", "length", "How long.", True),
                  Field("from", "choice", "From when; never before the goods are in or on their way, where they come back.",
                        default="settling", values=names.REFUND_FROM)),
                 say=False, default={"within": Length(14, "days"), "from": "settling"}),
    QuestionSpec(
        "notifications", "notices", "Which event tells whom through which channels.",
        (
            Field("events", "choices", "Types of event.", True, values="events"),
            Field("to", "choice", "Whom.", default="customer", values=("customer", "shop", "warehouse", "supplier")),
            Field("through", "texts", "Channels.", default=("email",)),
        ), collect=True, say=False,
    ),
)  # fmt: skip
BY_KEY: Mapping[str, QuestionSpec] = {spec.key: spec for spec in QUESTIONS}
FILES: Mapping[str, str] = {
    "policy": "Name, languages, time zone, laws it is subject to, attributes, from when it holds.",
    "eligibility": "Reasons, windows, exclusions, evidence, limits, review.",
    "fault": "Claimed reason, evidence, findings and time to the party at fault.",
    "charges": "Freight, restocking, deductions, delivery charge, compensation, bonus.",
    "resolutions": "What is offered when, exchange pricing, when money is paid.",
    "inspection": "Grades, findings, questions at the bench, dispositions.",
    "service_levels": "Time for each step and what silence means.",
    "notifications": "Which event tells whom.",
    "examples": "Cases with the decision and the amounts that are expected.",
}

_SAY = Field("say", "say", "The words people read.", True)
DECLARATIONS: Mapping[str, tuple[Field, ...]] = {
    "eligibility.reasons": (
        Field("kind", "choice", "What kind of reason it is.", True, values=tuple(names.REASON_KINDS)),
        Field("offered", "bool", "Whether customers can choose it.", default=True),
        Field("when", "condition", "The goods it is for, by facts of the line such as `line.category`; all when left out."), _SAY,
    ),
    "eligibility.conditions": (Field("marks", "choices", "What the state means.", default=(), values=tuple(names.CONDITION_MARKS)), _SAY),
    "eligibility.evidence_types": (Field("fields", "texts", "Fields of a record that rules may name.", default=()), _SAY),
    "inspection.findings": (Field("means", "choices", "What the finding means.", True, values=tuple(names.FINDING_MEANINGS)), _SAY),
    "inspection.grades": (
        Field("disposition", "choice", "What usually happens to such a unit.", values=names.DISPOSITIONS), _SAY,
    ),
}  # fmt: skip
"""Lists of declared words: each has an id, these keys and its sentence."""

HEADER: tuple[Field, ...] = (
    Field("name", "ident", "The policy's name, as its folder.", True),
    Field("title", "say", "What people call it."),
    Field("languages", "texts", "Languages of every sentence.", default=("en",)),
    Field("currencies", "texts", "Currencies in which amounts are given.", default=("EUR",)),
    Field("time_zone", "zone", "Where days are counted.", True),
    Field("holidays", "text", "Calendar of working days: a country, or country-region (DE, DE-BY)."),
    Field("effective_from", "date", "Orders from this day on fall under this version."),
    Field("precedence", "choice", "When several windows fit: the first, or the best for the customer.", default="first",
          values=("first", "best")),
    Field("settle", "choice", "Who settles after the last inspection: the policy, or a person.", default="inspection",
          values=("inspection", "person")),
    Field("laws", "texts", "Floors that it is subject to.", default=()),
    Field("tiers", "texts", "Membership tiers."),
    Field("look_back", "length", "How far fair use looks back.", default=Length(12, "months")),
)  # fmt: skip
HEADER_TABLES: Mapping[str, str] = {
    "applies_to": "A condition; other orders are not served by this policy.",
    "time_zones": "Time zones by country, where they differ.",
    "attributes": "Facts only this shop knows: name, type, values.",
    "notices": "What customers are told before buying: right, exceptions, confirmed.",
    "locations": "Where goods go back to: id, say, address, country.",
    "hours": "Business hours: opens, closes, days.",
    "links": "Public pages by name.",
}
