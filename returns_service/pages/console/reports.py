"""First figures for managers: each with its definition, a chart, the numbers, and the same as CSV."""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, abort, request
from sqlmodel import Session

from returns_service.domain.roles import Right
from returns_service.pages.console import words
from returns_service.pages.console.door import actor, show
from returns_service.pages.doors import needs
from returns_service.pages.web import language, now, runtime
from returns_service.pages.web.context import shop
from returns_service.usecases import read_policies
from returns_service.usecases.figures import REPORTS

KINDS = ("paid", "under_way", "stuck", "owed")
PERIODS = (7, 30, 90, 365)
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def register(blueprint: Blueprint) -> None:
    blueprint.get("/figures")(figures)
    blueprint.get("/figures/<name>.csv")(as_csv)


def days() -> int:
    asked = request.args.get("days", 90, type=int)
    return asked if asked in PERIODS else 90


@needs(Right.SEE_FIGURES)
def figures() -> Response:
    with runtime().db.read() as session:
        found = {
            name: report(session, actor=actor(), now=now(), days=days()) for name, report in REPORTS.items()
        }
        reasons = _reason_words(session)
    return show(
        "console/figures.html",
        reasons=reasons,
        found=found,
        money=owed_and_paid(found["refunds"]),
        pairs=table_of(found["reason_articles"]),
        days=days(),
        periods=PERIODS,
        words=words,
    )


WAITING = ("awaiting_release", "unknown", "manual", "failed")
"""Refunds that do not go on by themselves."""


def owed_and_paid(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a report of refunds as one per currency: what was paid, what is under way, what waits for a person."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        kind = "paid" if row["state"] == "succeeded" else "stuck" if row["state"] in WAITING else "under_way"
        sums = found.setdefault(
            row["currency"], {"currency": row["currency"], **dict.fromkeys(KINDS, Decimal(0))}
        )
        sums[kind] += Decimal(row["amount"])
        sums["owed"] += Decimal(row["amount"]) if kind != "paid" else 0
    return [found[currency] for currency in sorted(found)]


def table_of(rows: Sequence[Mapping[str, Any]], most: int = 12) -> dict[str, Any]:
    """Units by article and reason: the articles and reasons with most units, and the units of each pair."""
    articles, told, units = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    for row in rows:
        articles[row["sku"]] += row["units"]
        told[row["reason"]] += row["units"]
        units[row["sku"], row["reason"]] += row["units"]
    return {
        "articles": [sku for sku, _ in articles.most_common(most)],
        "reasons": [reason for reason, _ in told.most_common(8)],
        "titles": {row["sku"]: row["title"] for row in rows},
        "units": units,
        "top": max(units.values(), default=1),
    }


def _reason_words(session: Session) -> dict[str, str]:
    """What the shop's policy calls its reasons; codes of older policies stay codes."""
    served = shop()
    if served is None:
        return {}
    return read_policies.reason_words(session, served.policy_name, language(), actor=actor(), now=now())


@needs(Right.SEE_FIGURES)
def as_csv(name: str) -> Response:
    """RFC 4180; what a spreadsheet would take for a formula is marked as text."""
    if name not in REPORTS:
        abort(404)
    with runtime().db.read() as session:
        rows = REPORTS[name](session, actor=actor(), now=now(), days=days())
    text = io.StringIO()
    if rows:
        writer = csv.writer(text)
        writer.writerow(rows[0])
        writer.writerows([[cell(value) for value in row.values()] for row in rows])
    answer = Response("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def cell(value: object) -> object:
    """A value as a cell: numbers stay numbers, text never becomes a formula."""
    if not isinstance(value, str):
        return value
    clean = value.replace("\0", "")
    return (
        f"'{clean}"
        if clean.startswith(_DANGEROUS) and not clean.lstrip("-").replace(".", "", 1).isdigit()
        else clean
    )
