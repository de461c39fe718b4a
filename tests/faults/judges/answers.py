"""I4, I5, I10, I12, I13: what clients were told, and how the service behaved while it was ill."""

import json
from collections import defaultdict
from collections.abc import Iterator

from tests.faults.log import Asked
from tests.faults.record import Record, plain

RECOVERY = 60.0
"""Seconds within which everything must be quiet after the fault is over."""
PATIENCE = 15.0
"""Seconds that an answer may take while the web and its database are left alone."""


def i4(record: Record) -> Iterator[str]:
    """What was acknowledged is there."""
    cases = {row["id"]: row for row in record.cases}
    orders = {row["external_id"] for row in record.orders}
    for one in record.log.asked:
        if not one.well:
            continue
        if one.method == "PUT" and one.path.rpartition("/")[2] not in orders:
            yield f"lost: {one.path}"
        if one.path.startswith("/v1/returns") and isinstance(one.body, dict) and "version" in one.body:
            row = cases.get(plain(one.body["id"]))
            if row is None or row["version"] < one.body["version"]:
                yield f"lost: {one.method} {one.path} of version {one.body['version']}, here {row and row['version']}"


def i5(record: Record) -> Iterator[str]:
    """One key has one answer and at most one effect; of a race there is one winner."""
    answers: dict[tuple[str, str], set[str]] = defaultdict(set)
    for one in record.log.asked:
        if one.key and one.well:
            answers[one.shop, one.key].add(json.dumps(one.body, sort_keys=True))
    for (_, key), bodies in answers.items():
        if len(bodies) > 1:
            yield f"key {key} had {len(bodies)} answers"
    yield from _wishes(record)
    for race in record.log.races:
        won = sum(200 <= status < 300 for status in race.statuses)
        others = [s for s in race.statuses if not 200 <= s < 300 and s not in race.allowed]
        if won != race.winners or others:
            yield f"{race.name}: {won} winners of {len(race.statuses)}, others got {sorted(set(others))}"


def _wishes(record: Record) -> Iterator[str]:
    """As many cases as keys: those that were answered are there, and none but those that were asked for."""
    for shop in record.shops:
        asked = [
            one
            for one in record.log.asked
            if one.shop == shop["slug"] and one.path == "/v1/returns" and one.key
        ]
        wishes, granted = {one.key for one in asked}, {one.key for one in asked if one.well}
        found = sum(case["shop_id"] == shop["id"] for case in record.cases)
        if not len(granted) <= found <= len(wishes):
            yield f"{shop['slug']}: {len(wishes)} wishes, {len(granted)} granted, {found} cases"


def i10(record: Record) -> Iterator[str]:
    """Nobody is shown what is another shop's."""
    slugs = {row["id"]: row["slug"] for row in record.shops}
    owner = {row["id"]: slugs[row["shop_id"]] for row in record.cases}
    for one in record.log.asked:
        words = one.path.split("/")
        foreign = (
            len(words) > 3 and words[2] == "returns" and owner.get(plain(words[3]), one.shop) != one.shop
        )
        if foreign and one.status not in (0, 404, 429, 503):
            yield f"{one.shop} got {one.status} for {one.path}"
        foreign = [
            slug for slug in slugs.values() if slug != one.shop and f"@{slug}.example" in str(one.body)
        ]
        if foreign:
            yield f"{one.shop} was shown something of {foreign}: {one.path}"


def i12(record: Record) -> Iterator[str]:
    """Never a bare error; with the database and the web well, every request is answered."""
    yield from record.log.wrong
    for one in record.log.asked:
        if one.status == 500:
            yield f"500 for {one.method} {one.path}: {str(one.body)[:200]}"
        if one.status in (429, 503) and not (
            one.kind.startswith("application/problem+json") and one.retry_after
        ):
            yield f"{one.status} without a problem or Retry-After: {one.path}"
        if record.log.intake_open and (one.status == 0 or one.status >= 500):
            yield f"{one.status} for {one.method} {one.path} though web and database were well: {str(one.body)[:100]}"
        if record.log.intake_open and one.seconds > PATIENCE:
            yield f"{one.method} {one.path} took {one.seconds:.1f} s"


def i13(record: Record) -> Iterator[str]:
    """It is quiet again in time."""
    if record.recovery > RECOVERY:
        yield f"not quiet {record.recovery:.0f} s after the fault"


def tries(record: Record) -> tuple[int, int]:
    """How many calls were tried, and how many of them failed by the service's doing."""
    failed = [one for one in record.log.asked if _failed(one)]
    return len(record.log.asked), len(failed)


def _failed(one: Asked) -> bool:
    return one.status == 0 or one.status >= 500
