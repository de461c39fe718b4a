"""A case in its reader's language: its sentences were written down in the customer's."""

from collections.abc import Callable, Mapping
from typing import Any

from returns_service.domain import policy as rules
from returns_service.store.cases import CaseFile

_SAID = frozenset({"message", "advice"})
"""Where sentences stand in decisions and quotes."""


def in_words_of(case: CaseFile, shown: Any, language: str) -> Any:
    """The same with every sentence of the policy and the engine in the language; amounts stay what they are."""
    if language == case.row.language:
        return shown
    retold = rules.retelling(case.policy, case.row.language, language).retold
    if isinstance(shown, list) and all(isinstance(text, str) for text in shown):
        return [retold(text) for text in shown]
    return _told(shown, retold)


def _told(shown: Any, retold: Callable[[str], str]) -> Any:
    if isinstance(shown, Mapping):
        return {
            key: retold(value) if key in _SAID and isinstance(value, str) else _told(value, retold)
            for key, value in shown.items()
        }
    return [_told(value, retold) for value in shown] if isinstance(shown, list) else shown
