"""From the texts of a folder to a compiled policy, or to every problem in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from returns_service.domain.decision import PolicyRef
from returns_service.domain.events import EventType
from returns_service.domain.policy import (
    bench,
    checks,
    floors,
    grammar,
    kinds,
    literals,
    names,
    reasons,
    source,
    statutes,
)
from returns_service.domain.policy.conditions import ALWAYS
from returns_service.domain.policy.facts import Fact, Readers
from returns_service.domain.policy.grammar import BY_KEY, DECLARATIONS, QUESTIONS, QuestionSpec
from returns_service.domain.policy.header import Header, currencies, header, languages
from returns_service.domain.policy.kinds import Field, Reading
from returns_service.domain.policy.matchers import Compiler
from returns_service.domain.policy.model import Declared, Form, Law, Policy
from returns_service.domain.policy.problems import PolicyErrors, Problem, Wrong, nearest
from returns_service.domain.policy.rules import Question, Rule, question
from returns_service.domain.policy.source import Node, Scalar, Table
from returns_service.domain.policy.vocabulary import vocabulary

Result = TypeVar("Result")
_RULE_KEYS = ("id", "when", "say", "link", "yields")
_FIXED_EVIDENCE = {name: fields for name, (fields, _) in names.EVIDENCE.items()}
NOT_RULES = ("examples",)


def load(
    files: Mapping[str, str],
    *,
    name: str | None = None,
    version: int = 1,
    laws: Mapping[str, str] | None = None,
    warn: bool = True,
) -> Policy:
    """A policy from its files (file name -> text). Raises PolicyErrors with every problem found.

    `warn`: look for contradictions of law and for gaps too, which takes four times as long as reading.
    """
    policy = _Loader(files, laws or {}).policy(name, version)
    return floors.with_warnings(policy) if warn else policy


class _Loader:
    """Reads one policy; keeps going after a problem, so that all of them are told at once."""

    def __init__(self, files: Mapping[str, str], laws: Mapping[str, str]) -> None:
        self.texts = {_stem(name): text for name, text in files.items()}
        self.names = {_stem(name): name for name in files}
        self.law_texts = {_stem(name): text for name, text in laws.items()}
        self.problems: list[Problem] = []
        self.reading = Reading()
        self.limits: dict[str, Node] = {}  # the `when` of each reason that has one

    def policy(self, name: str | None, version: int) -> Policy:
        tables = self._tables()
        head = self._header(tables.get("policy"))
        if head is None:
            raise PolicyErrors(self.problems)
        self._stop()
        declared = {key: self._declared(tables, key) for key in DECLARATIONS}
        facts = self._vocabulary(declared, head)
        compiler = Compiler(facts, self.reading.sets, self.reading.currencies)
        self.problems += reasons.limit(declared["eligibility.reasons"], self.limits, compiler)
        questions = {spec.key: self._question(tables, spec, compiler) for spec in QUESTIONS}
        forms = self._forms(tables, compiler)
        applies = self._try(partial(compiler.condition, head.applies_to, grammar.REQUEST)) or ALWAYS
        laws = self._laws(head, facts)
        self._keys(tables)
        self._sense(questions, head)
        self._stop()
        return Policy(
            ref=PolicyRef(name or head.fields["name"], version, self._hash(laws)),
            **_plain(head),
            **_words(declared),
            languages=self.reading.languages,
            currencies=self.reading.currencies,
            facts=facts,
            readers=Readers(facts, compiler.tested),
            questions=questions,
            forms=forms,
            laws=laws,
            applies_to=applies,
            sources=self.texts,
        )

    def _sense(self, questions: Mapping[str, Question], head: Header) -> None:
        """What is wrong although each key is right."""
        asked = dict(questions)
        if head.fields["precedence"] == "best":
            # Every window that fits is looked at, so none hides another.
            del asked["eligibility.windows"]
        windows, extensions = (questions[f"eligibility.{name}"] for name in ("windows", "extensions"))
        self.problems += checks.unreachable(asked, self.reading.sets)
        self.problems += checks.seasons(extensions)
        self.problems += checks.references(windows, extensions)

    # --- reading ---------------------------------------------------------------------------------------------

    def _try(self, read: Callable[[], Result]) -> Result | None:
        try:
            return read()
        except Wrong as wrong:
            self.problems += wrong.problems
            return None

    def _stop(self) -> None:
        if self.problems:
            raise PolicyErrors(self.problems)

    def _tables(self) -> dict[str, Table]:
        found: dict[str, Table] = {}
        for stem, text in self.texts.items():
            file = self.names[stem]
            if stem not in grammar.FILES:
                self.problems.append(
                    Problem(
                        file, 0, f"A policy has no such file.{nearest(stem, grammar.FILES)}", "unknown_file"
                    )
                )
            elif stem not in NOT_RULES:
                node = self._try(partial(source.read, text, file))
                if node is not None and not isinstance(node, Table):
                    self.problems.append(
                        node.wrong("table", "A file begins with keys, such as `windows:`.").problem
                    )
                elif isinstance(node, Table):
                    found[stem] = node
        if "policy" not in self.texts:
            self.problems.append(
                Problem("policy.yaml", 0, "The file policy.yaml is missing.", "missing_file")
            )
        return found

    def _header(self, table: Table | None) -> Header | None:
        if table is None:
            if not self.problems:
                self.problems.append(
                    Problem(self.names["policy"], 0, "policy.yaml says nothing.", "missing_file")
                )
            return None
        self.reading.languages = self._try(partial(languages, table)) or ("en",)
        self.reading.currencies = self._try(partial(currencies, table)) or ("EUR",)
        self.reading.sets.update(_fixed_sets(self.reading.currencies))
        head = self._try(partial(header, table, self.reading))
        if head is not None:
            self.reading.links = head.links
            self.reading.sets["locations"] = frozenset(location.id for location in head.locations)
            if head.fields["tiers"]:
                self.reading.sets["tiers"] = frozenset(head.fields["tiers"])
        return head

    def _section(self, tables: Mapping[str, Table], key: str) -> Node | None:
        file, _, name = key.partition(".")
        table = tables.get(file)
        return table.entries.get(name) if table else None

    def _declared(self, tables: Mapping[str, Table], key: str) -> dict[str, Declared]:
        node = self._section(tables, key)
        found: dict[str, Declared] = {}
        for item in self._items(node):
            one = self._try(partial(self._word, item, DECLARATIONS[key])) or _nameless(item)
            if one is not None and one.id in found:
                self.problems.append(item.wrong("duplicate_id", f"The id {one.id!r} stands twice.").problem)
            elif one is not None:
                found[one.id] = one
        if key == "eligibility.reasons" and not found:
            file = self.names.get("eligibility", "eligibility.yaml")
            self.problems.append(
                Problem(file, node.line if node else 0, "A policy needs at least one reason.", "missing_key")
            )
        return found

    def _items(self, node: Node | None) -> tuple[Node, ...]:
        return () if node is None else self._try(partial(kinds.a_list, node)) or ()

    def _word(self, node: Node, specs: tuple[Field, ...]) -> Declared:
        found = kinds.fields(kinds.a_table(node), (Field("id", "word", "", True), *specs), self.reading)
        marks = frozenset(found.pop("marks", ()) or found.pop("means", ()))
        if when := found.pop("when", None):
            self.limits[found["id"]] = when
        return Declared(**found, marks=marks, line=node.line)

    def _vocabulary(self, declared: Mapping[str, Mapping[str, Declared]], head: Header) -> dict[str, Fact]:
        sets = self.reading.sets
        for name in ("reasons", "conditions", "evidence_types", "findings", "grades"):
            key = next(k for k in DECLARATIONS if k.endswith("." + name))
            sets[name] = frozenset(declared[key])
        sets["evidence_types"] |= frozenset(_FIXED_EVIDENCE)

        evidence = {
            **_FIXED_EVIDENCE,
            **{one.id: one.fields for one in declared["eligibility.evidence_types"].values()},
        }
        return vocabulary(declared["inspection.findings"], evidence, head.attributes)

    # --- questions -------------------------------------------------------------------------------------------

    def _question(self, tables: Mapping[str, Table], spec: QuestionSpec, compiler: Compiler) -> Question:
        rules = self.rules(self._section(tables, spec.key), spec, compiler)
        default = None
        if spec.default is not None:
            default = Rule("default", spec.key, ALWAYS, spec.default, spec.default_say)
        return question(spec.key, rules, default, compiler.facts)

    def rules(self, node: Node | None, spec: QuestionSpec, compiler: Compiler) -> list[Rule]:
        """The rules of one question, without those that are wrong."""
        found: dict[str, Rule] = {}
        for item in self._items(node):
            rule = self._try(partial(read_rule, item, spec, self.reading, compiler))
            if rule is not None and rule.id in found:
                self.problems.append(
                    item.wrong("duplicate_id", f"The id {rule.id!r} stands twice in {spec.name}.").problem
                )
            elif rule is not None:
                found[rule.id] = rule
        return list(found.values())

    def _forms(self, tables: Mapping[str, Table], compiler: Compiler) -> tuple[Form, ...]:
        node = self._section(tables, "inspection.forms")
        return () if node is None else self._try(partial(bench.forms, node, self.reading, compiler)) or ()

    def _keys(self, tables: Mapping[str, Table]) -> None:
        """Sections that no file has."""
        for stem, table in tables.items():
            if stem == "policy":
                continue
            known = [
                k.split(".")[1]
                for k in (*BY_KEY, *DECLARATIONS, "inspection.forms")
                if k.startswith(stem + ".")
            ]
            for name, key in table.keys.items():
                if name not in known:
                    message = f"{stem}.yaml has no section {name!r}.{nearest(name, known)}"
                    self.problems.append(key.wrong("unknown_key", message).problem)

    def _laws(self, head: Header, facts: Mapping[str, Fact]) -> tuple[Law, ...]:
        found = []
        for name in head.fields["laws"]:
            if name not in self.law_texts:
                message = f"There is no law {name!r}.{nearest(name, self.law_texts)}"
                self.problems.append(head.place("laws").wrong("unknown_law", message).problem)
                continue
            law = self._try(partial(statutes.law, name, self.law_texts[name], self.reading, facts))
            if law is not None:
                found.append(law)
        return tuple(found)

    def _hash(self, laws: tuple[Law, ...]) -> str:
        used = {f"law/{law.id}": self.law_texts[law.id] for law in laws}
        content = json.dumps({**self.texts, **used}, sort_keys=True, ensure_ascii=False)
        return "sha256:" + hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def read_rule(node: Node, spec: QuestionSpec, reading: Reading, compiler: Compiler) -> Rule:
    """One rule. Raises Wrong."""
    table = kinds.a_table(node)
    own = kinds.fields(table, spec.fields, reading, _RULE_KEYS)
    if "id" not in table.entries:
        raise table.wrong("missing_key", "A rule needs an id.")
    rule_id = kinds.word(table.entries["id"])
    if spec.say and "say" not in table.entries:
        raise table.wrong("missing_key", f"The rule {rule_id!r} needs `say`: the sentence people read.")
    words = kinds.say(table.entries["say"], _SAY, reading) if "say" in table.entries else {}
    when = compiler.condition(table.entries.get("when"), spec.stages)
    checks.circular(spec, when, table, compiler.facts)
    checks.answer(table, spec, own)
    advice = own.pop("advice", None) or {}
    yields = "yields" in table.entries and literals.boolean(table.entries["yields"])
    return Rule(
        rule_id, spec.key, when, own, words, advice, node.file, node.line, yields, _link(table, reading)
    )


def _link(table: Table, reading: Reading) -> str:
    """The address of the page that says more, by its name in policy.yaml or written out."""
    if "link" not in table.entries:
        return ""
    node = table.entries["link"]
    said = kinds.a_text(node)
    if said not in reading.links and not said.startswith("https://"):
        raise node.wrong(
            "unknown_value", f"There is no link {said!r} in policy.yaml.{nearest(said, reading.links)}"
        )
    return reading.links.get(said, said)


_SAY = Field("say", "say", "The sentence people read.")


def _nameless(node: Node) -> Declared | None:
    """Stands in for a declaration that is wrong, so that every rule that names it is not wrong as well."""
    said = node.entries.get("id") if isinstance(node, Table) else None
    return Declared(said.text, {}) if isinstance(said, Scalar) else None


def _fixed_sets(known: tuple[str, ...]) -> dict[str, frozenset[Any]]:
    return {
        "countries": names.COUNTRIES,
        "currencies": frozenset(known),
        "kinds": frozenset(names.REASON_KINDS),
        "natures": frozenset(names.NATURES),
        "resolutions": frozenset(names.RESOLUTIONS),
        "methods": frozenset(names.METHODS),
        "parties": frozenset(names.PARTIES),
        "chargebacks": frozenset({"none", "open", "won", "lost"}),
        "events": frozenset(str(event) for event in EventType),
        "boolean": frozenset({True, False}),
    }


def _plain(head: Header) -> dict[str, Any]:
    taken = ("name", "title", "time_zone", "holidays", "effective_from", "precedence", "settle", "look_back")
    fields = {name: head.fields[name] for name in taken}
    fields["title"] = fields["title"] or {}
    rest = ("time_zones", "notices", "locations", "business", "links", "asked")
    return {**fields, **{name: getattr(head, name) for name in rest}}


def _words(declared: Mapping[str, Mapping[str, Declared]]) -> dict[str, Any]:
    return {
        "reason_table": declared["eligibility.reasons"],
        "conditions": declared["eligibility.conditions"],
        "evidence_types": declared["eligibility.evidence_types"],
        "findings": declared["inspection.findings"],
        "grade_table": declared["inspection.grades"],
    }


def _stem(file: str) -> str:
    return file.rsplit("/", 1)[-1].removesuffix(".yaml").removesuffix(".yml")


__all__ = ["load", "read_rule"]
