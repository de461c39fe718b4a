"""A case in its reader's language: the policy's sentences were written down in the customer's."""

from collections.abc import Mapping
from typing import Any

from returns_service.domain import policy as rules
from returns_service.domain.render import quote_body
from returns_service.store.cases import CaseFile

_SETTLED = frozenset({"inspected", "settling", "refunded", "replaced", "closed"})


def in_words_of(case: CaseFile, shown: Any, language: str) -> Any:
    """The same with every sentence of a rule in the language; sentences that name figures stay as they are."""
    return shown if language == case.row.language else _translated(shown, _sentences(case, language))


def quote_in(case: CaseFile, language: str) -> Mapping[str, Any]:
    """The quote with its sentences in the language. The amounts are those that were written down, whatever else."""
    kept = case.row.quote
    if language == case.row.language:
        return kept
    words = _sentences(case, language)
    if case.state in _SETTLED:
        anew = rules.settle(case.policy, case.facts(), case.row.updated_at, language=language)
        fresh = quote_body(anew.quote, case.row.currency)
        if _sums(fresh) == _sums(kept):
            return {**kept, "figures": _translated(fresh["figures"], words)}
    return {**kept, "figures": _translated(kept.get("figures") or [], words)}


def _sums(quote: Mapping[str, Any]) -> list[tuple[Any, Any, Any]]:
    return [(one.get("part"), one.get("amount"), one.get("rule")) for one in quote.get("figures") or []]


def _sentences(case: CaseFile, language: str) -> dict[str, str]:
    """What each rule says to the customer, and what it says to the reader."""
    told = (rule for question in case.policy.questions.values() for rule in question.rules if rule.say)
    return {rule.words(case.row.language): rule.words(language) for rule in told}


def _translated(shown: Any, words: Mapping[str, str]) -> Any:
    if isinstance(shown, Mapping):
        return {key: _translated(value, words) for key, value in shown.items()}
    if isinstance(shown, list):
        return [_translated(value, words) for value in shown]
    return words.get(shown, shown) if isinstance(shown, str) else shown
