"""The console's own words for codes."""

from returns_service.pages.i18n import N_

VIEWS = {
    "needs_decision": N_("Needs decision"),
    "waiting_customer": N_("Waiting for customer"),
    "at_warehouse": N_("At warehouse"),
    "money_stuck": N_("Money stuck"),
    "overdue": N_("Overdue"),
    "unanswered": N_("Unanswered"),
    "unreachable": N_("Address refused"),
    "mine": N_("Mine"),
    "all": N_("All returns"),
}
SORTS = {
    "deadline": N_("Next deadline first"),
    "newest": N_("Newest first"),
    "oldest": N_("Oldest first"),
    "amount": N_("Largest amount first"),
}
REFUND_STATES = {
    "awaiting_release": N_("Waits for release"),
    "pending": N_("Under way"),
    "succeeded": N_("Paid"),
    "failed": N_("Failed"),
    "unknown": N_("In doubt"),
    "manual": N_("A person must check"),
}
REPLACEMENT_STATES = {
    "awaiting_payment": N_("Waits for payment"),
    "requested": N_("To be sent"),
    "shipped": N_("Sent"),
    "failed": N_("Could not be sent"),
    "cancelled": N_("Called off"),
}
NOTICE_STATES = {
    "queued": N_("Waits"),
    "sent": N_("Sent"),
    "failed": N_("Failed"),
    "parked": N_("Parked"),
    "suppressed": N_("Address refused"),
    "superseded": N_("Overtaken"),
}
SOURCES = ("tender", "due", "credit", "unfunded_credit", "unfunded", "charged_back")
"""Where the total of a quote goes, and what is still to be paid."""

LEDGER = {
    "owed": N_("Owed"),
    "reserved": N_("Set aside"),
    "paid": N_("Paid"),
    "failed": N_("Failed"),
    "released": N_("Freed"),
    "waived": N_("Waived"),
    "recover": N_("To recover"),
    "secured": N_("Goods out in advance"),
    "goods_owed": N_("Owed for goods that were kept"),
    "collected": N_("Difference paid by the customer"),
    "recovered": N_("Recovered"),
    "forgone": N_("Let go"),
    "dropped": N_("Dropped"),
    "charged_back": N_("Taken back by the bank"),
}
DELIVERY_STATES = {
    "pending": N_("Waits"),
    "delivered": N_("Taken"),
    "failed": N_("Failed"),
    "dead": N_("No more tries"),
}
TOPICS = {
    "event": N_("What follows from events"),
    "notice": N_("Messages to send again"),
    "sign_in": N_("Sign-in codes"),
    "withdrawal": N_("Receipts of withdrawals"),
    "erasure": N_("Erasures"),
    "erased": N_("News of erasures"),
    "refund": N_("Refunds to be moved"),
    "webhook": N_("Webhooks"),
    "endpoint_disabled": N_("News of webhooks switched off"),
    "simulate": N_("Trials of policies"),
    "reconcile": N_("Comparisons with gateways"),
}
"""Work after the commit, as people call it."""

SCOPES = {
    "orders:write": N_("Send and read order snapshots."),
    "returns:read": N_("Read cases, events and what may be returned."),
    "returns:write": N_(
        "Preview and open cases, ship, answer, cancel, choose; messages, objections, ratings, photos; "
        "report what the storefront paid and sent."
    ),
    "warehouse": N_("Receive and inspect."),
    "staff": N_("Decide cases, settle, release money, see traces, internal notes and reports."),
    "policies": N_("Read, compare, simulate and publish policies."),
    "admin": N_("Everything, and the keys."),
}
"""What a key may do; the API's description says the same in English."""

DIFFERENCES = {
    "missing_there": N_("We say that money moved; the gateway knows nothing of it."),
    "missing_here": N_("The gateway moved money that we know nothing of."),
    "amount": N_("Both know the refund, with different amounts."),
    "currency": N_("Both know the refund, in different currencies."),
    "state": N_("Both know the refund; one says that money moved, the other that it did not."),
    "unresolved": N_("Nobody has found out yet what became of an attempt."),
    "silent": N_("The gateway could not be asked."),
}
QUESTIONS = {
    "nature": N_("What kind of goods is it?"),
    "window": N_("How long is the window?"),
    "extension": N_("Is it longer?"),
    "exclusion": N_("Is it excluded?"),
    "limit": N_("Is a limit reached?"),
    "evidence": N_("Is evidence needed?"),
    "review": N_("Does a person look at it?"),
    "location": N_("Where does it go back to?"),
    "law": N_("What does the law say?"),
    "fault": N_("Who is responsible?"),
    "paid": N_("What counts as paid?"),
    "freight": N_("Who pays the way back?"),
    "freight_cover": N_("Who bears the way back in the end?"),
    "restocking": N_("Is a restocking fee due?"),
    "deductions": N_("Is something taken off for the condition?"),
    "outbound": N_("Does the delivery charge come back?"),
    "surcharges": N_("Do the fees come back?"),
    "compensation": N_("Is there a compensation?"),
    "bonus": N_("Is there a bonus?"),
    "reclaim": N_("From whom is it asked back?"),
    "fees_cap": N_("How much may be charged at most?"),
    "offer": N_("What is offered?"),
    "goods": N_("When do new goods go out?"),
    "pay": N_("When is it paid?"),
    "exchange": N_("How is an exchange priced?"),
    "tenders": N_("To which payment does it go back?"),
    "methods": N_("How does it come back?"),
    "outcomes": N_("What becomes of the units?"),
    "grading": N_("Which grade is it?"),
    "dispositions": N_("What becomes of the goods?"),
    "deadlines": N_("By when?"),
    "objections": N_("By when is an objection answered?"),
    "refund_due": N_("By when is it paid back?"),
    "notices": N_("Who is told?"),
}
"""Each question of a policy by its short name in a trace."""

EVIDENCE = {
    "photo": N_("Photo"),
    "parcel_lost": N_("The parcel is lost"),
    "ruling": N_("Ruling by a person"),
}
"""Evidence of the product itself, whatever the policy declares."""

MATCHERS = {"gte": "≥", "gt": ">", "lte": "≤", "lt": "<"}
ROLES = {
    "warehouse": N_("Warehouse"),
    "reviewer": N_("Reviewer"),
    "manager": N_("Manager"),
    "administrator": N_("Administrator"),
}
RIGHTS = {
    "see_cases": N_("See returns"),
    "decide": N_("Decide and ask"),
    "override": N_("Overturn a refusal, within the limit"),
    "settle": N_("Settle and pay in advance"),
    "talk": N_("Write to customers"),
    "release": N_("Release money as the second person"),
    "resolve": N_("Clear up money in doubt"),
    "receive": N_("Count and inspect at the bench"),
    "see_figures": N_("See figures"),
    "see_policies": N_("See policies"),
    "publish": N_("Change policies"),
    "see_operations": N_("See operations"),
    "repair": N_("Retry, park and send again"),
    "people": N_("Manage people"),
    "keys": N_("Manage keys and webhooks"),
    "shop": N_("Change the shop's settings"),
}
"""One line of the table of rights each."""

REPORTS = {
    "open": N_("Open returns by state and age"),
    "weeks": N_("Returns by week"),
    "reasons": N_("Reasons"),
    "reason_weeks": N_("Reasons by week"),
    "articles": N_("How often each article comes back"),
    "reason_articles": N_("Reasons by article"),
    "faults": N_("Who is responsible"),
    "outcomes": N_("What customers ask for"),
    "refunds": N_("Money owed and paid"),
    "times": N_("How long it takes"),
    "ratings": N_("Ratings"),
}
DONE = {
    "message": N_("Your message is on its way to the customer."),
    "note": N_("Your note is kept."),
    "assign": N_("It is written down who has taken it on."),
    "release": N_("The money is released."),
    "resolve": N_("What became of the money is written down."),
    "recovered": N_("What became of the claim is written down."),
    "evidence": N_("The evidence is kept."),
    "address": N_("The address is put right, and what did not arrive is sent again."),
    "resend": N_("The message is sent again."),
    "objection": N_("The objection is answered."),
    "settle": N_("The return is being settled."),
    "advance": N_("The payment in advance is on its way."),
    "approve": N_("Approved."),
    "reject": N_("Declined."),
    "ask": N_("The customer is asked."),
    "override": N_("The refusal is overturned."),
    "cancel": N_("The return is called off."),
    "lost": N_("The return is settled as lost."),
    "": N_("Done."),
}
"""What a move did, for the person who made it."""

DECLINES = {
    "not_as_claimed": N_("It is not as claimed"),
    "outside_policy": N_("The policy does not allow it"),
    "no_proof": N_("Proof is missing"),
    "abuse": N_("The terms were abused"),
}
"""Why a person declines."""

EFFECTS = {
    "granted": N_("Would be allowed, was refused"),
    "refused": N_("Would be refused, was allowed"),
    "money": N_("Another amount"),
    "window": N_("Another last day"),
    "fault": N_("Somebody else responsible"),
    "offers": N_("Other offers"),
    "review": N_("Another way of review"),
    "words": N_("A reason that only one of them knows"),
}
"""What a change of policy changes for a case."""

REFUSED = {
    "stale_version": N_("Somebody changed this return while you were looking. Nothing of yours was done."),
    "illegal_move": N_("This is not possible in the present state of the return."),
    "second_person": N_("Somebody else must release what you asked for."),
    "override_limit": N_("This is above what you may overturn. Ask a manager."),
    "override_needs_reason": N_("Say why the policy's refusal is overturned."),
    "units_held": N_("Another return holds the units now."),
    "lines": N_("Leave at least one item accepted, or decline the request."),
    "missing_scope": N_("Your role may not do this."),
    "above_claim": N_("Not so much may be asked back any more."),
    "above_refundable": N_("The payment no longer has this much to give back."),
    "no_tender": N_(
        "No payment stands behind this amount. Give store credit, or say that it was paid by hand."
    ),
    "address_suppressed": N_("Mail to this address came back for good. Correct the address first."),
    "not_dead": N_("Somebody has looked after this in the meantime."),
    "staff_exists": N_("Somebody with this e-mail address is there already."),
    "badge_taken": N_("This badge belongs to somebody else."),
    "last_administrator": N_("A shop keeps at least one administrator."),
    "password_short": N_("A password has at least 12 characters."),
    "password_long": N_("This password is too long."),
    "password_common": N_("This password is among those that everybody tries first."),
    "password_personal": N_("A password is not the name or the address of its owner."),
    "password_wrong": N_("This is not your present password."),
    "code_wrong": N_("The one-time code is not right."),
    "pin": N_("A PIN has four to eight digits that do not count up, down or repeat."),
    "badge": N_("A badge has a code of at most 40 characters."),
    "email": N_("This is not an e-mail address."),
    "name": N_("A name is needed."),
    "role": N_("Choose a role."),
    "scope": N_("Choose at least one right."),
    "time_zone": N_("There is no such time zone."),
    "languages": N_("Choose at least one language."),
    "forbidden": N_("Your role may not do this."),
    "unknown_photo": N_("This photo is not there any more."),
}
"""Code of a refusal -> what people read; codes without a sentence here show the refusal's own."""
