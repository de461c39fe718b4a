"""What a key may be allowed to do."""

SCOPES: dict[str, str] = {
    "orders:write": "Send and read order snapshots.",
    "returns:read": "Read cases, events and what may be returned.",
    "returns:write": "Preview and open cases, ship, answer, cancel, choose; messages, objections, ratings, photos; "
    "report what the storefront paid and sent.",
    "warehouse": "Receive and inspect.",
    "staff": "Decide cases, settle, release money, see traces, internal notes and reports.",
    "policies": "Read, compare, simulate and publish policies.",
    "admin": "Everything, and the keys.",
}
