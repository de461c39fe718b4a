"""Who may call what: every operation of the document against every kind of caller."""

import pytest

from returns_service.domain.scopes import SCOPES
from tests.api.client import Api, Behind, wish

NEEDS = {
    "orders:write": {"put_order", "get_order"},
    "returns:read": {
        "get_returnable", "list_returns", "get_return", "list_return_events", "list_return_messages",
        "list_return_objections", "list_return_ratings", "list_return_photos", "get_photo", "pull_events", "get_return_slip", "list_store_credits", "get_store_credit",
    },
    "returns:write": {
        "preview_return", "create_return", "answer_shop", "cancel_return", "ship_return", "choose_outcome",
        "post_return_message", "object_to_return", "rate_return", "upload_photo", "attach_return_photo",
        "attach_return_label", "report_refund_paid", "report_refund_failed", "report_replacement_shipped",
        "report_replacement_failed", "report_replacement_paid", "report_replacement_secured", "report_replacement_charged", "redeem_store_credit", "give_store_credit_back",
    },
    "warehouse": {"receive_return", "inspect_return", "record_unknown_parcel"},
    "staff": {
        "approve_return", "reject_return", "ask_customer", "override_return", "lose_return", "add_return_evidence",
        "advance_return", "settle_return", "release_held_refund", "resolve_unclear_refund", "answer_return_objection",
        "list_reports", "get_report", "get_return_trace", "list_open_recoveries", "record_recovery", "get_return_ledger",
    },
    "policies": {
        "list_policies", "list_policy_versions", "get_policy_version", "publish_policy_version", "compare_policy_versions",
        "simulate_policy_change", "list_policy_simulations", "get_policy_simulation",
    },
    "admin": {
        "list_shop_keys", "create_shop_key", "rotate_shop_key", "revoke_shop_key",
        "list_webhook_endpoints", "create_webhook_endpoint", "change_webhook_endpoint", "delete_webhook_endpoint",
        "rotate_webhook_secret", "list_webhook_deliveries", "replay_webhook_events",
        "list_shop_gateways", "put_gateway_secrets", "delete_gateway_secrets",
    },
    "open": {"take_hook"},
}  # fmt: skip
"""What the design gives to each scope. A new operation needs its place here."""

UNKNOWN = "01928f6c-7b1a-7c3e-9d52-3f1b8f0a6c99"


def _operations(behind: Behind) -> dict[str, tuple[str, str, str]]:
    paths = behind.app.extensions["openapi"]["paths"]
    return {
        operation["operationId"]: (method.upper(), path, operation["x-scope"])
        for path, methods in paths.items()
        for method, operation in methods.items()
        if method != "parameters"
    }


def _path(template: str, **known: str) -> str:
    for name in (
        "return_id",
        "refund_id",
        "replacement_id",
        "photo_id",
        "key_id",
        "objection_id",
        "endpoint_id",
        "simulation_id",
        "order_id",
    ):
        template = template.replace(f"{{{name}}}", known.get(name, UNKNOWN))
    for name, word in (("{name}", "nothing"), ("{version}", "999"), ("{code}", "nothing")):
        template = template.replace(name, word)
    return template.replace("{shop}", "demo").replace("{provider}", "sandbox")


def _try(api: Api, method: str, path: str) -> int:
    body = None if method in ("GET", "DELETE") else {}
    return api.call(method, path, body, match=1).status_code


def test_every_operation_has_the_scope_that_the_design_gives_it(behind: Behind):
    found: dict[str, set[str]] = {}
    for name, (_, _, scope) in _operations(behind).items():
        found.setdefault(scope, set()).add(name)
    assert found == NEEDS


def test_every_route_is_in_the_document(behind: Behind):
    documented = {(method, path) for method, path, _ in _operations(behind).values()}
    apart = {"/v1/openapi.json", "/v1/docs", "/v1/docs/{name}"}
    routes = {
        (method, _template(str(rule)))
        for rule in behind.app.url_map.iter_rules()
        if str(rule).startswith("/v1/")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {route for route in routes if route[1] not in apart} == documented


def _template(rule: str) -> str:
    parts = [part.split(":")[-1].rstrip(">") if part.startswith("<") else None for part in rule.split("/")]
    return "/".join(
        f"{{{name}}}" if name else part for name, part in zip(parts, rule.split("/"), strict=True)
    )


@pytest.mark.parametrize("scope", list(SCOPES))
def test_a_key_may_call_what_its_scope_allows_and_nothing_else(behind: Behind, scope: str):
    api = behind.key(scope)
    wrong = []
    for name, (method, path, needed) in _operations(behind).items():
        if needed == "open":
            continue
        status = _try(api, method, _path(path))
        allowed = scope in (needed, "admin")
        if (status in (401, 403)) == allowed:
            wrong.append((name, needed, status))
    assert wrong == []


def test_nobody_may_call_anything_without_a_key(behind: Behind):
    stranger = behind.stranger()
    for method, path, needed in _operations(behind).values():
        if needed != "open":
            assert _try(stranger, method, _path(path)) == 401, path


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer rk_short",
        "Basic YTpi",
        "Bearer rk_" + "a" * 43,
        "Bearer sk_" + "a" * 43,
        "rk_" + "a" * 43,
    ],
)
def test_a_wrong_credential_is_no_credential(behind: Behind, header: str):
    answer = behind.stranger().get("/v1/returns", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_key_in_the_address_is_refused(api: Api):
    answer = api.get(f"/v1/returns?api_key={api.secret}")
    assert (answer.status_code, answer.json["code"]) == (400, "key_in_query")


def test_another_shops_objects_do_not_exist(behind: Behind):
    ours, theirs = behind.key("admin"), None
    ours.order()
    case = ours.open_case()
    photo = "photo"
    behind.shop("other")
    theirs = behind.key("admin", shop="other")
    known = {
        "return_id": case["id"],
        "order_id": "1001",
        "key_id": ours.get("/v1/keys").json["items"][0]["id"],
        "photo_id": photo,
    }
    for name, (method, path, needed) in _operations(behind).items():
        if "{" not in path or needed == "open" or name in ("put_order",):
            continue
        body = BODIES.get(name, {}) if method in ("POST", "PUT", "PATCH") else None
        foreign = theirs.call(method, _path(path, **known), body, match=case["version"])
        random = theirs.call(method, _path(path), body, match=case["version"])
        assert (foreign.status_code, random.status_code) == (404, 404), (name, foreign.json)
        assert _said(foreign.json) == _said(random.json), name
    assert theirs.get("/v1/returns?q=ana@example.com").json["items"] == []
    assert theirs.get("/v1/events").json["items"] == []
    assert theirs.post("/v1/returns", wish()).status_code == 404


def _said(problem: dict) -> dict:
    return {key: value for key, value in problem.items() if key not in ("instance", "trace_id")}


_LINES = [{"line_id": "x", "quantity": 1}]
BODIES = {
    "publish_policy_version": {"files": {}},
    "reject_return": {"code": "other", "message": "No."},
    "ask_customer": {"message": "Why?"},
    "answer_shop": {"message": "So."},
    "override_return": {"reason": "Kind."},
    "receive_return": {"lines": _LINES},
    "inspect_return": {"lines": [{"line_id": "x", "units": [{"quantity": 1}]}]},
    "choose_outcome": {"line_id": "x", "resolution": "refund"},
    "add_return_evidence": {"type": "carrier_scan"},
    "attach_return_label": {"url": "https://carrier.example/label.pdf"},
    "post_return_message": {"message": "Hello."},
    "object_to_return": {"text": "No."},
    "answer_return_objection": {"granted": True, "answer": "Yes."},
    "rate_return": {"score": 5},
    "attach_return_photo": {"photo_id": "x"},
    "resolve_unclear_refund": {"outcome": "failed"},
    "redeem_store_credit": {"amount": "1.00", "currency": "EUR", "reference": "x"},
    "give_store_credit_back": {"reference": "x"},
    "replay_webhook_events": {"event_id": UNKNOWN},
    "report_replacement_paid": {"amount": "1.00", "reference": "x"},
    "report_replacement_secured": {"reference": "x"},
    "report_replacement_charged": {"amount": "1.00", "reference": "x"},
    "put_gateway_secrets": {"key": "sk_test_1", "webhook_secret": "whsec_1"},
    "record_recovery": {"party": "carrier", "outcome": "recovered", "amount": "1.00"},
}


def test_what_only_staff_may_see_is_not_shown_to_others(behind: Behind):
    staff, storefront = behind.key("admin"), behind.key("returns:read", "returns:write")
    staff.order()
    case = staff.open_case()
    at = f"/v1/returns/{case['id']}"
    staff.post(f"{at}/messages", {"message": "Looks like wardrobing.", "internal": True})
    staff.post(f"{at}/messages", {"message": "We have it."})
    assert [m["message"] for m in storefront.get(f"{at}/messages").json["items"]] == ["We have it."]
    assert len(staff.get(f"{at}/messages").json["items"]) == 2
    assert storefront.post(f"{at}/messages", {"message": "Mine", "internal": True}).status_code == 403
    assert all(not line["decision"].get("trace") for line in storefront.get(at).json["lines"])
    assert all("trace" not in line for line in storefront.post("/v1/returns/preview", wish()).json["lines"])
    assert staff.post("/v1/returns/preview", wish()).json["lines"][0]["trace"]


def test_actions_are_what_this_caller_may_do(behind: Behind):
    admin = behind.key("admin")
    admin.order()
    case = admin.open_case()
    mine = behind.key("returns:read", "returns:write").get(f"/v1/returns/{case['id']}").json["actions"]
    assert "cancel" in mine
    assert "receive" not in mine
    assert "receive" in admin.get(f"/v1/returns/{case['id']}").json["actions"]


def test_the_person_for_whom_a_program_acts_is_in_the_history(api: Api):
    api.order()
    case = api.open_case()
    name = "安娜 Müller".encode().decode("latin-1")
    api.post(f"/v1/returns/{case['id']}/cancel", match=case["version"], headers={"Returns-Actor": name})
    events = api.get(f"/v1/returns/{case['id']}/events").json["items"]
    assert events[-1]["actor"] == {"kind": "storefront", "name": "安娜 Müller"}
    assert api.get("/v1/returns", headers={"Returns-Actor": "x" * 101}).json["code"] == "actor"


def test_a_revoked_key_ends_at_once_and_a_rotated_one_after_its_overlap(behind: Behind):
    admin = behind.key("admin")
    made = admin.post("/v1/keys", {"name": "Shop", "scopes": ["returns:read"]}).json
    old = Api(behind, made["key"])
    assert old.get("/v1/returns").status_code == 200
    successor = admin.post(f"/v1/keys/{made['id']}/rotate", {"overlap_hours": 2}).json
    new = Api(behind, successor["key"])
    assert (old.get("/v1/returns").status_code, new.get("/v1/returns").status_code) == (200, 200)
    behind.clock.turn(hours=3)
    behind.app.extensions["known_keys"].forget()
    assert (old.get("/v1/returns").status_code, new.get("/v1/returns").status_code) == (401, 200)
    assert admin.call("DELETE", f"/v1/keys/{successor['id']}").json["revoked_at"]
    assert new.get("/v1/returns").status_code == 401


def test_a_key_is_shown_once_and_kept_as_a_digest(behind: Behind):
    admin = behind.key("admin")
    made = admin.post("/v1/keys", {"name": "Shop", "scopes": ["returns:read"]})
    assert made.headers["Cache-Control"] == "no-store"
    listed = admin.get("/v1/keys").json["items"]
    assert all("key" not in item for item in listed)
    assert made.json["key"].startswith(listed[0]["prefix"])
    assert (
        made.json["key"].encode() not in behind.runtime.settings.data_dir.joinpath("returns.db").read_bytes()
    )


def test_the_last_key_that_manages_keys_cannot_be_revoked(behind: Behind):
    admin = behind.key("admin")
    own = admin.get("/v1/keys").json["items"][0]["id"]
    assert admin.call("DELETE", f"/v1/keys/{own}").json["code"] == "last_admin_key"


def test_a_scope_that_does_not_exist(api: Api):
    assert api.post("/v1/keys", {"name": "x", "scopes": ["root"]}).json["code"] == "scope"
