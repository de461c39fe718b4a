"""Every figure of every quote that the shipped policies' examples lead to has a sentence, in every language."""

import re
from dataclasses import replace

import pytest

from returns_service.commands.policies import bodies, examples
from returns_service.domain.decision import Quote
from returns_service.domain.policy.source import read
from tests.domain.policy.small import ROOT, shipped

POLICIES = sorted(path.parent.name for path in ROOT.glob("*/policy.yaml"))
CHINESE, LATIN = re.compile(r"[\u4e00-\u9fff]"), re.compile("[a-z]{2}")


def quotes(name: str, language: str) -> list[tuple[str, Quote]]:
    """What the examples of a policy come to before and after the inspection."""
    policy = shipped(name)
    node = read((ROOT / name / "examples.yaml").read_text(), "examples.yaml")
    found = []
    for example in examples._examples(node):
        asked = examples._asked(example, examples._orders(node))
        asked = replace(asked, request=replace(asked.request, language=language))
        decision, settlement = bodies.answer(policy, asked)
        told = [decision.quote, settlement.quote if settlement else None]
        found += [(examples._id(example), quote) for quote in told if quote]
    return found


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_every_figure_says_where_it_came_from(name: str, language: str) -> None:
    if language not in shipped(name).languages:
        pytest.skip(f"{name} does not speak {language}")
    for example, quote in quotes(name, language):
        for figure in quote.figures:
            assert figure.message.strip(), (example, figure.part)
            script = LATIN if language == "en" else CHINESE
            assert script.search(figure.message), (example, figure)


PARTS = (
    "outbound_shipping",
    "surcharges",
    "compensation",
    "bonus",
    "return_freight",
    "restocking",
    "deductions",
    "exchange",
)


@pytest.mark.parametrize("name", POLICIES)
def test_the_figures_of_a_part_add_up_to_it_and_no_part_goes_without(name: str) -> None:
    for example, quote in quotes(name, "en"):
        for part in PARTS:
            told = sum(figure.amount for figure in quote.figures if figure.part == part)
            assert told == getattr(quote, part), (example, part)
        assert sum(f.amount for f in quote.figures if f.part == "goods") == quote.goods, example
        assert sum(f.amount for f in quote.figures if f.part in ("waived", "capped")) == quote.waived, example
        given = sum(f.amount for f in quote.figures if f.part in SOURCES)
        assert given == quote.total, example


SOURCES = ("tender", "credit", "unfunded_credit", "charged_back", "unfunded")
