"""inspection.yaml, forms: the questions at the bench for each kind of goods, and what each answer finds."""

from __future__ import annotations

from returns_service.domain.policy import kinds, names
from returns_service.domain.policy.kinds import Field, Reading
from returns_service.domain.policy.matchers import Compiler
from returns_service.domain.policy.model import Answer, BenchQuestion, Form
from returns_service.domain.policy.source import Node

_REQUEST = frozenset({"request"})
FORM: tuple[Field, ...] = (Field("id", "ident", "Name of the form.", True),)
QUESTION: tuple[Field, ...] = (
    Field("id", "ident", "Name of the question.", True),
    Field("say", "say", "The question.", True),
)
ANSWER: tuple[Field, ...] = (
    Field("id", "ident", "Name of the answer.", True),
    Field("say", "say", "The answer.", True),
    Field("findings", "choices", "What it finds.", default=(), values="findings"),
    Field("grade", "choice", "The grade is at best this one.", values="grades"),
    Field("disposition", "choice", "What happens to the unit.", values=names.DISPOSITIONS),
)


def forms(node: Node, reading: Reading, compiler: Compiler) -> tuple[Form, ...]:
    """All forms, in the order in which they are tried."""
    return tuple(_form(item, reading, compiler) for item in kinds.a_list(node))


def _form(node: Node, reading: Reading, compiler: Compiler) -> Form:
    table = kinds.a_table(node)
    found = kinds.fields(table, FORM, reading, ("when", "questions"))
    if "questions" not in table.entries:
        raise node.wrong("missing_key", "The key 'questions' is missing.")
    when = compiler.condition(table.entries.get("when"), _REQUEST)
    asked = tuple(_question(item, reading) for item in kinds.a_list(table.entries["questions"]))
    return Form(found["id"], when, asked, table.line)


def _question(node: Node, reading: Reading) -> BenchQuestion:
    table = kinds.a_table(node)
    found = kinds.fields(table, QUESTION, reading, ("answers",))
    if "answers" not in table.entries:
        raise node.wrong("missing_key", "The key 'answers' is missing.")
    answers = tuple(
        Answer(**kinds.fields(kinds.a_table(x), ANSWER, reading))
        for x in kinds.a_list(table.entries["answers"])
    )
    if not answers:
        raise node.wrong("missing_key", "A question needs at least one answer.")
    return BenchQuestion(found["id"], found["say"], answers)


__all__ = ["ANSWER", "FORM", "QUESTION", "forms"]
