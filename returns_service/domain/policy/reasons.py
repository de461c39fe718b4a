"""Reasons that are for some goods only: "too small" for shoes, never for a book."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice, product
from typing import Any

from returns_service.domain.order import Customer, Order, OrderLine
from returns_service.domain.policy.conditions import ALWAYS, Condition, Test
from returns_service.domain.policy.entitlement import holds
from returns_service.domain.policy.facts import Context, Facts
from returns_service.domain.policy.grammar import REQUEST
from returns_service.domain.policy.matchers import Compiler
from returns_service.domain.policy.model import Declared, Law, Policy, Right
from returns_service.domain.policy.problems import Problem, Wrong
from returns_service.domain.policy.source import Node
from returns_service.domain.request import History, RequestLine, ReturnRequest

_MOST = 2000
"""Made-up articles that are tried."""


def limit(reasons: dict[str, Declared], written: Mapping[str, Node], compiler: Compiler) -> list[Problem]:
    """Limit each reason to the goods of its `when`, as written; what is wrong with those."""
    problems = []
    for name, node in written.items():
        try:
            reasons[name] = replace(reasons[name], when=_goods(node, compiler))
        except Wrong as wrong:
            problems.append(wrong.problem)
    return problems


def _goods(node: Node, compiler: Compiler) -> Condition:
    """Facts of the article alone, so that it is known before a word is said. Raises Wrong."""
    when = compiler.condition(node, REQUEST)
    for leaf in when.leaves():
        if not leaf.fact.startswith("line.") or leaf.fact == "line.repairs":
            message = f"A reason is limited by what is sold: {leaf.fact!r} says nothing of that. Use line.category, line.tags, line.digital or another fact of the line."
            raise Wrong(node.file, leaf.line, "fact_elsewhere", message)
    return when


def fitting(policy: Policy, order: Order, line: OrderLine, now: datetime) -> Sequence[Declared]:
    """The reasons that customers can give for a line of an order."""
    offered = [reason for reason in policy.reason_table.values() if reason.offered]
    if not any(reason.when.parts for reason in offered):
        return offered
    facts = _facts(policy, order, line, now)
    return [reason for reason in offered if reason.when.holds(facts)]


def unlimited(policy: Policy) -> Policy:
    """The same policy with every reason for all goods."""
    if not any(reason.when.parts for reason in policy.reason_table.values()):
        return policy
    table = {name: replace(reason, when=ALWAYS) for name, reason in policy.reason_table.items()}
    return replace(policy, reason_table=table)


def _facts(policy: Policy, order: Order, line: OrderLine, now: datetime) -> Facts:
    wanted = RequestLine(line.id, line.quantity, "")
    known = ReturnRequest((wanted,)), History(), now, policy.zone(order.country), line, wanted
    return Facts(Context(policy, order, *known), policy.readers)


# --- what is left for each article ----------------------------------------------------------------------------


def gaps(policy: Policy) -> Iterator[Problem]:
    """Articles that no reason is left for, and statutory rights that none of their reasons can ask for."""
    offered = [reason for reason in policy.reason_table.values() if reason.offered]
    limited = [reason for reason in offered if reason.when.parts]
    if not limited:
        return
    left: dict[str, list[str]] = {}
    for article in islice(_articles(limited), _MOST):
        if not _fits_one(policy, offered, article):
            left.setdefault("", []).append(_told(article))
            continue
        for right, kinds in _unheard(policy, offered, article):
            where = f"{right.basis} ({right.file}:{right.line}), which is for {', '.join(sorted(kinds))}"
            left.setdefault(where, []).append(_told(article))
    for where, articles in left.items():
        named = f"{articles[0]}{f' and {len(articles) - 1} more' if articles[1:] else ''}"
        message = (
            f"No reason is left for {named}: the law goes before, yet nobody can ask for {where}."
            if where
            else f"No reason at all is left for {named}, so it can never be returned."
        )
        yield Problem("eligibility.yaml", limited[-1].line, message, "below_floor" if where else "gap")


Article = Mapping[str, Any]
"""What reasons name of a made-up article: fact -> value."""


def _articles(reasons: Iterable[Declared]) -> Iterator[Article]:
    """Every mixture of the words that the reasons name, and of none of them."""
    named: dict[str, dict[Any, None]] = {}
    for leaf in (leaf for reason in reasons for leaf in reason.when.leaves()):
        values = named.setdefault("line.tags" if leaf.fact == "line.nature" else leaf.fact, {})
        values.update(dict.fromkeys(_values(leaf)))
    for mixture in product(*named.values()):
        yield dict(zip(named, mixture, strict=True))


def _values(leaf: Test) -> list[Any]:
    """What the test names, and something else."""
    if leaf.type == "boolean":
        return [False, True]
    words = [word for word in _scalars(leaf.wanted) if isinstance(word, str)]
    return [(), *((word,) for word in words)] if leaf.type == "texts" else ["", *words]


def _scalars(wanted: Any) -> Iterator[Any]:
    if isinstance(wanted, Mapping):
        wanted = list(wanted.values())
    for inner in wanted if isinstance(wanted, list | tuple) else ():
        yield from _scalars(inner)
    if not isinstance(wanted, list | tuple):
        yield wanted


def _told(article: Article) -> str:
    words = [f"{fact}: {_word(value)}" for fact, value in article.items() if value]
    return f"an article with {', '.join(words)}" if words else "an article of another kind"


def _word(value: Any) -> str:
    return value[0] if isinstance(value, tuple) else str(value).lower() if value is True else value


def _fits_one(policy: Policy, reasons: Iterable[Declared], article: Article, country: str = "US") -> bool:
    facts = _made_up(policy, article, country)
    return any(reason.when.holds(facts) for reason in reasons)


def _made_up(policy: Policy, article: Article, country: str) -> Facts:
    line = OrderLine("1", "SKU", "", 1, 10_000, tags=article.get("line.tags", ()))
    order = Order("1", "1", country, policy.currencies[0], _PLACED, Customer(""), (line,))
    facts = _facts(policy, order, line, _PLACED)
    facts.update(article)
    return facts


_PLACED = datetime(2027, 3, 1, 9, tzinfo=UTC)


def _unheard(
    policy: Policy, offered: Sequence[Declared], article: Article
) -> Iterator[tuple[Right, frozenset[Any]]]:
    """Rights over the article whose kinds of reason the shop knows, but none of them for it."""
    for law in policy.laws:
        for right in law.rights:
            kinds = _kinds(right)
            asking = [reason for reason in offered if reason.kind in kinds]
            if not asking or _fits_one(policy, asking, article):
                continue
            facts = _made_up(policy, article, _country(law))
            facts |= {"request.reason": asking[0].id, "request.kind": asking[0].kind}
            if law.applies_to.holds(facts) and holds(right, facts):
                yield right, kinds


def _kinds(right: Right) -> frozenset[Any]:
    test = right.rule.when.tests.get("request.kind")
    return (test.domain.values if test and test.domain else None) or frozenset()


def _country(law: Law) -> str:
    test = law.applies_to.tests.get("order.country")
    return min(test.domain.values) if test and test.domain and test.domain.values else law.id.upper()
