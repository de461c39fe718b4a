"""Who may do what among the people of a shop: one table, for pages and for the use cases behind them."""

from enum import StrEnum


class Right(StrEnum):
    """One thing a person may do. Pages ask for these; use cases ask for the scopes that follow from them."""

    SEE_CASES = "see_cases"
    DECIDE = "decide"
    OVERRIDE = "override"
    SETTLE = "settle"
    TALK = "talk"
    RELEASE = "release"
    RESOLVE = "resolve"
    RECEIVE = "receive"
    SEE_FIGURES = "see_figures"
    SEE_POLICIES = "see_policies"
    PUBLISH = "publish"
    SEE_OPERATIONS = "see_operations"
    REPAIR = "repair"
    PEOPLE = "people"
    KEYS = "keys"
    SHOP = "shop"


_WAREHOUSE = frozenset({Right.RECEIVE})
_REVIEWER = frozenset(
    {Right.SEE_CASES, Right.DECIDE, Right.OVERRIDE, Right.SETTLE, Right.TALK, Right.SEE_POLICIES}
)
_MANAGER = (
    _REVIEWER
    | _WAREHOUSE
    | {Right.RELEASE, Right.RESOLVE, Right.SEE_FIGURES, Right.PUBLISH, Right.SEE_OPERATIONS, Right.REPAIR}
)

RIGHTS: dict[str, frozenset[Right]] = {
    "warehouse": _WAREHOUSE,
    "reviewer": _REVIEWER,
    "manager": _MANAGER,
    "administrator": frozenset(Right),
}
"""Role -> rights, from few to many."""

ROLES = tuple(RIGHTS)

SCOPES: dict[Right, tuple[str, ...]] = {
    Right.SEE_CASES: ("returns:read",),
    Right.DECIDE: ("staff",),
    Right.OVERRIDE: ("staff",),
    Right.SETTLE: ("staff",),
    Right.TALK: ("returns:read",),
    Right.RELEASE: ("staff", "release"),
    Right.RESOLVE: ("staff",),
    Right.RECEIVE: ("warehouse", "returns:read"),
    Right.SEE_FIGURES: ("staff",),
    Right.SEE_POLICIES: ("policies",),
    Right.PUBLISH: ("policies",),
    Right.SEE_OPERATIONS: ("staff",),
    Right.REPAIR: ("staff",),
    Right.PEOPLE: ("admin",),
    Right.KEYS: ("admin",),
    Right.SHOP: ("admin",),
}
"""What each right means in the words of the API's keys."""


def scopes(role: str) -> frozenset[str]:
    """The scopes a person of a role acts with; none for an unknown role."""
    return frozenset(scope for right in RIGHTS.get(role, ()) for scope in SCOPES[right])
