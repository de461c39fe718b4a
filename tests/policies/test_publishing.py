"""Schema, exports and comparison from the outside."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from returns_service.commands.policies import policy
from tests.domain.policy.small import ROOT

ENUMERATIONS = {
    "returnPolicyCategory": {"MerchantReturnFiniteReturnWindow", "MerchantReturnUnlimitedWindow", "MerchantReturnNotPermitted", "MerchantReturnUnspecified"},
    "customerRemorseReturnFees": {"FreeReturn", "ReturnFeesCustomerResponsibility", "ReturnShippingFees", "OriginalShippingFees", "RestockingFees"},
    "itemDefectReturnFees": {"FreeReturn", "ReturnFeesCustomerResponsibility", "ReturnShippingFees", "OriginalShippingFees", "RestockingFees"},
    "refundType": {"FullRefund", "ExchangeRefund", "StoreCreditRefund"},
    "returnMethod": {"ReturnByMail", "ReturnInStore", "ReturnAtKiosk", "KeepProduct"},
}  # fmt: skip
PROPERTIES = {
    "@type", "name", "applicableCountry", "returnPolicyCountry", "returnPolicyCategory", "merchantReturnDays", "merchantReturnLink",
    "itemCondition", "inStoreReturnsOffered", "refundType", "restockingFee", "returnMethod", "customerRemorseReturnFees",
    "customerRemorseReturnShippingFeesAmount", "itemDefectReturnFees", "itemDefectReturnShippingFeesAmount",
    "returnPolicySeasonalOverride", "validForMemberTier",
}  # fmt: skip


def run(*words: object) -> Result:
    return CliRunner().invoke(policy, [str(word) for word in words])


def test_the_committed_schema_is_the_one_of_the_code():
    assert json.loads((ROOT / "schema.json").read_text()) == json.loads(run("schema").stdout)


@pytest.mark.parametrize("name", sorted(path.parent.name for path in ROOT.glob("*/policy.yaml")))
def test_the_schema_org_export_speaks_only_its_vocabulary(name: str):
    body = json.loads(run("export", ROOT / name, "--format", "schema.org").stdout)
    assert body["@context"] == "https://schema.org"
    assert body["@graph"]
    for one in body["@graph"]:
        assert one.keys() <= PROPERTIES
        for key, known in ENUMERATIONS.items():
            values = one.get(key, [])
            for value in values if isinstance(values, list) else [values]:
                assert value.removeprefix("https://schema.org/") in known


def test_standard_gives_thirty_days_in_the_union():
    body = json.loads(run("export", ROOT / "standard", "--format", "schema.org").stdout)
    german = next(one for one in body["@graph"] if "DE" in one["applicableCountry"])
    assert german["merchantReturnDays"] == 30
    assert german["customerRemorseReturnShippingFeesAmount"] == {
        "@type": "MonetaryAmount",
        "value": "4.90",
        "currency": "EUR",
    }
    assert german["itemDefectReturnFees"] == "https://schema.org/FreeReturn"


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "30 days after delivery"), ("zh-Hans", "签收后 30 天"), ("zh-Hant", "簽收後 30 天")],
)
def test_the_terms_are_a_page_in_each_language(language: str, words: str):
    found = run("export", ROOT / "standard", "--format", "text", "--language", language, "--country", "DE")
    assert found.exit_code == 0
    assert words in found.stdout
    assert "9(1)" in found.stdout


def test_a_language_that_the_policy_does_not_speak_is_told():
    assert run("export", ROOT / "standard", "--format", "text", "--language", "de").exit_code == 2


@pytest.fixture
def shorter(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "standard", tmp_path / "shorter")
    shutil.copytree(ROOT / "law", tmp_path / "law")
    path = tmp_path / "shorter" / "eligibility.yaml"
    path.write_text(
        path.read_text().replace(
            "window: {days: 30, from: delivered, fallback", "window: {days: 20, from: delivered, fallback"
        )
    )
    return tmp_path / "shorter"


def test_diff_tells_what_changes_for_whom(shorter: Path):
    body = json.loads(run("diff", ROOT / "standard", shorter, "--made-up", "--json").stdout)
    refused = next(change for change in body["changes"] if change["kind"] == "refused")
    assert refused["what"] == "granted -> window_expired"
    assert {"changed_mind", "too_small"} <= set(refused["reasons"])
    assert any(change["kind"] == "window" and change["what"] == "-10 days" for change in body["changes"])


def test_diff_of_a_policy_with_itself_is_empty():
    found = run("diff", ROOT / "standard", ROOT / "standard", "--made-up")
    assert "no answer differs" in found.stdout


def test_the_terms_tell_each_wish_its_own_time_and_no_secret_of_the_review():
    found = run("export", ROOT / "fashion", "--format", "text", "--country", "GB").stdout
    assert "refund, exchange: 30 days after delivery; store credit: 60 days after delivery" in found
    unfair = "A person looks"
    assert unfair not in found.partition("What cannot be returned")[2].partition("##")[0]
    assert "Your money is on its way within 14 days of our receiving the goods." in found
