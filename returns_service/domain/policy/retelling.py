"""Sentences that were written down in the customer's language, in the reader's: their figures stay as they are.

A rule's sentence is looked up; one of the engine's own is recognised by its blanks, which are filled in again. What
several sentences make up is told one after the other; what is none of ours, such as a person's words, stays.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from string import Formatter

from returns_service.domain.policy.codes import CODES, WORDS
from returns_service.domain.policy.model import Policy
from returns_service.domain.policy.rules import Rule
from returns_service.domain.quote_texts import PAYMENT_METHODS, SENTENCES

Say = Mapping[str, str]
_WORDS = {"offers": WORDS, "methods": WORDS, "method": PAYMENT_METHODS}
"""Blanks that hold words of the product, with commas."""
_LONGEST = 1000
"""Looking for blanks takes time that grows with the square of a text: nobody's words shall keep a reader waiting."""


@dataclass(frozen=True)
class Retelling:
    """From one language to another, for what a policy and the engine say."""

    words: Mapping[str, str]
    """The policy's sentences."""
    was: str
    now: str

    def retold(self, text: str) -> str:
        """The same in the other language; what is longer than all that rules say is a person's."""
        if len(text) > _LONGEST:
            return text
        return self._known(text) or self._in_parts(text) or text

    def _known(self, text: str) -> str | None:
        if text in self.words:
            return self.words[text]
        for form, told in _patterns(self.was, self.now):
            found = form.fullmatch(text)
            if found:
                return told.format(
                    **{name: self._blank(name, said) for name, said in found.groupdict().items()}
                )
        return None

    def _in_parts(self, text: str) -> str | None:
        """Sentences with blanks between them; the first is the longest that is known."""
        for space in reversed([found.start() for found in re.finditer(r"(?<=[.。]) ", text)]):
            first = self._known(text[:space])
            if first is not None:
                return f"{first} {self.retold(text[space + 1 :])}"
        return None

    def _blank(self, name: str, said: str) -> str:
        if name not in _WORDS:
            return said
        words = _WORDS[name].items()
        # Once the code itself was said.
        known = {code: word.get(self.now, word["en"]) for code, word in words}
        known |= {word.get(self.was, word["en"]): word.get(self.now, word["en"]) for _, word in words}
        return ", ".join(known.get(one, one) for one in said.split(", "))


def retelling(policy: Policy, was: str, now: str) -> Retelling:
    """What the policy and the laws above it say, from one language to another."""
    told = {rule.words(was): rule.words(now) for rule in _rules(policy) if rule.say}
    advice = {r.advice[was]: r.advice[now] for r in _rules(policy) if was in r.advice and now in r.advice}
    return Retelling(told | advice, was, now)


def _rules(policy: Policy) -> Iterator[Rule]:
    for question in policy.questions.values():
        yield from question.rules
    for law in policy.laws:
        for right in law.rights:
            yield right.rule
            yield from right.exceptions.rules


@cache
def _patterns(was: str, now: str) -> list[tuple[re.Pattern[str], str]]:
    """How the engine's own sentences look in one language, and what they are in the other."""
    engine: list[Say] = [
        *SENTENCES.values(),
        *(part for code in CODES.values() for part in (code.say, code.advice)),
    ]
    pairs = [(say.get(was) or say.get("en", ""), say.get(now) or say.get("en", "")) for say in engine]
    return [(pattern(text), told) for text, told in pairs if text and text != "{message}"]


def pattern(text: str) -> re.Pattern[str]:
    """What a sentence with blanks looks like when it is filled in.

    A title may hold anything; no other figure goes on beyond its sentence.
    """
    blank = {"title": ".+?", "titles": ".+?"}
    parts = [
        re.escape(plain) + (f"(?P<{name}>{blank.get(name, '(?:(?![.。] ).)+?')})" if name else "")
        for plain, name, _, _ in Formatter().parse(text)
    ]
    return re.compile("".join(parts), re.DOTALL)
