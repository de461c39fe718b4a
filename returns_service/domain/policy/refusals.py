"""Every reason against a request, collected in full, and every doubt for a person."""

from __future__ import annotations

from collections.abc import Iterable

from returns_service.domain import windows
from returns_service.domain.decision import EvidenceNeeded, Refused
from returns_service.domain.policy.codes import CODES, listed, sentence
from returns_service.domain.policy.facts import Facts
from returns_service.domain.policy.judged import Judged
from returns_service.domain.policy.model import Policy
from returns_service.domain.policy.rules import Rule
from returns_service.domain.policy.timing import latest
from returns_service.domain.windows import Length


class Refusing:
    """Collects the refusals of one line."""

    def __init__(self, policy: Policy, language: str) -> None:
        self.policy = policy
        self.language = language

    def judge(self, line: Judged) -> None:
        """Fill in refusals, evidence and doubts."""
        line.refusals = [*self.standing(line), *self._wish(line)]
        self._evidence(line)

    def standing(self, line: Judged) -> list[Refused]:
        """What stands against the units, whatever is wished for them."""
        return [*self._served(line), *self._reason(line), *self._units(line), *self._rules(line)]

    def refused(self, code: str, rule: str = "", **known: object) -> Refused:
        """A refusal of the engine, in words."""
        found = CODES[code]
        message = sentence(found.say, self.language, **known)
        return Refused(code, message, rule or code, sentence(found.advice, self.language))

    def _served(self, line: Judged) -> Iterable[Refused]:
        if not self.policy.applies_to.holds(line.facts):
            yield self.refused("not_served")

    def _reason(self, line: Judged) -> Iterable[Refused]:
        """A reason that is for other goods."""
        reason = self.policy.reason_table[line.wanted.reason]
        because = reason.when.because(line.facts)
        if because is not None:
            if line.trace is not None:
                line.trace.append(
                    {"question": "reason", "rule": reason.id, "held": False, "because": because}
                )
            yield self.refused("reason_not_applicable", reason.id)

    def _units(self, line: Judged) -> Iterable[Refused]:
        """Too many, held, not there, too late."""
        found, ordered = line.entitlement, line.facts.context.line.quantity
        wanted = line.quantity if line.quantity is not None else 1
        if wanted > ordered:
            yield self.refused("quantity", ordered=ordered)
        elif wanted > len(found.free):
            yield self.refused("units_held", free=len(found.free))
        elif (len(found.slots) < wanted and not found.exclusions) or (
            not found.shop and not found.rights and not found.exclusions
        ):
            yield self._time(line)

    def _time(self, line: Judged) -> Refused:
        """Why time stands against some of the units: not there yet, over, or no right at all."""
        against = [g.shop for g in line.entitlement.units if not g.shop.holds(line.facts.context.now)]
        expired = [timing for timing in against if timing.span is not None]
        last = latest(expired)
        if last is not None and last.span is not None:
            return self.refused("window_expired", last.rule, closes_on=last.span.last_day)
        waiting = next((timing for timing in against if timing.why == "not_delivered"), None)
        if waiting is not None:
            return self.refused("not_delivered", waiting.rule)
        return self.refused("no_right", against[0].rule if against else "")

    def _rules(self, line: Judged) -> Iterable[Refused]:
        """Exclusions and limits of the shop, unless a statutory right carries every unit asked for."""
        limits = self.policy.questions["eligibility.limits"].every(line.facts, line.trace)
        line.doubts += [rule.words(self.language) for rule in limits if rule.answer["then"] == "review"]
        found, wanted = line.entitlement, line.quantity if line.quantity is not None else 1
        if found.rights and len(found.slots) >= wanted:
            return
        for rule in [*line.entitlement.exclusions, *(r for r in limits if r.answer["then"] == "refuse")]:
            yield self._by(rule)

    def _by(self, rule: Rule) -> Refused:
        advice = sentence(rule.advice, self.language) if rule.advice else ""
        return Refused(rule.answer["code"], rule.words(self.language), rule.id, advice, rule.link)

    def _wish(self, line: Judged) -> Iterable[Refused]:
        """The resolution, the way back and the article wished for."""
        resolution, wanted = line.facts["request.resolution"], line.wanted
        if line.quantity is None:
            return
        if wanted.resolution == "exchange" and resolution == "exchange":
            wrong = self._exchange(line)
            if wrong is not None:
                yield wrong
                return
        if resolution not in line.offers:
            yield self.refused("resolution_not_offered", offers=listed(line.offers, self.language))
        methods = [
            m
            for r in self.policy.questions["resolutions.methods"].every(line.facts)
            for m in r.answer["methods"]
        ]
        if methods and line.facts["request.method"] not in methods:
            yield self.refused("method_not_offered", methods=listed(methods, self.language))

    def _exchange(self, line: Judged) -> Refused | None:
        wanted, bought = line.wanted, line.facts.context.line
        if wanted.exchange_for == bought.sku:
            return self.refused("exchange_same_article")
        option = next((o for o in bought.exchange_options if o.sku == wanted.exchange_for), None)
        if option is None:
            return self.refused("exchange_choice")
        if option.available is not None and option.available < wanted.quantity:
            return self.refused("out_of_stock", available=option.available)
        return None

    def _evidence(self, line: Judged) -> None:
        for rule in self.policy.questions["eligibility.evidence"].every(line.facts, line.trace):
            found = self._needed(rule, line.facts)
            line.evidence.append(found)
            if not found.missing or line.quantity is None:
                continue
            if rule.answer["needed"] == "request" and not line.entitlement.rights:
                line.refusals.append(self.refused("evidence_missing", rule.id, message=found.message))
            else:
                line.doubts.append(found.message)

    def _needed(self, rule: Rule, facts: Facts) -> EvidenceNeeded:
        kind, count = rule.answer["type"], rule.answer["count"]
        there = facts["request.photos"] if kind == "photo" else len(facts[f"evidence.{kind}"])
        late = self._late(rule.answer["within"], facts)
        return EvidenceNeeded(kind, rule.words(self.language), rule.id, count, missing=there < count or late)

    def _late(self, within: Length | None, facts: Facts) -> bool:
        """Whether the time to show this evidence, counted from delivery, is over."""
        parcel = facts.context.parcel
        if within is None or parcel is None or parcel.delivered_at is None:
            return False
        return not windows.span(parcel.delivered_at, within, facts.context.zone).holds(facts.context.now)
