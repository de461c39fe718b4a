"""What holds for every policy and every case: floors, monotony, replay, agreement of the two ways to evaluate."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from returns_service.domain.decision import CaseFacts
from returns_service.domain.order import Customer, Order
from returns_service.domain.policy import Policy, decide, load, settle, verdict
from returns_service.domain.policy.facts import Context, Facts
from returns_service.domain.policy.rules import Trace
from returns_service.domain.request import History, LineHistory, RequestLine, ReturnRequest
from tests.domain.policy.small import DELIVERED, ROOT, line, order, parcel, shipped, small, texts

STANDARD = shipped("standard")
NO_LAW = load(
    {
        **texts(ROOT / "standard"),
        "policy.yaml": texts(ROOT / "standard")["policy.yaml"].replace("laws: [eu, uk, cn, tw]", ""),
    }
)
REPLAYED = load(texts(ROOT / "standard"), laws=texts(ROOT / "law"))
REASONS = sorted(STANDARD.reason_table)
CONDITIONS = [None, *sorted(STANDARD.conditions)]
CATEGORIES = [
    "apparel/shirts",
    "beauty/creams",
    "electronics/audio",
    "food/cheese",
    "media/games",
    "gift-cards",
    "furniture",
]
CURRENCIES = {"DE": "EUR", "GB": "GBP", "CN": "CNY", "TW": "TWD", "US": "USD"}


@st.composite
def cases(draw: st.DrawFn) -> tuple[Order, ReturnRequest, History, datetime]:
    country = draw(st.sampled_from(sorted(CURRENCIES)))
    quantity = draw(st.integers(1, 4))
    bought = line(
        quantity=quantity,
        unit_price=draw(st.integers(1, 900)) * 100,
        category=draw(st.sampled_from(CATEGORIES)),
        final_sale=draw(st.booleans()),
        tags=tuple(draw(st.sets(st.sampled_from(["personalised", "hygiene", "x"]), max_size=2))),
    )
    delivered = draw(st.sampled_from([None, DELIVERED, DELIVERED - timedelta(days=20)]))
    first = draw(st.integers(0, quantity))
    parcels = tuple(
        parcel(name, at, l1=count)
        for name, at, count in (("a", delivered, first), ("b", DELIVERED, quantity - first))
        if count
    )
    made = order(
        bought, country=country, currency=CURRENCIES[country], fulfilments=parcels,
        customer=Customer("a@example.com", id="a", tier=draw(st.sampled_from(["standard", "gold"]))),
    )  # fmt: skip
    wanted = RequestLine(
        "1", draw(st.integers(1, quantity)), draw(st.sampled_from(REASONS)), draw(st.sampled_from(CONDITIONS)),
        resolution=draw(st.sampled_from(["refund", "store_credit", "replacement", "repair", "compensation"])),
    )  # fmt: skip
    held = draw(st.frozensets(st.integers(0, quantity - 1), max_size=2))
    history = History({"1": LineHistory(held=held)}, returns_in_lookback=draw(st.integers(0, 20)))
    now = DELIVERED + timedelta(days=draw(st.integers(-3, 800)), hours=draw(st.integers(0, 23)))
    return made, ReturnRequest((wanted,), draw(st.sampled_from(["mail", "store"]))), history, now


def total(decision) -> int:
    return decision.quote.total + decision.quote.unfunded if decision.eligible else 0


@settings(max_examples=150, deadline=None)
@given(cases())
def test_every_case_gets_an_answer_that_is_whole(case):
    bought, request, history, now = case
    decision = decide(STANDARD, bought, request, history, now)
    [found] = decision.lines
    assert found.eligible == (not found.refusals) == decision.eligible
    assert len(found.slots) <= found.quantity
    assert set(found.slots).isdisjoint(history.line("1").held)
    assert found.slots == tuple(sorted(found.slots))
    assert all(offer.amount >= 0 for offer in found.offers)
    if decision.eligible:
        assert len(found.slots) == request.lines[0].quantity
        assert (
            request.lines[0].resolution in [offer.resolution for offer in found.offers]
            or request.lines[0].resolution == "exchange"
        )
    else:
        assert all(refusal.code and refusal.message for refusal in found.refusals)


@settings(max_examples=150, deadline=None)
@given(cases())
def test_a_floor_only_ever_gives_more(case):
    """With law beside it the same policy refuses nothing that it grants alone, and pays no less."""
    bought, request, history, now = case
    alone, beside = (decide(policy, bought, request, history, now) for policy in (NO_LAW, STANDARD))
    if alone.eligible:
        assert beside.eligible
        assert total(beside) >= total(alone)
        assert {o.resolution for o in alone.lines[0].offers} <= {o.resolution for o in beside.lines[0].offers}


@settings(max_examples=60, deadline=None)
@given(cases())
def test_a_decision_is_the_same_with_and_without_its_trace_and_when_replayed(case):
    bought, request, history, now = case
    first = decide(STANDARD, bought, request, history, now, trace=False)
    second = decide(REPLAYED, bought, request, history, now, trace=True)
    assert (first.eligible, first.quote, first.review, first.policy) == (
        second.eligible,
        second.quote,
        second.review,
        second.policy,
    )
    assert first.lines[0].refusals == second.lines[0].refusals
    assert first.lines[0].offers == second.lines[0].offers


@settings(max_examples=60, deadline=None)
@given(cases())
def test_plans_change_no_answer_and_no_trace(case):
    """What is kept for a combination of words is what looking at each rule in turn finds and says."""
    bought, request, history, now = case
    wanted = request.lines[0]
    parcels = bought.parcels("1")
    context = Context(
        STANDARD,
        bought,
        request,
        history,
        now,
        STANDARD.zone(bought.country),
        bought.lines[0],
        wanted,
        parcels[0],
        (0,),
        party="customer",
    )
    for asked in STANDARD.questions.values():
        facts = Facts(context, STANDARD.readers)
        holding = [rule for rule in asked.rules if rule.when.holds(facts)]
        said = [(rule.id, rule in holding, rule.when.because(facts)) for rule in asked.rules]
        assert all(held == (because is None) for _, held, because in said)
        trace: Trace = []
        assert list(asked.every(facts)) == list(asked.every(facts, trace)) == holding
        assert [(step["rule"], step["held"], step["because"]) for step in trace] == said
        short: Trace = []
        first = holding[0] if holding else asked.default
        assert asked.first(facts) is asked.first(facts, short) is first
        upto = asked.rules.index(holding[0]) + 1 if holding else len(said)
        assert [step["rule"] for step in short] == [rule_id for rule_id, _, _ in said[:upto]] + (
            [first.id] if first is not None and not holding else []
        )


@settings(max_examples=60, deadline=None)
@given(cases(), st.integers(31, 400))
def test_a_longer_window_never_refuses_more(case, days: int):
    bought, request, history, now = case
    request = ReturnRequest((RequestLine("1", request.lines[0].quantity, "changed_mind"),))
    short, long = small(), _with_days(days)
    if decide(short, bought, request, history, now).eligible:
        assert decide(long, bought, request, history, now).eligible


_LONGER: dict[int, Policy] = {}


def _with_days(days: int) -> Policy:
    if days not in _LONGER:
        _LONGER[days] = small(windows=f"windows:\n  - {{id: P, window: {{days: {days}, from: delivered}}}}\n")
    return _LONGER[days]


@settings(max_examples=40, deadline=None)
@given(
    cases(),
    st.sampled_from(
        [
            "line.final_sale: true",
            "condition.opened: true",
            "request.kind: remorse",
            "line.category: {under: beauty}",
        ]
    ),
)
def test_one_exclusion_less_never_refuses_more(case, when: str):
    bought, request, history, now = case
    request = ReturnRequest((RequestLine("1", request.lines[0].quantity, "changed_mind", "opened"),))
    strict = _strict(when)
    if decide(strict, bought, request, history, now).eligible:
        assert decide(_PLAIN, bought, request, history, now).eligible


_PLAIN = small()
_STRICT: dict[str, Policy] = {}


def _strict(when: str) -> Policy:
    if when not in _STRICT:
        _STRICT[when] = small(more=f"exclusions:\n  - {{id: x, when: {{{when}}}, say: No.}}\n")
    return _STRICT[when]


@settings(max_examples=60, deadline=None)
@given(cases())
def test_the_quick_verdict_agrees_with_the_whole_decision(case):
    bought, request, history, now = case
    wanted = RequestLine(
        "1", 1, request.lines[0].reason if request.lines[0].reason in _PLAIN.reason_table else "changed_mind"
    )
    free = [slot for slot in range(bought.lines[0].quantity) if slot not in history.line("1").held]
    if not free:
        return
    found = decide(_PLAIN, bought, ReturnRequest((wanted,)), history, now)
    by_slot = [
        verdict(_PLAIN, Context(_PLAIN, bought, request, history, now, _PLAIN.zone("DE"), bought.lines[0], wanted, bought.parcels("1")[slot], (slot,)))
        for slot in free
    ]  # fmt: skip
    assert found.eligible == any(one.eligible for one in by_slot)


def test_a_settlement_of_nothing_is_nothing():
    facts = CaseFacts(order(), ReturnRequest(()), (), History(), datetime(2026, 10, 10, tzinfo=UTC))
    assert settle(STANDARD, facts, datetime(2026, 10, 10, tzinfo=UTC)).quote.total == 0
