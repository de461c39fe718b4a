"""The grammar as JSON Schema, so that editors complete and check policy files while they are written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from returns_service.domain.policy import bench, names, statutes
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
from returns_service.domain.policy.vocabulary import FIXED

Schema = dict[str, Any]
_ID: Schema = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$"}
_TEXTS: Schema = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]
}
_DATE: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_DECLARED = r"^(finding\.|evidence\.|(order|customer|line|request)\.attributes\.)[a-z0-9_-]+$"
_AMOUNT: Schema = {"type": ["string", "number"], "pattern": r"^(0|[1-9][0-9]*)(\.[0-9]+)?$"}


def schema() -> Schema:
    """One definition for each file; a file names its own: `schema.json#/$defs/eligibility`."""
    files = {name: _file(name) for name in FILES if name != "examples"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://returns-service.example/policies/schema.json",
        "title": "Policy files of the returns service",
        "description": "Begin a file with: # yaml-language-server: $schema=../schema.json#/$defs/<file name without .yaml>",
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in (*files, "law", "examples")],
        "$defs": {**files, "law": _law(), "examples": _examples(), **_shared()},
    }


def _file(name: str) -> Schema:
    if name == "policy":
        return _policy()
    sections: Schema = {}
    for key, fields in DECLARATIONS.items():
        if key.startswith(name + "."):
            sections[key.split(".")[1]] = _list(
                _object({"id": _ID, **_fields(fields)}, ["id", *_required(fields)])
            )
    for spec in QUESTIONS:
        if spec.file == name:
            sections[spec.name] = {"description": spec.doc, **_list(_rule(spec))}
    if name == "inspection":
        sections["forms"] = _list(_form())
    return {**_object(sections, []), "description": FILES[name]}


def _policy() -> Schema:
    tables: Schema = {name: {"description": doc} for name, doc in HEADER_TABLES.items()}
    tables["applies_to"] |= {"$ref": "#/$defs/condition"}
    tables["attributes"] |= {"type": "object", "additionalProperties": _object(
        {"type": {"enum": list(TYPES)}, "values": _TEXTS, "doc": {"type": "string"}, "ask": _say(),
         "kinds": {"type": "array", "items": {"enum": list(names.REASON_KINDS)}},
         "answers": {"type": "object", "additionalProperties": _say()}}, ["type"])}  # fmt: skip
    tables["time_zones"] |= {"type": "object", "additionalProperties": {"type": "string"}}
    tables["notices"] |= _object(
        {name: {"type": "boolean"} for name in ("right", "exceptions", "confirmed")}, []
    )
    tables["locations"] |= _list(_object(
        {"id": _ID, "say": _say(), "address": _TEXTS, "country": {"type": "string"}}, ["id", "say"]))  # fmt: skip
    hours = {
        "opens": {"type": "integer"},
        "closes": {"type": "integer"},
        "days": {"type": "array", "items": {"enum": list(names.WEEKDAYS)}},
    }
    tables["hours"] |= _object(hours, [])
    tables["links"] |= {"type": "object", "additionalProperties": {"type": "string"}}
    return {**_object({**_fields(HEADER), **tables}, _required(HEADER)), "description": FILES["policy"]}


def _rule(spec: QuestionSpec) -> Schema:
    known = {
        "id": _ID,
        "when": _when(),
        "say": _say(),
        "link": {"type": "string"},
        "yields": {"type": "boolean"},
    }
    return _object(
        {**known, **_fields(spec.fields)}, ["id", *_required(spec.fields), *(["say"] if spec.say else [])]
    )


def _form() -> Schema:
    answer = _object(_fields(bench.ANSWER), _required(bench.ANSWER))
    question = _object({**_fields(bench.QUESTION), "answers": _list(answer)}, ["id", "say", "answers"])
    return _object({"id": _ID, "when": _when(), "questions": _list(question)}, ["id", "questions"])


def _law() -> Schema:
    extension = _object({**_fields(statutes.EXTENSION), "when": _when()}, ["id"])
    exception = _object({**_fields(statutes.EXCEPTION), "when": _when()}, _required(statutes.EXCEPTION))
    deductions = _object({"only_when": _when(), "never": {"type": "boolean"}}, [])
    own = {
        "when": _when(), "falls_when": _when(), "freight_free_when": _when(), "extensions": _list(extension),
        "exceptions": _list(exception), "deductions": deductions,
        "compensation": _object(_fields(statutes.COMPENSATION), _required(statutes.COMPENSATION)),
    }  # fmt: skip
    right = _object({**_fields(statutes.RIGHT), **own}, _required(statutes.RIGHT))
    zones = {"type": "object", "additionalProperties": {"type": "string"}}
    tables = {"applies_to": _when(), "time_zones": zones, "rights": _list(right)}
    return _object({**_fields(statutes.LAW), **tables}, ["id", "title", "rights"])


def _examples() -> Schema:
    example = {
        "id": {"type": "string"}, "about": {"type": "string"}, "order": {}, "with": {"type": "object"}, "at": {"type": "string"},
        "request": {"type": "object"}, "findings": {"type": "object"}, "evidence": {"type": "array"},
        "history": {"type": "object"}, "expect": {"type": "object"},
    }  # fmt: skip
    return _object(
        {"orders": {"type": "object"}, "examples": _list(_object(example, ["id", "order", "at", "expect"]))},
        [],
    )


def _shared() -> Schema:
    return {
        "condition": _condition(),
        "matcher": _matcher(),
        "say": _sentence(),
        "window": _window(),
        "length": _length(),
    }


def _condition() -> Schema:
    facts = {fact.name: {"$ref": "#/$defs/matcher", "description": fact.doc} for fact in FIXED.values()}
    many = {"type": "array", "items": {"$ref": "#/$defs/condition"}, "minItems": 1}
    return {
        "type": "object",
        "properties": {**facts, "any": many, "all": many, "not": {"$ref": "#/$defs/condition"}},
        "patternProperties": {_DECLARED: {"$ref": "#/$defs/matcher"}},
        "additionalProperties": False,
    }


def _matcher() -> Schema:
    plain = {"type": ["string", "number", "boolean"]}
    inner: Schema = {"$ref": "#/$defs/matcher"}
    bound = {"anyOf": [plain, {"type": "object", "additionalProperties": _AMOUNT}]}
    table: Schema = dict.fromkeys(("gt", "gte", "lt", "lte"), bound)
    table |= {"between": {"type": "array", "items": bound, "minItems": 2, "maxItems": 2}, "not": inner}
    table |= {"under": _TEXTS, "starts": _TEXTS, "known": {"type": "boolean"}}
    table |= {name: {"type": "array", "items": inner, "minItems": 1} for name in ("any", "all")}
    return {"anyOf": [
        plain,
        {"type": "array", "items": plain, "minItems": 1},
        {"type": "object", "properties": table, "minProperties": 1},
    ]}  # fmt: skip


def _sentence() -> Schema:
    return {
        "anyOf": [
            {"type": "string"},
            {"type": "object", "additionalProperties": {"type": "string", "minLength": 1}},
        ]
    }


def _window() -> Schema:
    length = {unit: {"type": "integer", "minimum": 0} for unit in names.UNITS}
    table = {
        **length,
        "until": _DATE,
        "from": {"enum": list(names.BASES)},
        "first_day": {"enum": ["day_of", "day_after"]},
        "roll": {
            "anyOf": [
                {"enum": ["weekend", "holiday"]},
                {"type": "array", "items": {"enum": ["weekend", "holiday"]}},
            ]
        },
        "zone": {"type": "string"},
        "fallback": _object(
            {"from": {"enum": ["placed", "shipped", "promised"]}, "plus": {"$ref": "#/$defs/length"}},
            ["from"],
        ),
        "before_delivery": {"type": "boolean"},
        "pause": _object({"for": {"const": "repair"}, "at_least": {"$ref": "#/$defs/length"}}, ["for"]),
    }
    return {"anyOf": [{"enum": ["none", "unlimited"]}, _object(table, [])]}


def _length() -> Schema:
    units = (*names.UNITS, "business_hours", "business_days")
    return {
        **_object({unit: {"type": "integer", "minimum": 0} for unit in units}, []),
        "minProperties": 1,
        "maxProperties": 1,
    }


def _fields(fields: tuple[Field, ...]) -> Schema:
    return {spec.name: {"description": spec.doc, **_kind(spec)} for spec in fields}


def _required(fields: tuple[Field, ...]) -> list[str]:
    return [spec.name for spec in fields if spec.required]


def _kind(spec: Field) -> Schema:
    if spec.kind in ("choice", "choices"):
        return _choice(spec)
    return dict(_KINDS[spec.kind])


_NAMED: Mapping[str, list[str]] = {"natures": list(names.NATURES), "kinds": list(names.REASON_KINDS)}
_KINDS: Mapping[str, Schema] = {
    "ident": _ID,
    "word": _ID,
    "text": {"type": "string"},
    "bool": {"type": "boolean"},
    "int": {"type": "integer", "minimum": 0},
    "number": {"type": "number"},
    "percent": {"type": "number", "minimum": 0},
    "percents": {
        "anyOf": [{"type": "number"}, {"type": "object", "additionalProperties": {"type": "number"}}]
    },
    "money": {"anyOf": [_AMOUNT, {"type": "object", "additionalProperties": _AMOUNT}]},
    "length": {"$ref": "#/$defs/length"},
    "window": {"$ref": "#/$defs/window"},
    "date": _DATE,
    "say": {"$ref": "#/$defs/say"},
    "zone": {"type": "string"},
    "texts": _TEXTS,
    "condition": {"$ref": "#/$defs/condition"},
}


def _choice(spec: Field) -> Schema:
    values = _NAMED.get(spec.values) if isinstance(spec.values, str) else list(spec.values)
    one: Schema = {"enum": values} if values else {"type": "string"}
    return one if spec.kind == "choice" else {"anyOf": [one, {"type": "array", "items": one}]}


def _when() -> Schema:
    return {"$ref": "#/$defs/condition"}


def _say() -> Schema:
    return {"$ref": "#/$defs/say"}


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _object(properties: Mapping[str, Any], required: list[str]) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": required,
        "additionalProperties": False,
    }
