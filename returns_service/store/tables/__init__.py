"""All tables; importing this module registers them."""

from returns_service.store.tables.case import (
    CaseLine,
    EventRow,
    EvidenceRow,
    Inspection,
    Receipt,
    ReturnCase,
    SerialNumber,
    UnexpectedParcel,
)
from returns_service.store.tables.money import (
    GatewayEvent,
    LedgerEntry,
    Refund,
    RefundAttempt,
    Replacement,
    StoreCredit,
    StoreCreditMove,
)
from returns_service.store.tables.order import Hold, OrderRow, OrderSnapshot, Tender
from returns_service.store.tables.policy import (
    PolicyDraft,
    PolicyProblem,
    PolicyVersion,
    SimulationRow,
)
from returns_service.store.tables.shop import (
    ApiKey,
    IdempotencyKey,
    Lease,
    Shop,
    StaffUser,
)
from returns_service.store.tables.talk import (
    ConversationMessage,
    Notice,
    Objection,
    Photo,
    Rating,
)
from returns_service.store.tables.work import (
    Check,
    OutboxRow,
    WebhookDelivery,
    WebhookEndpoint,
)

__all__ = [
    "ApiKey",
    "CaseLine",
    "Check",
    "ConversationMessage",
    "EventRow",
    "EvidenceRow",
    "GatewayEvent",
    "Hold",
    "IdempotencyKey",
    "Inspection",
    "Lease",
    "LedgerEntry",
    "Notice",
    "Objection",
    "OrderRow",
    "OrderSnapshot",
    "OutboxRow",
    "Photo",
    "PolicyDraft",
    "PolicyProblem",
    "PolicyVersion",
    "Rating",
    "Receipt",
    "Refund",
    "RefundAttempt",
    "Replacement",
    "ReturnCase",
    "SerialNumber",
    "Shop",
    "SimulationRow",
    "StaffUser",
    "StoreCredit",
    "StoreCreditMove",
    "Tender",
    "UnexpectedParcel",
    "WebhookDelivery",
    "WebhookEndpoint",
]
