"""The judge: invariant by invariant, from the record alone."""

from collections.abc import Callable, Iterator

from tests.faults.judges import answers, cases, messages, money
from tests.faults.record import Record

Judge = Callable[[Record], Iterator[str]]

INVARIANTS: dict[str, Judge] = {
    "I1": money.i1,
    "I2": cases.i2,
    "I3": cases.i3,
    "I4": answers.i4,
    "I5": answers.i5,
    "I6": messages.i6,
    "I7": messages.i7,
    "I8": messages.i8,
    "I9": cases.i9,
    "I10": answers.i10,
    "I11": cases.i11,
    "I12": answers.i12,
    "I13": answers.i13,
    "I14": money.i14,
}
MOST = 5
"""Sentences that are kept of one invariant."""


def judge(record: Record) -> dict[str, list[str]]:
    """What is violated, in words; empty when all holds."""
    found = {name: list(check(record)) for name, check in INVARIANTS.items()}
    return {name: words[:MOST] for name, words in found.items() if words}
