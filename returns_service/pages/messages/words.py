"""What a message template may say: the case and its shop, and functions that put values into the reader's words."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from returns_service.domain.cached import cached_property
from returns_service.pages import i18n, labels, money_words, safe
from returns_service.pages.shares import shares

BRAND = "#1f5f4a"
"""The colour of a shop that chose none."""


class Facts(dict[str, Any]):
    """A mapping whose missing members are None, so that a template may ask for what only some events carry.

    What it holds is made Facts when it is looked at: of a whole case a message reads little.
    """

    def __getitem__(self, key: str) -> Any:
        value = super().get(key)
        if type(value) in (dict, list, tuple):
            value = self[key] = facts(value)
        return value

    def get(self, key: str, default: Any = None) -> Any:
        value = self[key]
        return default if value is None else value

    def values(self) -> Any:
        return [self[key] for key in self]

    def items(self) -> Any:
        return [(key, self[key]) for key in self]


class _Parts(list[Any]):
    """A list whose mappings are Facts."""


def facts(value: Any) -> Any:
    """The same value with every mapping in it as Facts."""
    if isinstance(value, Mapping):
        return value if isinstance(value, Facts) else Facts(value)
    return _Parts(facts(part) for part in value) if isinstance(value, (list, tuple)) else value


def words(context: Mapping[str, Any], language: str) -> dict[str, Any]:
    """All variables of a message template."""
    context = {name: value if name == "labels" else facts(value) for name, value in context.items()}
    said = Words(context, language)
    case = context["case"]
    return {
        "case": case,
        "shop": said.shop,
        "order": said.order,
        "event": context.get("event") or Facts(),
        "data": (context.get("event") or Facts())["data"] or Facts(),
        "links": links(context.get("links") or {}),
        "number": case["number"],
        "say": said,
        "name": (said.order.get("customer") or {}).get("name") or "",
    }


def shop(context: Mapping[str, Any]) -> dict[str, Any]:
    """The shop's face, with nothing in it that a mail must not carry."""
    given = context.get("shop", {})
    brand = safe.colour(given.get("colour"), BRAND)
    return {
        "name": safe.one_line(given.get("name") or "", 80),
        "colour": brand,
        "ink": safe.ink_on(brand),
        "logo_url": safe.web_url(given.get("logo_url")),
        "support_email": safe.one_line(given.get("support_email") or "", 200),
        "time_zone": given.get("time_zone") or "UTC",
    }


def links(given: Mapping[str, Any]) -> dict[str, str]:
    """Addresses a template may name; an unknown or unsafe one is empty and its button is left out."""
    names = ("portal", "slip", "answer", "object", "rate", "choose", "pay", "messages", "console")
    safe_ones = {name: safe.web_url(given.get(name)) for name in names}
    home = safe_ones["portal"]
    return {
        name: url or ("" if name in ("slip", "pay", "console", "rate") else home)
        for name, url in safe_ones.items()
    }


class Words:
    """Values in the reader's words; bound to one case and one language. What is a property is shown in both forms."""

    def __init__(self, context: Mapping[str, Any], language: str) -> None:
        self.case, self.language = context["case"], language
        self.order: Mapping[str, Any] = context.get("order") or Facts()
        self.shop = shop(context)
        self.zone = self.shop["time_zone"]
        self.currency = self.case["currency"]
        self.labels: Mapping[str, Mapping[str, str]] = context.get("labels") or {}
        self.gettext: Callable[[str], str] = i18n.translator(language).gettext

    def amount(self, value: str) -> str:
        return i18n.format_amount(value, self.currency, self.language)

    @cached_property
    def shares(self) -> tuple[str, str] | None:
        """What goes back to the payment and what comes as store credit, where it is both."""
        found = shares(self.case["quote"] or {})
        return (self.amount(found[0]), self.amount(found[1])) if found else None

    def day(self, value: str) -> str:
        return i18n.format_date(value, self.language, zone=self.zone)

    def instant(self, value: str | datetime, *, seconds: bool = False) -> str:
        """With the zone's name, so that it can be relied on."""
        shown = i18n.format_instant(value, self.zone, self.language, seconds=seconds)
        named = i18n.zone_name(value, self.zone, self.language)
        return f"{shown} ({named})" if self.language == "en" else f"{shown}（{named}）"

    def reason(self, code: str | None) -> str:
        return labels.label(self.labels.get("reasons", {}), code, str)

    def findings(self, codes: Iterable[str]) -> str:
        joint = ", " if self.language == "en" else "、"
        return joint.join(labels.label(self.labels.get("findings", {}), code, str) for code in codes)

    def grade(self, code: str | None) -> str:
        return labels.label(self.labels.get("grades", {}), code, str)

    def resolution(self, code: str | None) -> str:
        return labels.label(labels.RESOLUTIONS, code, self.gettext)

    def state(self, code: str) -> str:
        return labels.label(labels.STATES, code, self.gettext)

    def happened(self, type_: str) -> str:
        """An event in words, for the people of the shop."""
        return labels.label(labels.EVENTS, type_, self.gettext)

    def why(self, reason: str) -> str:
        """What went wrong, for the people of the shop."""
        return money_words.told(reason, self.gettext)

    def known(self, reason: str | None) -> str:
        """The same for customers, as far as the product has words for it."""
        return money_words.known(reason or "", self.gettext)

    def party(self, code: str | None) -> str:
        return labels.label(labels.PARTIES, code, self.gettext)

    def payment(self, method: str | None) -> str:
        return labels.payment(method, self.gettext)

    def arrival(self, method: str | None) -> str:
        return labels.arrival(method, self.gettext)

    def title(self, line: Mapping[str, Any]) -> str:
        """What the customer calls it: the title, else what the order says, else the article number."""
        if line.get("title"):
            return str(line["title"])
        bought = {entry.get("id"): entry for entry in self.order.get("lines") or []}
        return str(bought.get(line.get("order_line_id"), {}).get("title") or line.get("sku") or "")

    def deadline(self, purpose: str) -> str:
        """The local day of a deadline of the case, "" where there is none."""
        for deadline in self.case.get("deadlines") or []:
            if deadline["for"] == purpose:
                return i18n.format_date(deadline["on"], self.language)
        return ""

    @cached_property
    def figures(self) -> list[tuple[str, str]]:
        """The lines of the quote that are not zero, then the total is the template's to show."""
        quote = self.case.get("quote") or {}
        shown = [(text, quote.get(part, "0")) for part, text in labels.FIGURES.items()]
        return [(self.gettext(text), self.amount(value)) for text, value in shown if Decimal(value)]

    @cached_property
    def total(self) -> str:
        """The quoted total as money, "" when nothing is due."""
        value = (self.case.get("quote") or {}).get("total") or "0"
        return self.amount(value) if Decimal(value) else ""

    @cached_property
    def at_stake(self) -> str:
        """What is charged when goods that went out in advance are not answered by a return, "" when nothing is."""
        ahead = [
            r for r in self.case.get("replacements") or [] if r.get("security") in ("hold", "obligation")
        ]
        sums = sum((Decimal(r["secured"]) for r in ahead if r["state"] != "cancelled"), Decimal(0))
        return self.amount(str(sums)) if sums else ""

    def refunds(self, *states: str) -> list[dict[str, Any]]:
        """Refunds in these states, store credit left out."""
        found = self.case.get("refunds") or []
        return [r for r in found if r["state"] in states and r["method"] != "store_credit"]

    @cached_property
    def credits(self) -> list[dict[str, Any]]:
        found = self.case.get("refunds") or []
        return [r for r in found if r["method"] == "store_credit" and r["state"] == "succeeded"]

    def sum(self, refunds: Iterable[Mapping[str, Any]]) -> str:
        return self.amount(str(sum((Decimal(r["amount"]) for r in refunds), Decimal(0))))

    def replacement(self, wanted: str | None) -> Mapping[str, Any]:
        """The replacement an event is about, else the last one."""
        found: list[Mapping[str, Any]] = self.case.get("replacements") or []
        return next((r for r in found if r.get("id") == wanted), found[-1] if found else Facts())

    @cached_property
    def asked(self) -> list[dict[str, Any]]:
        """The lines as the customer asked: how many, what, why, for what."""
        return [
            self._row(
                line,
                line["quantity"],
                self.reason(line.get("reason")),
                self.resolution(line.get("resolution")),
            )
            for line in self.case["lines"]
        ]

    @cached_property
    def arrived(self) -> list[dict[str, Any]]:
        """What was counted at the dock, and what is still to come."""
        text = self.gettext("%(received)s of %(quantity)s arrived")
        return [
            self._row(
                line,
                line["quantity"],
                text % {"received": line["received_quantity"], "quantity": line["quantity"]},
            )
            for line in self.case["lines"]
        ]

    @cached_property
    def found(self) -> list[dict[str, Any]]:
        """What the bench found, unit by unit; lines of which nothing arrived say so."""
        rows = []
        for line in self.case["lines"]:
            for unit in line.get("inspections") or []:
                rows.append(self._row(line, unit["quantity"], self.findings(unit.get("findings") or [])))
            missing = line["quantity"] - line["received_quantity"]
            if missing > 0:
                rows.append(self._row(line, missing, self.gettext("did not arrive")))
        return rows

    def _row(self, line: Mapping[str, Any], quantity: int, *details: str) -> dict[str, Any]:
        return {
            "quantity": quantity,
            "title": self.title(line),
            "detail": " · ".join(text for text in details if text),
        }

    def goods(self, replacement: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What goes out with a replacement."""
        lines = {line["id"]: line for line in self.case["lines"]}
        rows = []
        for part in replacement.get("lines") or []:
            title = part.get("title") or self._new_title(part, lines.get(part.get("line_id") or "", {}))
            rows.append({"quantity": part.get("quantity", 1), "title": title, "detail": ""})
        return rows

    def _new_title(self, part: Mapping[str, Any], line: Mapping[str, Any]) -> str:
        """The title of the goods by article number: another variant from the order, else the line itself."""
        for bought in self.order.get("lines") or []:
            options = [bought, *(bought.get("exchange_options") or [])]
            for option in options:
                if option.get("sku") == part.get("sku"):
                    return str(option.get("title"))
        return self.title(line) if line else str(part.get("sku") or "")

    @cached_property
    def refusals(self) -> list[str]:
        """Why not, in the policy's sentences, each once."""
        found = [refusal.get("message") for line in self.case["lines"] for refusal in self._refused(line)]
        return list(dict.fromkeys(text for text in found if text))

    @cached_property
    def advice(self) -> list[str]:
        """What the customer can do instead, each once."""
        found = [refusal.get("advice") for line in self.case["lines"] for refusal in self._refused(line)]
        return list(dict.fromkeys(text for text in found if text))

    def _refused(self, line: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        return (line.get("decision") or {}).get("refusals") or []
