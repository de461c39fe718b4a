"""Every code a problem document can carry: status, title, and what to do. Served under /problems."""

from dataclasses import dataclass
from http import HTTPStatus


@dataclass(frozen=True)
class Entry:
    status: int
    title: str
    advice: str


CATALOGUE: dict[str, Entry] = {
    # the request itself
    "malformed": Entry(
        400, "The request cannot be read", "Send JSON in UTF-8 as described in the API document."
    ),
    "duplicate_key": Entry(400, "A key occurs twice", "Name every member of a JSON object once."),
    "idempotency_key_missing": Entry(
        400,
        "An Idempotency-Key is needed",
        "Where units or money are touched, name your request, so that a repeat is harmless.",
    ),
    "idempotency_key": Entry(
        400, "The Idempotency-Key is not usable", "Use 1 to 255 visible ASCII characters."
    ),
    "if_match": Entry(400, "If-Match names no version", 'Send the ETag of the case, such as "3".'),
    "actor": Entry(
        400, "Returns-Actor is not a name", "Send the person's name in UTF-8, at most 100 characters."
    ),
    "key_in_query": Entry(
        400,
        "A key was sent in the address",
        "Send it in the Authorization header, and rotate it: addresses are logged.",
    ),
    "too_large": Entry(413, "Too large", "Send fewer bytes; the API document names the limits."),
    "unsupported_type": Entry(
        415, "Unsupported content type", "Send application/json, photos as multipart/form-data."
    ),
    "too_many_requests": Entry(
        429, "Too many requests", "Wait as long as Retry-After says; RateLimit tells what is left."
    ),
    # who asks
    "no_credential": Entry(401, "A key is needed", "Send Authorization: Bearer rk_..."),
    "invalid_key": Entry(
        401, "The key is not valid", "It was revoked, its overlap is over, or it is mistyped."
    ),
    "bad_signature": Entry(
        401, "The signature is not valid", "Check the secret, the clock, and that the body is unchanged."
    ),
    "missing_scope": Entry(403, "The key lacks a scope", "Use a key with the scope that `scope` names."),
    "forbidden": Entry(403, "Not allowed", "Somebody with more rights can do this."),
    "override_limit": Entry(403, "Above your limit", "Somebody with a higher limit can grant this."),
    "second_person": Entry(
        403, "A second person is needed", "Whoever asked for the money cannot release it, with whichever key."
    ),
    # what is asked for
    "not_found": Entry(404, "Not found", "It does not exist, or belongs to another shop."),
    "method_not_allowed": Entry(
        405, "Method not allowed", "Allow names the methods that this address takes."
    ),
    # the present state
    "conflict": Entry(409, "Somebody was faster", "Read it again and decide anew."),
    "reported_by_gateway": Entry(
        409, "The gateway reports this refund itself", "Wait for it, or resolve a refund that hangs."
    ),
    "replaced": Entry(409, "Something else took its place", "Look at the other refunds of the case."),
    "no_tender": Entry(409, "No payment stands behind it", "Give store credit, or confirm it by hand."),
    "above_claim": Entry(409, "Less may be asked back", "List what may be asked back again."),
    "nothing_to_charge": Entry(409, "Nothing may be charged", "Give the money back; read the case again."),
    "nothing_to_hold": Entry(409, "Nothing waits for a hold", "Drop the hold; read the case again."),
    "serial_numbers": Entry(422, "Serial numbers do not fit the units", "Send one for each unit at most."),
    "serial_received": Entry(409, "This unit came back before", "Scan again, or look at the other return."),
    "secret": Entry(422, "This is no such secret", "Copy it from the gateway's dashboard."),
    "nothing_due": Entry(409, "No difference is due", "Read the case again."),
    "above_refundable": Entry(409, "The payment has less to give back", "Read the case again."),
    "illegal_move": Entry(409, "Not possible in this state", "`state` and `actions` tell what is."),
    "units_held": Entry(409, "Another return holds the units", "Cancel that return, or ask for fewer units."),
    "client_reference_used": Entry(
        409, "The client reference is taken", "`existing_id` names the case that has it."
    ),
    "stale_snapshot": Entry(
        409, "The snapshot is older than the stored one", "Send the newest state of the order."
    ),
    "relied_upon": Entry(
        409, "A return relies on what the snapshot takes away", "Settle or cancel that return first."
    ),
    "still_running": Entry(
        409, "The first request is still running", "Repeat it with the same key in a moment."
    ),
    "key_replaced": Entry(409, "The key has a successor", "Use the successor."),
    "last_admin_key": Entry(
        409, "The last key that manages keys", "Create another one with the scope admin first."
    ),
    "already_rated": Entry(409, "Rated already", "A case is rated once for each question."),
    "objection_open": Entry(
        409, "An objection is open already", "It is answered before another one can be raised."
    ),
    "objection_late": Entry(
        409, "The time for objections is over", "The shop's terms say how long; write a message instead."
    ),
    "evidence_late": Entry(
        409, "The time for evidence is over", "The shop's terms say how long; write a message instead."
    ),
    "objections_used": Entry(
        409, "No further objection is possible", "The shop's terms say how many; write a message instead."
    ),
    "not_decided": Entry(409, "Nothing to object to yet", "An objection is against a decision; wait for it."),
    "stale_version": Entry(
        412, "You saw an older version", "Read the case again, then decide on what it is now."
    ),
    "no_parcel_expected": Entry(
        409, "Nothing is to be sent back", "A label is for cases whose goods come back."
    ),
    "address_suppressed": Entry(
        409, "Messages to this address bounce", "Ask the customer for another address."
    ),
    "needs_person": Entry(409, "A person of the shop resolves it", "Use resolve."),
    "nothing_done": Entry(409, "There is nothing to take back", "Only one's own last ten minutes count."),
    "already_inspected": Entry(409, "Units of the count were inspected", "Take back the inspection first."),
    "looked_after": Entry(409, "Somebody looked after the parcel", "Tell the person who closed it."),
    "money_moved": Entry(409, "Money moved on what was counted", "A person of the console sees to it."),
    "badge_taken": Entry(409, "The badge belongs to somebody else", "Take another badge."),
    "last_administrator": Entry(409, "A shop keeps one administrator", "Make somebody else one first."),
    "shop_exists": Entry(409, "There already is such a shop", "Choose another name."),
    "staff_exists": Entry(409, "The address has an account", "Change that account."),
    "too_many_endpoints": Entry(409, "The shop has as many endpoints as it can", "Delete one first."),
    "endpoint_disabled": Entry(409, "The endpoint is disabled", "Enable it first."),
    "not_dead": Entry(409, "The work is no longer given up", "Look again; somebody revived it."),
    "credit_expired": Entry(409, "The credit has ended", "Pay by other means."),
    "above_balance": Entry(409, "The credit has less left", "`balance` tells how much."),
    "given_back": Entry(
        409,
        "It came back already",
        "A return paid it back onto the same credit; a credit never holds more than it was issued with.",
    ),
    "not_redeemed": Entry(409, "Nothing was redeemed with this reference", "Check the reference."),
    "reference_used": Entry(409, "The reference redeemed another amount", "Choose a reference of its own."),
    "if_match_required": Entry(428, "Say which version you saw", "Send If-Match with the ETag of the case."),
    # the content
    "invalid": Entry(
        422, "Some of it cannot be accepted", "`errors` names every place and what would be right."
    ),
    "not_eligible": Entry(
        422, "The policy does not allow it", "`lines` tells why, line by line, and what is possible instead."
    ),
    "idempotency_key_reused": Entry(
        422, "The Idempotency-Key was used for another request", "Choose a new key."
    ),
    "quantity": Entry(422, "The quantity is not possible", "Ask for at least 1 and at most what there is."),
    "amount": Entry(
        422, "Not an amount", 'Amounts are decimal strings such as "19.90" with the decimals of the currency.'
    ),
    "currency": Entry(422, "Not a currency", "Send a code of ISO 4217."),
    "country": Entry(422, "Not a country", "Send a code of ISO 3166."),
    "unknown_line": Entry(422, "There is no such line", "Name a line of this order or case."),
    "unknown_field": Entry(
        422, "The field is not known", "Bodies are closed; check the spelling in the API document."
    ),
    "unknown_parameter": Entry(
        422, "The query parameter is not known", "Check the spelling in the API document."
    ),
    "unknown_reason": Entry(
        422, "The policy knows no such reason", "Ask `returnable` for the reasons there are."
    ),
    "reason_not_applicable": Entry(
        422, "The reason is for other goods", "Ask `returnable` for the reasons of each line."
    ),
    "outcome": Entry(422, "Not a possible outcome", "The detail lists them."),
    "unknown_condition": Entry(
        422, "The policy knows no such condition", "The detail names the nearest one."
    ),
    "unknown_finding": Entry(
        422, "The policy knows no such finding", "The detail names the nearest one; the bench lists them."
    ),
    "unknown_grade": Entry(422, "The policy knows no such grade", "The detail names those there are."),
    "resolution": Entry(422, "Not a possible resolution", "Choose one of the offers."),
    "lines": Entry(422, "The lines do not fit", "Name lines of this case."),
    "empty": Entry(422, "Nothing is said", "Say at least one thing."),
    "scope": Entry(422, "There is no such scope", "The API document lists the scopes."),
    "override_needs_reason": Entry(422, "An override needs a reason", "Write down why."),
    "photo": Entry(422, "Not a usable photo", "Send a JPEG, PNG, WebP or HEIF picture within the limits."),
    "unknown_photo": Entry(422, "There is no such photo", "Upload it first."),
    "cursor": Entry(
        422, "The cursor is not usable", "Take `next` of the previous page, with the same filters."
    ),
    "score": Entry(422, "The score is out of range", "csat is 1 to 5, ces 1 to 7, nps 0 to 10."),
    "webhook_address": Entry(422, "The address cannot be called", "Use a public https address."),
    "url": Entry(422, "The address is not allowed", "Use a public https address."),
    "staff_only": Entry(422, "For staff only", "This member needs a key with the scope staff."),
    "event_type": Entry(422, "There is no such event type", "The API document lists them under webhooks."),
    "policy_file": Entry(
        422, "No file of a policy", "Name files such as policy.yaml and eligibility.yaml; README lists them."
    ),
    "policy_text": Entry(
        422,
        "The policy cannot be read",
        "The detail names the line and the nearest right name; mend it there.",
    ),
    "format": Entry(422, "There is no such format", "The detail lists them."),
    "replay": Entry(422, "Name one event or an instant", "Send either event_id or since."),
    # people and shops
    "languages": Entry(422, "A language is missing", "Choose at least one."),
    "badge": Entry(422, "Not the code of a badge", "It has at most 40 characters."),
    "password_wrong": Entry(422, "Not the present password", "Type it again."),
    "code_wrong": Entry(422, "The one-time code is not right", "Take the code that is shown now."),
    "slug": Entry(422, "Not a short name", "Use lower-case letters, digits and hyphens."),
    "time_zone": Entry(422, "Not a time zone", "Use a name such as Europe/Berlin."),
    "name": Entry(422, "A name is missing", "Say who it is."),
    "role": Entry(422, "There is no such role", "The detail lists them."),
    "pin": Entry(422, "Not a usable PIN", "The detail says what it needs."),
    # one value of it
    "required": Entry(422, "A member is missing", "Send it."),
    "null_not_allowed": Entry(422, "null is not allowed here", "Send a value, or leave the member out."),
    "type": Entry(422, "The wrong kind of value", "Look up the type in the API document."),
    "integer": Entry(422, "Not a whole number", "Send a JSON number without decimals."),
    "out_of_range": Entry(422, "Out of range", "The detail names the range."),
    "text": Entry(
        422, "The text cannot be stored", "Send no NUL and, in one-line texts, no control characters."
    ),
    "code": Entry(422, "Not a code", "Codes are lower case with underscores, such as changed_mind."),
    "too_long": Entry(422, "Too long", "The detail names the limit."),
    "too_short": Entry(422, "Too short", "Send at least one character."),
    "too_many": Entry(422, "Too many entries", "The detail names the limit."),
    "too_few": Entry(422, "Too few entries", "Send at least one."),
    "not_allowed": Entry(422, "Not one of the possible values", "The detail lists them."),
    "duplicate": Entry(422, "Given twice", "Name it once."),
    "instant": Entry(422, "Not an instant", "Write RFC 3339 with an offset, between 1970 and 2200."),
    "email": Entry(422, "Not an e-mail address", "Send an address such as ana@example.com."),
    # our side
    "internal": Entry(500, "Something went wrong on our side", "Nothing was changed. Quote the trace_id."),
    "unavailable": Entry(503, "Not available at the moment", "Try again after Retry-After."),
    "policy_missing": Entry(503, "No policy is published yet", "Publish a policy for the shop."),
}


def title_of(code: str, status: int) -> str:
    """The title of a problem."""
    entry = CATALOGUE.get(code)
    return entry.title if entry else HTTPStatus(status).phrase
