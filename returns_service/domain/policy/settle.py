"""The settlement: final fault, what each unit leads to, and the final quote, by everything known now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from returns_service.domain import money, quote
from returns_service.domain.decision import (
    CaseFacts,
    FaultRuling,
    GoodsOut,
    LineSettlement,
    Outcome,
    Quote,
    SettledLine,
    Settlement,
)
from returns_service.domain.policy.bench_answers import disposition_of
from returns_service.domain.policy.charging import Charging, Graded, chosen_option
from returns_service.domain.policy.entitlement import open_rights
from returns_service.domain.policy.facts import Context, Facts
from returns_service.domain.policy.model import Policy, Right
from returns_service.domain.policy.rules import Rule, Trace
from returns_service.domain.request import Evidence, InspectedUnit, RequestLine, ReturnRequest
from returns_service.domain.terms import PAYS_GOODS, CaseTerms, LineTerms

_GOODS_OUT = ("exchange", "replacement", "repair", "send_back")
_NO_REASON = ("remorse", "withdrawal")
_CERTAINTY = ("undetermined", "merchant", "supplier", "carrier", "customer")


@dataclass
class Part:
    """Units of one case line that end alike."""

    line: SettledLine
    slots: tuple[int, ...]
    facts: Facts
    fault: FaultRuling
    outcome: str
    disposition: str | None
    doubts: list[str] = field(default_factory=list)
    terms: LineTerms | None = None
    amount: int = 0
    compensation: int = 0


def settle(policy: Policy, facts: CaseFacts, now: datetime, *, language: str = "en") -> Settlement:
    """What is owed, by the inspection and the evidence; `final` is False while a person must rule on the fault."""
    return _Settling(policy, facts, now, language).settlement()


class _Settling:
    def __init__(self, policy: Policy, case: CaseFacts, now: datetime, language: str) -> None:
        self.policy, self.case, self.now, self.language = policy, case, now, language
        self.zone = policy.zone(case.order.country)
        self.returning = _returning(case)
        self.traces: dict[str, Trace] = {line.id: [] for line in case.lines}

    def settlement(self) -> Settlement:
        parts = [part for line in self.case.lines for part in self._parts(line)]
        for part in parts:
            part.terms = self._terms(part)
        terms = [part.terms for part in parts if part.terms is not None]
        case_terms = self._case_terms(parts)
        total = quote.total(self.case.order, self.case.history, case_terms, terms, language=self.language)
        self._share(parts, total)
        doubts = tuple(dict.fromkeys(doubt for part in parts for doubt in part.doubts))
        return Settlement(
            final=not doubts,
            lines=tuple(self._line(line, [p for p in parts if p.line is line]) for line in self.case.lines),
            quote=total,
            goods=tuple(out for part in parts if not part.doubts for out in self._goods(part, case_terms)),
            review_reasons=doubts,
            losses=self._losses(parts, case_terms),
            declined=case_terms.tender_declined,
        )

    def _losses(self, parts: Sequence[Part], case: CaseTerms) -> Mapping[str, int]:
        """What others must answer for: money that goes back, and the worth of goods that go out again."""
        found: dict[str, int] = {}
        for part in parts:
            party = part.terms.recover_from if part.terms is not None else None
            if party is not None:
                found[party] = found.get(party, 0) + part.amount + self._goods_worth(part, case)
        return found

    def _goods_worth(self, part: Part, case: CaseTerms) -> int:
        if part.outcome == "replacement":
            return sum(self.case.order.worth(part.line.order_line_id, slot) for slot in part.slots)
        return -self._alone(part, case).exchange if part.outcome == "exchange" else 0

    def _case_terms(self, parts: Sequence[Part]) -> CaseTerms:
        if not parts:
            return CaseTerms()
        return Charging(self.policy, self.language).case(parts[0].facts)

    # --- units to parts ----------------------------------------------------------------------------------------

    def _parts(self, line: SettledLine) -> list[Part]:
        groups = _groups(line, self.case.goods_return)
        missing = len(line.slots) - sum(len(slots) for slots, _ in groups)
        found = [self._part(line, slots, unit, missing) for slots, unit in groups]
        rest = line.slots[len(line.slots) - missing :] if missing else ()
        return [*found, self._missing(line, rest, missing)] if rest else found

    def _context(self, line: SettledLine, slots: tuple[int, ...], missing: int) -> Context:
        order = self.case.order
        bought = order.by_id[line.order_line_id]
        parcel = order.parcels(bought.id)[slots[0]] if slots else None
        wanted = RequestLine(
            line.order_line_id,
            max(len(line.slots), 1),
            line.reason,
            line.condition,
            photos=("",) * line.photos,
            resolution=line.resolution,
            exchange_for=line.exchange_for,
            attributes=line.attributes,
            evidence=_shown(self.case.request, line),
        )
        return Context(
            self.policy, order, self.case.request, self.case.history, self.case.requested_at, self.zone, bought, wanted,
            parcel, slots, self.case.evidence, missing=missing, days_late=self.case.days_late, returning=self.returning,
        )  # fmt: skip

    def _part(
        self, line: SettledLine, slots: tuple[int, ...], unit: InspectedUnit | None, missing: int
    ) -> Part:
        context = self._context(line, slots, missing)
        if unit is not None:
            known = {
                "findings": frozenset(unit.findings),
                "grade": unit.grade,
                "answers": unit.answers,
                "inspected": True,
            }
            context = replace(context, **known)  # type: ignore[arg-type]
        facts = Facts(context, self.policy.readers)
        fault, rule, doubts = self._fault(line, facts, inspected=unit is not None)
        recover = rule.answer.get("recover_from") if rule else None
        facts = facts.given(fault__party=fault.party, fault__rule=fault.rule, fault__recover_from=recover)
        outcome = self._outcome(line, facts)
        facts = facts.given(request__resolution=outcome)
        disposition = disposition_of(self.policy, facts, unit.disposition if unit else None)
        if outcome == "send_back":
            disposition = "send_back"
        return Part(line, slots, facts, fault, outcome, disposition, doubts)

    def _missing(self, line: SettledLine, slots: tuple[int, ...], missing: int) -> Part:
        """Units that did not arrive: lost on the way, borne by whom the fault rules say, or simply not sent."""
        lost = any(evidence.type == "parcel_lost" for evidence in self.case.evidence)
        part = self._part(line, slots, None, missing)
        if lost and part.fault.party in ("carrier", "merchant", "supplier"):
            return part
        part.outcome, part.disposition, part.doubts = "missing", None, part.doubts if lost else []
        part.facts = part.facts.given(request__resolution="missing")
        return part

    def _fault(
        self, line: SettledLine, facts: Facts, *, inspected: bool
    ) -> tuple[FaultRuling, Rule | None, list[str]]:
        trace = self.traces[line.id]
        rule = self.policy.questions["fault.found"].sure(facts, trace)
        ruled = self._ruling(rule)
        if ruled is not None:
            return ruled, rule if ruled.rule == rule.id else None, []
        if rule.id == "default" and (self.case.by_person or not inspected):
            rule = self.policy.questions["fault.claimed"].first(facts, trace) or rule
        unclear = rule.answer["party"] == "undetermined" or rule.answer.get("review")
        doubts = [rule.words(self.language)] if unclear and not self.case.overridden else []
        return FaultRuling(rule.answer["party"], rule.id, rule.words(self.language), not doubts), rule, doubts

    def _ruling(self, rule: Rule) -> FaultRuling | None:
        """What a person ruled last; who confirms what the policy found keeps its rule."""
        said = next((e.data for e in reversed(self.case.evidence) if e.type == "ruling"), {})
        party = said.get("party")
        if party not in _CERTAINTY[1:]:
            return None
        same = party == rule.answer["party"]
        words = str(said.get("reason") or (rule.words(self.language) if same else ""))
        return FaultRuling(str(party), rule.id if same else "ruling", words, True)

    def _outcome(self, line: SettledLine, facts: Facts) -> str:
        rule = self.policy.questions["resolutions.outcomes"].first(facts, self.traces[line.id])
        outcome = str(rule.answer["outcome"]) if rule else "as_requested"
        if outcome != "as_requested" and not self._owed_by_law(line, facts):
            return outcome
        same = line.resolution == "exchange" and line.exchange_for == facts.context.line.sku
        return "replacement" if same else line.resolution

    def _owed_by_law(self, line: SettledLine, facts: Facts) -> bool:
        """Whether law gives what was asked for, so that no rule of the shop can end it otherwise."""
        kind = facts["request.kind"]
        fitting = [right for right in self._rights(facts) if line.resolution in right.offers]
        return any(kind in _NO_REASON or right.is_for(kind) for right in fitting)

    # --- parts to money ----------------------------------------------------------------------------------------

    def _terms(self, part: Part) -> LineTerms | None:
        if part.doubts or part.outcome in ("missing", "none"):
            return None
        charging = Charging(self.policy, self.language, self.traces[part.line.id])
        graded = [Graded(part.slots, part.facts)] if self.case.goods_return else []
        return charging.line(part.facts, part.slots, self._rights(part.facts), graded)

    def _rights(self, facts: Facts) -> list[Right]:
        """Statutory rights that were open when the customer asked and that the findings did not take away."""
        found = open_rights(self.policy, facts, self.case.requested_at)
        return [right for right in found if right.falls_when is None or not right.falls_when.holds(facts)]

    def _share(self, parts: Sequence[Part], total: Quote) -> None:
        """What each part brings, so that all of them sum to the total."""
        earning = [part for part in parts if part.terms is not None]
        amounts = _fitted(total.shares, total.total)
        for part, amount, compensation in zip(earning, amounts, total.compensations, strict=True):
            part.amount, part.compensation = amount, compensation

    def _alone(self, part: Part, case: CaseTerms) -> Quote:
        terms = [part.terms] if part.terms is not None else []
        return quote.total(self.case.order, self.case.history, case, terms, language=self.language)

    # --- the answer --------------------------------------------------------------------------------------------

    def _line(self, line: SettledLine, parts: Sequence[Part]) -> LineSettlement:
        freed = tuple(
            slot for part in parts if part.outcome in ("missing", "send_back") for slot in part.slots
        )
        fault = min(
            (part.fault for part in parts), key=lambda f: _CERTAINTY.index(f.party), default=_nobody()
        )
        outcomes = tuple(Outcome(len(p.slots), p.outcome, p.amount, p.disposition) for p in parts)
        paid = sum(min(p.compensation, p.amount) for p in parts if p.outcome == "compensation")
        return LineSettlement(
            line.id, line.order_line_id, fault, outcomes, tuple(self.traces[line.id]), freed, paid
        )

    def _goods(self, part: Part, case: CaseTerms) -> Sequence[GoodsOut]:
        if part.outcome not in _GOODS_OUT or (not self.case.goods_return and part.outcome == "send_back"):
            return ()
        sku = part.facts.context.line.sku
        option = chosen_option(part.facts) if part.outcome == "exchange" else None
        due = 0
        if part.outcome == "exchange" and part.terms is not None:
            due = self._alone(part, case).due
        return (GoodsOut(part.outcome, part.line.id, option.sku if option else sku, len(part.slots), due),)


def _shown(request: ReturnRequest, line: SettledLine) -> tuple[Evidence, ...]:
    """What the customer showed with the request for these goods."""
    mine = [
        one for one in request.lines if (one.order_line_id, one.reason) == (line.order_line_id, line.reason)
    ]
    return tuple(shown for one in mine for shown in one.evidence)


def _nobody() -> FaultRuling:
    return FaultRuling("undetermined", "default", "")


def _returning(case: CaseFacts) -> Mapping[str, frozenset[int]]:
    """What leaves the customer for good, as far as the case says."""
    found: dict[str, frozenset[int]] = {}
    for line in case.lines:
        if line.resolution in PAYS_GOODS:
            found[line.order_line_id] = found.get(line.order_line_id, frozenset()) | frozenset(line.slots)
    return found


def _groups(line: SettledLine, goods_return: bool) -> list[tuple[tuple[int, ...], InspectedUnit | None]]:
    """The slots of a line by what was found of them, lowest first."""
    if not goods_return:
        return [(line.slots, None)] if line.slots else []
    found: list[tuple[tuple[int, ...], InspectedUnit | None]] = []
    start = 0
    for unit in line.units:
        slots = line.slots[start : start + unit.quantity]
        start += len(slots)
        if slots:
            found.append((slots, unit))
    arrived = line.slots[start : max(line.received, start)]
    return [*found, (arrived, None)] if arrived else found


def _fitted(shares: Sequence[int], total: int) -> list[int]:
    """The amounts of single parts, moved by as little as makes them sum to the total."""
    if sum(shares) == total or not shares:
        return list(shares)
    if total <= 0 or sum(shares) <= 0:
        return [total, *[0] * (len(shares) - 1)]
    return money.spread(total, [max(amount, 0) for amount in shares])
