"""The grammar as tables in Markdown: facts, matchers, questions, codes and fixed words, generated for policies/README.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from returns_service.domain.events import MEANING
from returns_service.domain.policy import bench, names, statutes
from returns_service.domain.policy.codes import CODES
from returns_service.domain.policy.grammar import (
    DECLARATIONS,
    FILES,
    HEADER,
    HEADER_TABLES,
    QUESTIONS,
    QuestionSpec,
)
from returns_service.domain.policy.header import TYPES
from returns_service.domain.policy.kinds import Field
from returns_service.domain.policy.matchers import MATCHERS
from returns_service.domain.policy.model import Policy
from returns_service.domain.policy.vocabulary import FIXED
from returns_service.domain.windows import Length

KINDS: Mapping[str, str] = {
    "ident": "an id: lower case letters, digits, - and _",
    "word": "an id that may have capitals, such as a grade",
    "text": "a text",
    "texts": "a text, or a list of texts",
    "choice": "one of the words given",
    "choices": "one or several of the words given",
    "bool": "`true` or `false`",
    "int": "a whole number",
    "number": "a number",
    "percent": "a percentage, 0 to 1000",
    "percents": "a percentage, or a table of them by grade: `{A: 0, B: 15}`",
    "money": 'an amount as text, `"4.90"`; with several currencies a table, `{EUR: "4.90", GBP: "3.90"}`',
    "length": "a length of time with one unit, `{days: 14}`",
    "window": "`none`, `unlimited`, or a table (see below)",
    "date": "a date, `2026-12-31`",
    "say": "a sentence: a table by language, or plain text when the policy has one language",
    "zone": "a time zone, `Europe/Berlin`",
    "condition": "a table of facts, as under `when` of a rule",
}
"""What each kind of value looks like in a file."""

WINDOW: Mapping[str, str] = {
    **{unit: f"Length in {unit}." for unit in names.UNITS},
    "until": "Instead of a length: open to the end of this day.",
    "from": f"What it counts from: {', '.join(names.BASES)}. Otherwise `delivered`.",
    "first_day": "`day_after`: the day after counts as the first (otherwise); or `day_of`.",
    "roll": "`weekend`, `holiday` or both: it does not end on such a day but with the next working day.",
    "zone": "Where its days are counted; otherwise the policy's zone for the customer's country.",
    "fallback": "When nobody said that it was delivered: `{from: shipped, plus: {days: 14}}`.",
    "before_delivery": "`true`: it is open already before delivery.",
    "pause": "`{for: repair, at_least: {days: 7}}`: it stands still during a repair, and so much remains afterwards.",
}
"""The keys of a window."""

RULE: tuple[Field, ...] = (
    Field("id", "ident", "Its name in traces, reports and tests; once in its question.", True),
    Field("when", "condition", "The facts that must hold; always when left out."),
    Field("say", "say", "The sentence people read; needed where the question says so."),
    Field("link", "text", "The page that says more: a name from `links` of policy.yaml, or an address."),
    Field("yields", "bool", "We know that a floor of law gives more here; `check` is silent about it."),
)
_CONDITION = Field("when", "condition", "The facts that must hold.")


def tables(standard: Policy) -> Mapping[str, str]:
    """Every table by its name."""
    return {
        "files": _table(
            ("file", "what it says"), _words({f"{name}.yaml": doc for name, doc in FILES.items()})
        ),
        "policy": _keys([*HEADER, *(Field(k, "table", doc) for k, doc in HEADER_TABLES.items())]),
        "values": _table(("kind of value", "written as"), KINDS.items()),
        "rule": _keys(RULE),
        "facts": _facts(),
        "matchers": _table(("matcher", "holds when"), _words(MATCHERS)),
        "questions": "\n\n".join(_file(name) for name in FILES if name not in ("policy", "examples")),
        "window": _table(("key", "meaning"), _words(WINDOW)),
        "rights": _rights(),
        "codes": _codes(standard),
        "kinds": _table(("kind of reason", "meaning"), _words(names.REASON_KINDS)),
        "natures": _table(("nature", "meaning"), _words(names.NATURES)),
        "marks": _table(("mark of a condition", "meaning"), _words(names.CONDITION_MARKS)),
        "evidence": _table(
            ("type of evidence", "meaning"), _words({name: doc for name, (_, doc) in names.EVIDENCE.items()})
        ),
        "meanings": _table(("meaning of a finding", "meaning"), _words(names.FINDING_MEANINGS)),
        "silence": _silence(),
        "events": _table(("event", "meaning"), _words({str(event): doc for event, doc in MEANING.items()})),
        "standard": _standard(standard),
    }


def filled(text: str, tables: Mapping[str, str]) -> str:
    """A document with the text between `<!-- table: x -->` and `<!-- end -->` replaced by table x."""
    parts = text.split("<!-- table: ")
    found = [parts[0]]
    for part in parts[1:]:
        name, _, rest = part.partition(" -->")
        _, _, after = rest.partition("<!-- end -->")
        found.append(f"{name} -->\n\n{tables[name]}\n\n<!-- end -->{after}")
    return "<!-- table: ".join(found)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    return "\n".join(
        [*lines, *(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows)]
    )


def _words(words: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(f"`{word}`", doc) for word, doc in words.items()]


# --- keys ------------------------------------------------------------------------------------------------------


def _keys(fields: Iterable[Field]) -> str:
    return _table(("key", "value", "meaning"), map(_key, fields))


def _key(field: Field) -> tuple[str, str, str]:
    needed = " (needed)" if field.required else ""
    return f"`{field.name}`{needed}", _value(field), field.doc + _otherwise(field.default)


def _value(field: Field) -> str:
    several = " or several" if field.kind == "choices" else ""
    if isinstance(field.values, str):
        return f"one{several} of the {field.values.replace('_', ' ')}" if field.values else field.kind
    if len(field.values) > 14:
        return f"one{several} of the words below"
    return ", ".join(f"`{value}`" for value in field.values) or field.kind


def _otherwise(value: object) -> str:
    if value is None or value == () or (isinstance(value, Length) and not value.count):
        return ""
    if isinstance(value, Length):
        return f" Otherwise `{{{value.unit}: {value.count}}}`."
    shown = (
        ", ".join(map(str, value))
        if isinstance(value, tuple)
        else str(value).lower()
        if isinstance(value, bool)
        else value
    )
    return f" Otherwise `{shown}`."


def _file(name: str) -> str:
    """One file: the words it declares, then its questions."""
    parts = [f"#### {name}.yaml"]
    declared = [
        (key.split(".")[1], fields) for key, fields in DECLARATIONS.items() if key.startswith(name + ".")
    ]
    parts += [
        f"**`{section}`**: words of your own.\n\n{_keys((_ID, *fields))}" for section, fields in declared
    ]
    parts += [_forms()] if name == "inspection" else []
    parts += [_question(spec) for spec in QUESTIONS if spec.file == name]
    return "\n\n".join(parts)


_ID = Field("id", "ident", "The word.", True)


def _forms() -> str:
    form = (*bench.FORM, _CONDITION, Field("questions", "list", "Its questions.", True))
    question = (*bench.QUESTION, Field("answers", "list", "The answers to choose from.", True))
    return (
        f"**`forms`**: the questions at the bench; the first form that holds is asked.\n\n{_keys(form)}"
        f"\n\nA question of a form:\n\n{_keys(question)}\n\nAn answer:\n\n{_keys(bench.ANSWER)}"
    )


def _question(spec: QuestionSpec) -> str:
    how = "Every rule that holds counts" if spec.collect else "The first rule that holds answers"
    say = "`say` is needed" if spec.say else "`say` may be left out"
    return f"**`{spec.name}`**: {spec.doc} {how}; {say}; {_STAGES[max(spec.stages, key=_ORDER.index)]}.\n\n{_keys(spec.fields)}"


_ORDER = ("request", "evidence", "inspection", "fault")
_STAGES = {
    "request": "facts of the request",
    "evidence": "facts of the request and evidence",
    "inspection": "facts of the request, evidence and inspection",
    "fault": "all facts",
}


# --- facts and words -------------------------------------------------------------------------------------------


def _facts() -> str:
    rows = [
        (f"`{fact.name}`", fact.type, fact.doc, (fact.values or "").replace("_", " "), _stage(fact.stage))
        for fact in FIXED.values()
    ]
    declared = [
        (
            "`evidence.<type>`",
            "records",
            "Evidence of this type: true, false, or a table of fields that one record has.",
            "",
            "with evidence",
        ),
        ("`finding.<id>`", "boolean", "This finding was recorded.", "", "after the inspection"),
        (
            "`<owner>.attributes.<name>`",
            ", ".join(TYPES),
            "Declared in policy.yaml; owners are order, customer, line, request.",
            "",
            "",
        ),
    ]
    return _table(("fact", "type", "meaning", "its words", "known"), [*rows, *declared])


def _stage(stage: str) -> str:
    return {"request": "", "fault": "once the fault is judged"}.get(stage, "after the inspection")


def _silence() -> str:
    rows = (
        (f"`{state}`", ", ".join(f"`{move}`" for move in moves) or "nothing")
        for state, moves in names.SILENCE.items()
    )
    return _table(("state", "what silence may do"), rows)


def _rights() -> str:
    more = (
        Field("when", "condition", "To whom and to what it applies."),
        Field("falls_when", "condition", "What the inspection may find that takes it away."),
        Field("freight_free_when", "condition", "When the way back costs nothing, if not always."),
        Field(
            "deductions",
            "table",
            "`{never: true}` or `{only_when: {...}}`: otherwise nothing may be taken off.",
        ),
        Field("extensions", "list", "What prolongs it."),
        Field("exceptions", "list", "What it does not apply to."),
        Field("compensation", "table", "What is added to the price."),
    )
    whole = (
        Field("applies_to", "condition", "The place."),
        Field("time_zones", "table", "By country."),
        Field("rights", "list", "The rights."),
    )
    parts = (
        ("The file", (*statutes.LAW, *whole)),
        ("A right", (*statutes.RIGHT, *more)),
        ("An extension", (*statutes.EXTENSION, _CONDITION)),
        ("An exception", (*statutes.EXCEPTION, _CONDITION)),
        ("A compensation", statutes.COMPENSATION),
    )
    return "\n\n".join(f"{title}:\n\n{_keys(fields)}" for title, fields in parts)


def _codes(standard: Policy) -> str:
    engine = [(f"`{code}`", "always", found.doc) for code, found in CODES.items()]
    rules = [
        (f"`{rule.answer['code']}`", f"`standard`, rule `{rule.id}`", rule.words("en"))
        for name in ("eligibility.exclusions", "eligibility.limits")
        for rule in standard.questions[name].rules
        if rule.answer.get("then", "refuse") == "refuse"
    ]
    return _table(("code", "given by", "meaning"), [*engine, *rules])


def _standard(policy: Policy) -> str:
    """The words that `standard` declares."""
    rows: list[tuple[str, str, str, str]] = []
    for what, declared in (
        ("reason", policy.reason_table), ("condition", policy.conditions), ("evidence", policy.evidence_types),
        ("finding", policy.findings), ("grade", policy.grade_table),
    ):  # fmt: skip
        rows += [
            (
                what,
                f"`{one.id}`",
                one.kind or ", ".join(sorted(one.marks)) or ", ".join(one.fields),
                one.words("en"),
            )
            for one in declared.values()
        ]
    return _table(("what", "code", "kind, marks or fields", "in English"), rows)
