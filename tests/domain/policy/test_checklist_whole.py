"""Which test proves which item of the checklist that the grammar was made to cover. An item without a test fails here."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
MAIN, MORE, TIME = (
    "domain/policy/test_checklist.py",
    "domain/policy/test_checklist_more.py",
    "domain/policy/test_deadlines.py",
)
LAW, LOADER, WINDOWS = "policies/test_law.py", "domain/policy/test_loader.py", "domain/test_windows.py"

COVERED = {
    "1 applies_to: country, region, channel, seller, currency, tier, category, tag, SKU, vendor, order dates": (
        (MAIN, "test_point_1_rules_apply_by_place_channel_currency_tier_goods_and_date"),
        (MAIN, "test_point_1_a_policy_serves_only_the_orders_it_applies_to"),
    ),
    "1 terms that change with the date of the order, versions in force from a date": (
        (MAIN, "test_point_1_terms_may_change_with_the_date_of_the_order"),
        ("api/test_policies.py", "test_a_change_is_published_and_holds_for_orders_from_its_date"),
    ),
    "2 precedence: first or best, statutory floors above both": (
        (MAIN, "test_point_2_the_first_window_or_the_best_for_the_customer_as_the_policy_says"),
        ("domain/policy/test_properties.py", "test_a_floor_only_ever_gives_more"),
        ("policies/test_floors_hold.py", "test_whatever_law_gives_the_policy_gives_as_much_for_as_long"),
    ),
    "3 window: length, unit, basis, first day, roll, zone": (
        (MAIN, "test_point_3_a_window_counts_as_it_is_written"),
        (MAIN, "test_point_3_unlimited_and_none"),
        (MORE, "test_point_3_a_window_may_count_from_the_signature"),
        (WINDOWS, "test_a_window_rolls_over_weekends_and_holidays"),
        (WINDOWS, "test_day_windows_agree_with_counting_day_by_day_in_every_zone"),
    ),
    "3 window: fallback, pause, extension, season": (
        (MAIN, "test_point_3_without_a_delivery_date_a_fallback_counts_from_dispatch"),
        (MAIN, "test_point_3_a_repair_stops_the_clock_and_leaves_at_least_seven_days"),
        (MAIN, "test_point_3_missing_information_and_a_season_prolong_a_window"),
        (MAIN, "test_point_3_the_later_of_season_and_normal_end_counts"),
        (MAIN, "test_point_3_information_given_late_starts_its_own_window"),
        (MORE, "test_point_3_an_extension_may_have_a_cap"),
    ),
    "3 window: by reason, by resolution, by stage (7/15/365), by parcel": (
        (MAIN, "test_point_3_each_reason_each_resolution_and_each_stage_has_its_window"),
        (MAIN, "test_point_3_windows_are_counted_per_parcel"),
        (LAW, "test_cn_three_guarantees_seven_fifteen_and_three_hundred_sixty_five"),
    ),
    "4 send back by: days, label, reminder, at least the time of law": (
        (MAIN, "test_point_4_the_goods_must_be_handed_in_by_a_day_with_a_reminder_before"),
        (MORE, "test_point_4_the_label_has_its_own_end_and_time_may_count_from_the_notice"),
        (TIME, "test_law_leaves_fourteen_days_to_hand_the_goods_in"),
    ),
    "5 exclusions: goods and state, notice, confirmation, reasons never shielded from": (
        (MAIN, "test_point_5_an_exclusion_names_goods_and_state_and_never_shields_from_some_reasons"),
        (MAIN, "test_point_5_an_exclusion_may_need_that_the_customer_was_told_or_confirmed_it"),
        (MAIN, "test_point_5_all_refusals_are_told"),
    ),
    "6 conditions: state, serial number, accessories, gift": (
        (MAIN, "test_point_6_the_state_of_the_item_is_a_fact"),
        (MAIN, "test_point_6_a_serial_number_that_does_not_match_is_a_fact"),
        (MORE, "test_point_6_a_gift_that_is_kept_is_paid_and_missing_accessories_cost"),
    ),
    "7 outcomes: by reason, age and tier; partial, credit with bonus, exchange, keep, donate": (
        (MAIN, "test_point_7_what_is_offered_depends_on_reason_age_and_tier"),
        (MAIN, "test_point_7_a_refund_that_shrinks_with_time_and_a_bonus_for_credit"),
        (MAIN, "test_point_7_the_price_difference_of_an_exchange"),
        (MAIN, "test_point_7_keeping_the_item_for_a_part_of_the_price"),
        (MAIN, "test_point_7_the_same_article_is_a_replacement_for_a_defect_and_no_exchange_otherwise"),
        (MAIN, "test_point_7_an_exchange_needs_an_article_that_is_offered_and_there"),
        (MORE, "test_point_7_goods_may_be_given_away_instead_of_sent_back"),
    ),
    "8 refund: base, tax, claw-back, outbound shipping, last item, tenders, gift receipt": (
        (MAIN, "test_point_8_a_refund_is_what_was_really_paid"),
        (MAIN, "test_point_8_a_threshold_discount_may_be_clawed_back"),
        (MAIN, "test_point_8_the_delivery_charge_comes_back_as_the_policy_says"),
        (MAIN, "test_point_8_money_goes_back_to_the_payments_in_the_order_the_policy_names"),
        (MAIN, "test_point_8_payments_that_are_too_old_become_store_credit"),
        (MORE, "test_point_8_the_last_item_of_an_order_brings_the_delivery_charge_and_its_share_of_tax"),
        (MORE, "test_point_8_a_gift_receipt_brings_store_credit_alone"),
    ),
    "8 refund: trigger, deadline from an event, on the case and overdue, sooner by law": (
        (MAIN, "test_point_8_the_refund_has_a_trigger_and_a_deadline"),
        (TIME, "test_point_8_the_time_of_a_refund_counts_from_where_the_policy_says"),
        (TIME, "test_point_8_nothing_is_due_before_the_goods_are_in_or_on_their_way"),
        (TIME, "test_law_says_by_when_a_refund_is_due_however_slow_the_shop_is"),
        (
            "usecases/test_promises.py",
            "test_the_case_tells_by_when_the_money_is_on_its_way_and_the_shop_when_it_is_late",
        ),
    ),
    "9 fees: fixed, percent, by grade, parcel, brand, ladders, caps, never below zero": (
        (MAIN, "test_point_9_restocking_fees_fixed_percent_capped_and_waived"),
        (MAIN, "test_point_9_a_ladder_by_lateness"),
        (MORE, "test_point_9_a_ladder_by_how_late_the_goods_were_handed_in"),
        (MAIN, "test_point_9_fees_per_brand_per_parcel_and_per_unit"),
        (MAIN, "test_point_9_deductions_by_grade_with_a_cap_and_never_below_zero"),
        (MAIN, "test_point_9_all_fees_together_have_a_cap_and_what_is_more_than_the_goods_is_waived"),
        ("usecases/test_promises.py", "test_a_parcel_that_is_handed_in_late_costs_what_the_policy_says"),
    ),
    "9 fees: waived by reason, region, method, tier, and by what is kept": (
        (MORE, "test_point_9_a_fee_is_waived_by_reason_region_method_tier_and_by_what_is_kept"),
    ),
    "10 freight: by fault, reason, region, age; insurance with caps, once for an order": (
        (MAIN, "test_point_10_who_pays_the_way_back_by_fault_reason_region_age_and_method"),
        (MAIN, "test_point_10_freight_insurance_pays_up_to_its_cap"),
        (MORE, "test_point_10_an_insurance_pays_once_for_an_order_and_by_method"),
    ),
    "11 evidence: counts, hours, photos, video, weight, report": (
        (MAIN, "test_point_11_evidence_by_reason_with_counts_and_hours"),
        (MAIN, "test_point_11_evidence_for_the_review_makes_a_person_look"),
        (MORE, "test_point_11_customers_may_be_asked_for_more_than_photos"),
    ),
    "12 fault: five parties, every kind of evidence, the order of C6, contradictions, recovery": (
        (MAIN, "test_point_12_and_13_the_inspection_overrules_the_claim_in_both_directions"),
        (MORE, "test_point_12_every_kind_of_evidence_is_seen_before_the_goods_are_sent_and_after"),
        (MORE, "test_point_12_the_order_to_start_from"),
        (
            MORE,
            "test_point_12_nothing_is_charged_while_a_person_must_rule_and_the_merchant_recovers_afterwards",
        ),
    ),
    "13 inspection: questions by goods and claim, grades, deductions, dispositions": (
        (MAIN, "test_point_13_answers_at_the_bench_give_findings_grade_and_disposition"),
        (MORE, "test_point_13_the_bench_knows_the_claim_and_who_is_at_fault"),
    ),
    "14 limits: per order, attempts, quantity, fair use over a look-back, blocklist; never below law": (
        (MAIN, "test_point_14_limits_per_order_and_line_fair_use_and_blocklist"),
        (MAIN, "test_point_14_the_look_back_is_as_long_as_the_policy_says"),
        ("usecases/test_promises.py", "test_attempts_count_whatever_became_of_them"),
    ),
    "15 automation: approval, review, refund trigger": (
        (MAIN, "test_point_15_what_is_clear_is_approved_by_the_policy_and_the_rest_by_people"),
    ),
    "16 service levels: calendar and business time, what silence means": (
        (MAIN, "test_point_16_time_in_calendar_and_business_hours_and_what_silence_means"),
    ),
    "17 dispute: window, rounds, hours for evidence": (
        (MAIN, "test_point_17_objections_have_a_window_rounds_and_hours_for_evidence"),
        (TIME, "test_point_17_evidence_for_an_objection_has_its_own_time"),
        ("usecases/test_promises.py", "test_evidence_for_an_objection_may_be_added_for_seven_days"),
        (
            "usecases/test_objections.py",
            "test_the_last_day_of_the_policys_thirty_counts_and_the_next_does_not",
        ),
        ("usecases/test_objections.py", "test_the_policy_allows_two_rounds"),
    ),
    "18 texts in every language, links": (
        (MAIN, "test_point_18_every_rule_speaks_every_language"),
        (MORE, "test_point_18_a_rule_links_to_law_or_to_a_public_page"),
    ),
    "19 export": (("policies/test_publishing.py", "test_the_schema_org_export_speaks_only_its_vocabulary"),),
    "compensation ladders: multiple with a minimum, percent, fixed, coupon, gift": (
        (MAIN, "test_compensation_is_a_multiple_with_a_minimum_fixed_percent_or_a_gift"),
    ),
    "law: collecting within 15 days and the cap of four months in Taiwan": (
        (TIME, "test_in_taiwan_goods_are_collected_within_fifteen_days_of_the_notice"),
        (TIME, "test_in_taiwan_late_information_prolongs_the_right_to_four_months_at_most"),
    ),
    "rejected at load: unknown names, seasons that overlap, unreachable rules, floors, missing languages": (
        (LOADER, "test_what_is_wrong_is_told_with_file_line_and_the_right_name"),
        (LOADER, "test_seasons_that_overlap_are_an_error"),
        (LOADER, "test_a_rule_that_an_earlier_one_always_takes_is_an_error"),
        (LOADER, "test_a_missing_or_unknown_language_is_an_error"),
        (TIME, "test_check_names_terms_that_are_slower_than_law_with_both_lines"),
    ),
}


@pytest.mark.parametrize("item", COVERED)
def test_the_item_has_its_tests(item: str):
    missing = [f"{file}::{name}" for file, name in COVERED[item] if name not in _names(file)]
    assert missing == []


def test_every_test_of_a_point_stands_in_the_table():
    named = {name for tests in COVERED.values() for _, name in tests}
    points = {name for file in (MAIN, MORE, TIME) for name in _names(file) if name.startswith("test_point_")}
    assert points - named - {"test_point_8_a_replacement_pays_nothing_back", "test_point_11_what_the_policy_does_not_ask_customers_for_says_nothing"} == set()  # fmt: skip


def _names(file: str) -> set[str]:
    tree = ast.parse((TESTS / file).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
