"""A wrong file is refused whole, with file, line and the nearest right name."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from returns_service.domain.policy import Policy, PolicyErrors, Problem, load
from tests.domain.policy.small import POLICY, ROOT, WINDOWS, files, small, texts


def problems(**changed: str) -> list[Problem]:
    with pytest.raises(PolicyErrors) as caught:
        load(files(**changed))
    return list(caught.value.problems)


def only(**changed: str) -> Problem:
    found = problems(**changed)
    assert len(found) == 1, found
    return found[0]


def windows(text: str) -> str:
    return "windows:\n" + text


def test_a_policy_of_a_few_lines_loads():
    policy = small()
    assert policy.ref.name == "small"
    assert policy.ref.hash.startswith("sha256:")
    assert [reason["code"] for reason in policy.reasons()][:2] == ["changed_mind", "defective"]


def test_the_hash_is_of_the_content_and_of_nothing_else():
    assert small().ref.hash == small().ref.hash
    assert small().ref.hash != small(policy=POLICY + "look_back: {months: 6}\n").ref.hash


@pytest.mark.parametrize(
    ("changed", "file", "line", "code", "words"),
    [
        ({"policy": POLICY + "nane: x\n"}, "policy.yaml", 5, "unknown_key", "Did you mean 'name'?"),
        ({"policy": "name: x\n"}, "policy.yaml", 1, "missing_key", "time_zone"),
        ({"policy": POLICY + "title: Mine\nlanguages: [en, zh-Hans]\n"}, "policy.yaml", 5, "missing_language", "{en: ..., zh-Hans: ...}"),
        ({"policy": POLICY + "title: Ours: mine\n"}, "policy.yaml", 5, "syntax", "A text with a colon must stand in quotes"),
        ({"charges": "freight:\n  - {id: f, payer: merchant, say: Free, always}\n"}, "charges.yaml", 2, "unknown_key", "a text with a comma must stand in quotes"),
        ({"charges": "freight:\n  - {id: f, payer: customer, fixed: 2,99, say: So.}\n"}, "charges.yaml", 2, "unknown_key", 'an amount has a point'),
        ({"policy": POLICY.replace("Europe/Berlin", "Europe/Berlln")}, "policy.yaml", 3, "time_zone", "Europe/Berlin"),
        ({"policy": POLICY + "laws: [eu]\n"}, "policy.yaml", 5, "unknown_law", "eu"),
        ({"policy": POLICY + "currencies: [EUR, XYZ]\n"}, "policy.yaml", 5, "currency", "XYZ"),
        ({"policy": POLICY + "name: again\n"}, "policy.yaml", 5, "duplicate_key", "line 2"),
        ({"windows": windows("  - {id: w, when: {line.categry: x}, window: none}\n")}, "eligibility.yaml", 16, "unknown_fact", "line.category"),
        ({"windows": windows("  - {id: w, when: {request.reason: defectiv}, window: none}\n")}, "eligibility.yaml", 16, "unknown_value", "defective"),
        ({"windows": windows("  - {id: w, windw: none}\n")}, "eligibility.yaml", 16, "unknown_key", "window"),
        ({"windows": windows("  - {id: My rule, window: none}\n")}, "eligibility.yaml", 16, "id", "'My rule' is no id"),
        ({"windows": windows("  - {id: w, when: {order.country: UK}, window: none}\n")}, "eligibility.yaml", 16, "unknown_value", "Did you mean 'GB'?"),
        ({"windows": windows("  - {id: w, when: {or: [{line.digital: true}]}, window: none}\n")}, "eligibility.yaml", 16, "unknown_fact", "Did you mean 'any'?"),
        ({"windows": windows("  - {id: w, when: {line.quantity: '>= 5'}, window: none}\n")}, "eligibility.yaml", 16, "value", "{gte: 5}"),
        ({"windows": windows("  - {id: w, when: {line.quantity: {more_than: 5}}, window: none}\n")}, "eligibility.yaml", 16, "unknown_matcher", "Did you mean 'gt'?"),
        ({"windows": windows("  - {id: w, when: {line.digital: yes}, window: none}\n")}, "eligibility.yaml", 16, "value", "'yes' must be true or false"),
        ({"windows": windows("  - {id: w, when: {line.category: “beauty”}, window: none}\n")}, "eligibility.yaml", 16, "value", "typographic quotes"),
        ({"windows": windows("  - {id: w, when: {request.value: 100}, window: none}\n")}, "eligibility.yaml", 16, "value", '{gte: {EUR: "100.00"}}'),
        ({"charges": "restocking:\n  - {id: f, percent: 15%, say: Fee.}\n"}, "charges.yaml", 2, "value", "Leave out the sign: 15."),
        ({"charges": "freight:\n  - {id: f, payer: merchant, say: No, pay}\n"}, "charges.yaml", 2, "unknown_key", "a text with a comma must stand in quotes"),
        ({"policy": POLICY + "effective_from: 31.12.2026\n"}, "policy.yaml", 5, "value", "year-month-day"),
        ({"windows": windows("  - {id: w}\n")}, "eligibility.yaml", 16, "missing_key", "window"),
        ({"windows": windows("  - {window: none}\n")}, "eligibility.yaml", 16, "missing_key", "id"),
        ({"windows": windows("  - {id: w, window: {days: 30, hours: 2}}\n")}, "eligibility.yaml", 16, "window", "one length"),
        ({"windows": windows("  - {id: w, window: {days: -1}}\n")}, "eligibility.yaml", 16, "length", "range"),
        ({"windows": windows("  - {id: w, window: {days: 1.5}}\n")}, "eligibility.yaml", 16, "value", "whole"),
        ({"windows": windows("  - {id: w, window: {days: 3, from: deliverd}}\n")}, "eligibility.yaml", 16, "unknown_value", "delivered"),
        ({"windows": windows("  - {id: w, window: {until: 2026-02-30}}\n")}, "eligibility.yaml", 16, "value", "date"),
        ({"windows": windows("  - {id: w, when: {finding.intact: true}, window: none}\n")}, "eligibility.yaml", 16, "fact_too_early", "not known yet"),
        ({"windows": windows("  - {id: w, when: {request.lines: {gte: many}}, window: none}\n")}, "eligibility.yaml", 16, "value", "number"),
        ({"windows": windows("  - {id: w, when: {request.reason: {gte: 3}}, window: none}\n")}, "eligibility.yaml", 16, "unknown_matcher", "no order"),
        ({"windows": windows("  - {id: w, when: {request.reason: {undr: x}}, window: none}\n")}, "eligibility.yaml", 16, "unknown_matcher", "undr"),
        ({"windows": windows("  - {id: w, when: {request.reason: []}, window: none}\n")}, "eligibility.yaml", 16, "never", "never hold"),
        ({"windows": windows("  - {id: w, when: {request.lines: {gte: 5, lte: 3}}, window: none}\n")}, "eligibility.yaml", 16, "never", "never hold"),
        ({"windows": windows("  - {id: w, when: {order.value: {gte: 5}}, window: none}\n")}, "eligibility.yaml", 16, "", ""),
        ({"windows": WINDOWS + "windws: []\n"}, "eligibility.yaml", 18, "unknown_key", "windows"),
        ({"windows": WINDOWS + "  - {id: P30, window: none}\n"}, "eligibility.yaml", 18, "duplicate_id", "P30"),
        ({"windows": WINDOWS + "exclusions:\n  - {id: x, when: {line.digital: true}}\n"}, "eligibility.yaml", 19, "missing_key", "say"),
        ({"charges": "freight:\n  - {id: f, payer: customer, fixed: '4,90', say: x}\n"}, "charges.yaml", 2, "amount", "4,90"),
        ({"charges": "freight:\n  - {id: f, payer: customer, fixed: '4.905', say: x}\n"}, "charges.yaml", 2, "amount", "decimals"),
        ({"charges": "freight:\n  - {id: f, payer: customer, fixed: {EUR: '4.90', USD: '5'}, say: x}\n"}, "charges.yaml", 2, "currency", "USD"),
        ({"charges": "freight:\n  - {id: f, payer: nobdy, say: x}\n"}, "charges.yaml", 2, "unknown_value", "nobody"),
        ({"charges": "deductions:\n  - {id: d, percent: {A: 0, B: 10}, say: x}\n"}, "charges.yaml", 2, "missing_key", "C, D"),
        ({"charges": "restocking:\n  - {id: r, say: x}\n"}, "charges.yaml", 2, "missing_key", "fixed, percent"),
        ({"service_levels": "deadlines:\n  - {id: d, state: approved, for: ship, within: {days: 3}, then: approve}\n"}, "service_levels.yaml", 2, "silence", "expire"),
        ({"notifications": "notices:\n  - {id: n, events: [return.aproved]}\n"}, "notifications.yaml", 2, "unknown_value", "return.approved"),
        ({"nonsense": "a: 1\n"}, "nonsense.yaml", 0, "unknown_file", ""),
        ({"charges": "- a\n"}, "charges.yaml", 1, "table", "keys"),
        ({"charges": "freight: {a: 1}\n"}, "charges.yaml", 1, "list", "list"),
        ({"charges": "freight: &x []\n"}, "charges.yaml", 1, "anchor", "Anchors"),
        ({"charges": "freight: *x\n"}, "charges.yaml", 1, "anchor", "aliases"),
        ({"charges": "freight: !!python/object:os.system []\n"}, "charges.yaml", 1, "tag", "Tags"),
        ({"charges": "%YAML 1.1\n---\nfreight: []\n"}, "charges.yaml", 1, "directive", "Directives"),
        ({"charges": "freight: []\n---\nfreight: []\n"}, "charges.yaml", 3, "documents", "one document"),
        ({"charges": "freight: [\n"}, "charges.yaml", 2, "syntax", "YAML"),
        ({"charges": "freight:\n\t- x\n"}, "charges.yaml", 2, "syntax", "YAML"),
        ({"charges": "freight: " + "[" * 40 + "]" * 40 + "\n"}, "charges.yaml", 1, "too_deep", "deeply"),
        ({"charges": "# " + "x" * 300_000 + "\n"}, "charges.yaml", 0, "too_large", "256 KiB"),
        ({"charges": "freight: " + "x" * 5_000 + "\n"}, "charges.yaml", 1, "too_large", "characters"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_file_line_and_the_right_name(
    changed: dict[str, str], file: str, line: int, code: str, words: str
):
    if not code:
        assert small(**changed)
        return
    found = only(**changed)
    assert (found.file, found.line, found.code) == (file, line, code), found
    assert words in found.message


def test_all_problems_are_told_at_once():
    found = problems(
        windows="windows:\n  - {id: a, when: {nothing.such: 1}, window: none}\n  - {id: b, window: {dayz: 3}}\n",
        charges="freight:\n  - {id: f, payer: someone, say: x}\n",
    )
    assert [(p.file, p.line) for p in found] == [
        ("charges.yaml", 2),
        ("eligibility.yaml", 16),
        ("eligibility.yaml", 17),
    ]
    head = "name: x\ntime_zoen: UTC\nprecedance: best\nsettle: sometimes\nhours: {opens: 9, clozes: 17}\n"
    found = problems(policy=head + "attributes:\n  order.gold: {type: bool}\n  order.vip: {typ: text}\n")
    assert [(p.line, p.code) for p in found] == [
        (2, "unknown_key"),  # and not: time_zone is missing
        (3, "unknown_key"),
        (4, "unknown_value"),
        (5, "unknown_key"),
        (7, "unknown_value"),
        (8, "unknown_key"),
    ]


@pytest.mark.parametrize(
    "rules",
    [
        "  - {id: a, window: none}\n  - {id: b, when: {line.digital: true}, window: unlimited}\n",
        "  - {id: a, when: {request.reason: [defective, late]}, window: none}\n  - {id: b, when: {request.reason: late, line.digital: true}, window: unlimited}\n",
        "  - {id: a, when: {line.category: {under: a}}, window: none}\n  - {id: b, when: {line.category: {under: [a/b, a/c]}}, window: unlimited}\n",
        "  - {id: a, when: {request.days_since_placed: {gte: 3}}, window: none}\n  - {id: b, when: {request.days_since_placed: {between: [5, 8]}}, window: unlimited}\n",
        "  - {id: a, when: {order.placed_on: {lte: 2026-12-31}}, window: none}\n  - {id: b, when: {order.placed_on: {between: [2026-11-01, 2026-12-24]}}, window: unlimited}\n",
    ],
)
def test_a_rule_that_an_earlier_one_always_takes_is_an_error(rules: str):
    found = only(windows=windows(rules))
    assert (found.code, found.line) == ("unreachable", 17)
    assert "'a' (line 16)" in found.message


def test_rules_that_together_take_every_value_leave_nothing_for_the_next():
    found = only(windows=windows(
        "  - {id: a, when: {line.digital: true}, window: none}\n"
        "  - {id: b, when: {line.digital: false}, window: unlimited}\n"
        "  - {id: c, window: none}\n"
    ))  # fmt: skip
    assert (found.code, found.line) == ("unreachable", 18)


@pytest.mark.parametrize(
    "rules",
    [
        "  - {id: a, when: {request.reason: late}, window: none}\n  - {id: b, when: {request.reason: [late, defective]}, window: unlimited}\n",
        "  - {id: a, when: {line.category: {under: a/b}}, window: none}\n  - {id: b, when: {line.category: {under: a}}, window: unlimited}\n",
        "  - {id: a, when: {request.days_since_placed: {gt: 3}}, window: none}\n  - {id: b, when: {request.days_since_placed: {gte: 3}}, window: unlimited}\n",
        "  - {id: a, when: {line.tags: a}, window: none}\n  - {id: b, when: {line.tags: b}, window: unlimited}\n",
        "  - {id: a, when: {any: [{line.digital: true}, {line.digital: false}]}, window: none}\n  - {id: b, window: unlimited}\n",
    ],
)
def test_a_rule_that_can_be_reached_is_none(rules: str):
    assert small(windows=windows(rules))


def test_seasons_that_overlap_are_an_error():
    season = "  - {id: %s, when: {order.placed_on: {between: [%s, %s]}}, until: 2027-01-31}\n"
    text = (
        WINDOWS
        + "extensions:\n"
        + season % ("xmas", "2026-11-01", "2026-12-24")
        + season % ("late", "2026-12-20", "2026-12-31")
    )
    found = only(windows=text)
    assert (found.code, found.line) == ("overlapping_seasons", 20)
    assert small(windows=text.replace("2026-12-20", "2026-12-25"))


def test_an_extension_of_a_window_that_is_not_there_is_an_error():
    found = only(windows=WINDOWS + "extensions:\n  - {id: x, windows: [P3], by: {days: 1}}\n")
    assert (found.code, found.line) == ("unknown_value", 19)
    assert "P30" in found.message


def test_a_missing_or_unknown_language_is_an_error():
    two = POLICY + "languages: [en, zh-Hant]\n"

    def text(say: str) -> str:
        return f"reasons:\n  - {{id: r, kind: remorse, say: {say}}}\n"

    assert (
        only(policy=two, eligibility=text("{en: A}"), fault="", inspection="", resolutions="").code
        == "missing_language"
    )
    assert (
        only(
            policy=two,
            eligibility=text("{en: A, zh-Hant: 甲, de: A}"),
            fault="",
            inspection="",
            resolutions="",
        ).code
        == "unknown_language"
    )
    assert load(
        files(policy=two, eligibility=text("{en: A, zh-Hant: 甲}"), fault="", inspection="", resolutions="")
    )


@pytest.mark.parametrize(("language", "text"), [("zh-Hant", "退货"), ("zh-Hans", "退貨")])
def test_a_character_of_the_other_script_is_an_error(language: str, text: str):
    found = only(
        policy=POLICY + f"languages: [{language}]\n",
        eligibility=f"reasons:\n  - {{id: r, kind: remorse, say: {text}}}\n", fault="", inspection="", resolutions="",
    )  # fmt: skip
    assert found.code == "script"


def test_a_country_is_never_a_boolean():
    policy = small(windows=windows("  - {id: w, when: {order.country: NO}, window: none}\n"))
    assert policy.questions["eligibility.windows"].rules[0].when.tests["order.country"].wanted == "NO"


def test_a_reason_that_no_window_fits_is_told():
    windows = "windows:\n  - {id: w, when: {request.kind: [remorse, withdrawal]}, window: {days: 30}}\n"
    found = [problem for problem in small(windows=windows).warnings if problem.code == "gap"]
    assert [problem.message.split("'")[1] for problem in found] == [
        "defective", "late", "not_received", "counterfeit", "damaged", "wrong_item",
    ]  # fmt: skip
    assert found[0].line == 4
    assert small().warnings == ()


def test_attributes_are_declared_with_a_type():
    declared = (
        POLICY
        + "attributes:\n  order.insured: {type: boolean}\n  line.seller: {type: text, values: [own, partner]}\n"
    )
    rule = "  - {id: w, when: {order.attributes.%s}, window: none}\n"
    assert small(policy=declared, windows=windows(rule % "insured: true"))
    assert only(policy=declared, windows=windows(rule % "insurd: true")).code == "unknown_fact"
    assert only(policy=declared, windows=windows(rule % "insured: maybe")).code == "value"
    seller = "  - {id: w, when: {line.attributes.seller: partnr}, window: none}\n"
    assert only(policy=declared, windows=windows(seller)).code == "unknown_value"
    assert only(policy=POLICY + "attributes:\n  shop.x: {type: boolean}\n").code == "attribute"


def attempt(tried: dict[str, str]) -> Policy | tuple[Problem, ...]:
    """The policy, or why there is none; anything else is a failure of the loader."""
    try:
        return load(tried, laws=LAWS)
    except PolicyErrors as wrong:
        return wrong.problems


STANDARD = texts(ROOT / "standard")
LAWS = texts(ROOT / "law")


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["policy", "eligibility", "fault", "charges", "resolutions", "inspection"]),
    st.text(max_size=300),
)
@example("charges", "freight:\n  - {id: f, payer: customer, fixed: 99999999999999999999, say: x}")
@example("charges", "freight:\n  - {id: f, payer: customer, percent: NaN, say: x}")
@example("charges", "freight:\n  - {id: f, payer: customer, percent: 1e999999, say: x}")
@example("eligibility", "reasons:\n  - ? {a: b}\n    : c")
@example("policy", "name: [\x85")
def test_garbage_is_refused_and_never_breaks_the_loader(name: str, text: str):
    assert attempt(files(**{name: text})) is not None


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_a_policy_with_some_lines_lost_or_doubled_loads_or_is_refused(data: st.DataObject):
    name = data.draw(st.sampled_from(sorted(STANDARD)))
    lines = STANDARD[name].splitlines()
    start = data.draw(st.integers(0, max(len(lines) - 1, 0)))
    count = data.draw(st.integers(1, 4))
    kept = (
        lines[:start]
        + (lines[start : start + count] * 2 if data.draw(st.booleans()) else [])
        + lines[start + count :]
    )
    found = attempt({**STANDARD, name: "\n".join(kept)})
    assert isinstance(found, Policy) or all(problem.file for problem in found)
