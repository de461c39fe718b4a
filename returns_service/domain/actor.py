"""Who does something, and for which shop."""

from dataclasses import dataclass
from uuid import UUID

KINDS = ("customer", "storefront", "warehouse", "staff", "policy", "carrier", "gateway", "system")


@dataclass(frozen=True)
class Actor:
    """A person or program. `name` is the person a program acts for, or the key's name."""

    shop_id: UUID
    kind: str
    name: str
    scopes: frozenset[str] = frozenset()
    key_id: UUID | None = None
    language: str | None = None

    def may(self, scope: str) -> bool:
        return scope in self.scopes or "admin" in self.scopes

    def body(self) -> dict[str, str]:
        """As written into the history."""
        return {"kind": self.kind, "name": self.name}

    @classmethod
    def of(cls, kind: str, shop_id: UUID, name: str = "") -> "Actor":
        """The policy, a carrier, a gateway or the service itself."""
        return cls(shop_id=shop_id, kind=kind, name=name or kind, scopes=frozenset({"admin"}))
