"""What was said in one language is told in another: every sentence of the engine and of the shipped policies."""

from string import Formatter

import pytest

from returns_service.domain.policy.codes import CODES, listed
from returns_service.domain.policy.retelling import retelling
from returns_service.domain.quote_texts import LANGUAGES, SENTENCES, payment_method
from tests.domain.policy.small import shipped

FIGURES = {
    "offers": ("refund", "store_credit"),
    "methods": ("mail", "locker"),
    "title": "Lamp No. 5. White, 12 W",
    "titles": "Platform fee, Gift wrap",
    "paid": "124.50 EUR",
    "amount": "9.96 EUR",
    "closes_on": "2026-10-31",
    "payment": "p1",
}
PAIRS = [(was, now) for was in LANGUAGES for now in LANGUAGES if was != now]


def _filled(text: str, language: str) -> str:
    known = {name: FIGURES.get(name, "7") for _, name, _, _ in Formatter().parse(text) if name}
    lists = {name: listed(value, language) for name, value in known.items() if isinstance(value, tuple)}
    return text.format(**{**known, **lists, "method": payment_method("cash_on_delivery", language)})


@pytest.mark.parametrize(("was", "now"), PAIRS)
def test_every_sentence_of_the_engine_is_told_with_its_figures(was: str, now: str) -> None:
    told = retelling(shipped("standard"), was, now)
    engine = [*SENTENCES.values(), *(part for code in CODES.values() for part in (code.say, code.advice))]
    for say in engine:
        if say and "{message}" not in say["en"]:
            assert told.retold(_filled(say[was], was)) == _filled(say[now], now)


@pytest.mark.parametrize(("was", "now"), PAIRS)
def test_sentences_one_after_the_other_are_told_in_order(was: str, now: str) -> None:
    policy = shipped("standard")
    rule = next(r for r in policy.questions["eligibility.exclusions"].rules if r.say)
    keys = ("goods", "given_before")
    parts = {
        language: " ".join(
            [*(_filled(SENTENCES[key][language], language) for key in keys), rule.words(language)]
        )
        for language in LANGUAGES
    }
    assert retelling(policy, was, now).retold(parts[was]) == parts[now]


def test_a_way_of_paying_that_was_told_by_its_code_is_named() -> None:
    told = retelling(shipped("standard"), "en", "zh-Hant")
    assert told.retold("Back to the payment p1 (bank_transfer).") == "退回付款 p1（銀行轉帳）。"
    assert told.retold("Back to the payment p1 (sofort).") == "退回付款 p1（sofort）。"


def test_what_a_person_wrote_stays() -> None:
    told = retelling(shipped("standard"), "en", "zh-Hans")
    assert (
        told.retold("The carrier has confirmed it. See {this}.")
        == "The carrier has confirmed it. See {this}."
    )
