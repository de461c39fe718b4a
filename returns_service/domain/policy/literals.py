"""Literals of policy files: what a scalar means is decided by the field or fact that reads it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from returns_service.domain import money
from returns_service.domain.errors import Invalid
from returns_service.domain.policy.problems import nearest
from returns_service.domain.policy.source import Listing, Node, Scalar, Table


def written(node: Node) -> Any:
    """What stands in the file, for the trace: numbers and booleans as such, the rest as text."""
    if isinstance(node, Scalar):
        if node.plain and node.text in ("true", "false"):
            return node.text == "true"
        return int(node.text) if node.plain and _is_int(node.text) else node.text
    if isinstance(node, Listing):
        return [written(item) for item in node.items]
    entries = node.entries if isinstance(node, Table) else {}
    return {key: written(value) for key, value in entries.items()}


def _is_int(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").isdigit() and len(text) < 16


def boolean(node: Node) -> bool:
    if isinstance(node, Scalar) and node.text in ("true", "false"):
        return node.text == "true"
    raise node.wrong("value", f"{_quoted(node)} must be true or false.")


def number(node: Node) -> Decimal:
    try:
        value = Decimal(node.text) if isinstance(node, Scalar) and len(node.text) < 20 else None
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite() or abs(value) > 10**12:
        raise node.wrong(
            "value", f"{_quoted(node)} must be a number, such as 30 or 2.5.{_how_to_count(node)}"
        )
    return value


def _quoted(node: Node) -> str:
    return repr(node.text) if isinstance(node, Scalar) and len(node.text) < 40 else "This"


def _how_to_count(node: Node) -> str:
    """What to write in place of a sign."""
    said = node.text.strip() if isinstance(node, Scalar) else ""
    if said.endswith(("%", "％")):
        return f" Leave out the sign: {said[:-1].strip()}."
    sign = next((sign for sign in _SIGNS if said.startswith(sign)), None)
    if sign is not None:
        return f" Compare with a matcher: {{{_SIGNS[sign]}: {said.removeprefix(sign).strip()}}}."
    return ""


_SIGNS = {">=": "gte", "≥": "gte", ">": "gt", "<=": "lte", "≤": "lte", "<": "lt"}


def plain(node: Scalar) -> str:
    """A word that rules compare with. Raises Wrong for quotes that a word processor has bent."""
    if node.text[:1] in _BENT and node.text[-1:] in _BENT:
        raise node.wrong(
            "value", f"{node.text} stands in typographic quotes; write it without, or in \" or '."
        )
    return node.text


_BENT = "“”„‘’‚«»「」"


def integer(node: Node) -> int:
    value = number(node)
    if value != int(value):
        raise node.wrong("value", "This must be a whole number.")
    return int(value)


def a_date(node: Node) -> date:
    try:
        found = date.fromisoformat(node.text if isinstance(node, Scalar) else "")
    except ValueError:
        raise node.wrong(
            "value", f"{_quoted(node)} must be a date: year-month-day, such as 2026-12-31."
        ) from None
    if not 1970 <= found.year <= 2400:
        raise node.wrong("value", "A date lies between 1970 and 2400.")
    return found


def texts(node: Node) -> list[str]:
    items = node.items if isinstance(node, Listing) else (node,)
    found = [plain(item) for item in items if isinstance(item, Scalar) and item.text]
    if len(found) != len(items) or not found:
        raise node.wrong("value", "This must be a text or a list of texts.")
    return found


def amounts(node: Node, currencies: tuple[str, ...]) -> Mapping[str, int]:
    if isinstance(node, Scalar):
        if len(currencies) == 1:
            return {currencies[0]: _amount(node, currencies[0])}
        if node.text in ("0", "0.00"):
            return dict.fromkeys(currencies, 0)
        raise node.wrong("currency", f'Say the amount for each currency: {{{currencies[0]}: "4.90", ...}}.')
    if not isinstance(node, Table):
        raise node.wrong("value", "This must be an amount, or a table of amounts by currency.")
    for name, key in node.keys.items():
        if name not in currencies:
            raise key.wrong("currency", f"{name!r} is no currency of this policy.{nearest(name, currencies)}")
    missing = [name for name in currencies if name not in node.entries]
    if missing:
        raise node.wrong("currency", f"The amount is missing for {', '.join(missing)}.")
    return {name: _amount(inner, name) for name, inner in node.entries.items()}


def _amount(node: Node, currency: str) -> int:
    if not isinstance(node, Scalar):
        raise node.wrong("value", 'An amount is a text such as "4.90".')
    try:
        value = money.parse(node.text, currency)
    except Invalid as error:
        raise node.wrong("amount", error.detail) from None
    if value < 0:
        raise node.wrong("amount", "An amount in a policy is never negative.")
    return value
