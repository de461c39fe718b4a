"""Reasons that are judged together get the answer that each would get alone."""

from datetime import timedelta

import pytest

from returns_service.domain.policy import fitting, returnable
from returns_service.domain.policy.alike import alike
from returns_service.domain.policy.judging import Judge
from returns_service.domain.request import History, RequestLine, ReturnRequest
from tests.domain.policy.small import DELIVERED, example_order, shipped, small

POLICIES = ("standard", "fashion", "electronics", "cn-marketplace")


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("days", [3, 20, 60, 400])
def test_each_reason_gets_the_answer_it_gets_alone(name: str, days: int):
    policy, order, now = shipped(name), example_order(), DELIVERED + timedelta(days=days)
    together = returnable(policy, order, alike(policy)[0][0].id, History(), now).lines
    for reason in (one for group in alike(policy) for one in group):
        alone = returnable(policy, order, reason.id, History(), now).lines
        for line, itself in zip(together, alone, strict=True):
            told = next((one for one in line.reasons if one["code"] == reason.id), None)
            unfit = any(refusal.code == "reason_not_applicable" for refusal in itself.refusals)
            assert (told is None) is unfit, (reason.id, line.order_line_id)
            assert told is None or told["eligible"] == itself.eligible, (reason.id, line.order_line_id)


@pytest.mark.parametrize("name", POLICIES)
def test_reasons_that_a_rule_names_stand_apart_from_those_it_does_not(name: str):
    policy = shipped(name)
    groups = alike(policy)
    offered = [reason.id for reason in policy.reason_table.values() if reason.offered]
    assert sorted(one.id for group in groups for one in group) == sorted(offered)
    assert 1 < len(groups) < len(offered)


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("days", [-2, 3, 45, 400])
def test_reasons_of_one_group_end_on_the_same_day(name: str, days: int):
    policy, order, now = shipped(name), example_order(), DELIVERED + timedelta(days=days)
    judge = Judge(policy, order, ReturnRequest(()), History(), now)
    for group in alike(policy):
        fit = [reason for reason in group if reason in fitting(policy, order, order.lines[0], now)]
        judged = [judge.standing(RequestLine("1", 1, reason.id)) for reason in fit]
        assert len({(one.eligible, one.entitlement.timing, *one.entitlement.rights) for one in judged}) <= 1


def test_a_matcher_tells_kinds_apart_only_by_what_it_lets_through():
    policy = small(windows="windows:\n  - {id: w, when: {request.kind: {not: [late]}}, window: {days: 9}}\n")
    together = next(group for group in alike(policy) if any(one.id == "defective" for one in group))
    assert {one.id for one in together} > {"changed_mind", "damaged", "wrong_item"}
