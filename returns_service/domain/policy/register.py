"""The register in which facts are written down: name, type, meaning, and how each is read."""

from collections.abc import Callable
from datetime import date, datetime
from operator import attrgetter

from returns_service.domain.policy.facts import Fact, Facts, Reader


class Register(dict[str, Fact]):
    """Facts by their name, in the order in which the documents list them."""

    def fact(
        self, name: str, type_: str, doc: str, values: str | None = None, asks: tuple[str, ...] = ()
    ) -> Callable[[Reader], Reader]:
        """Register a function as the reader of a fact."""

        def keep(read: Reader) -> Reader:
            self[name] = Fact(name, type_, doc, read, values, asks=asks)
            return read

        return keep

    def simple(self, name: str, type_: str, doc: str, read: Reader | str, values: str | None = None) -> None:
        """Register a fact that one expression reads, or that stands somewhere in the context."""
        if isinstance(read, str):
            self[name] = Fact(name, type_, doc, attrgetter(f"context.{read}"), values, path=read)
        else:
            self[name] = Fact(name, type_, doc, read, values)


def local_date(at: datetime, facts: Facts) -> date:
    """The calendar day of an instant where the shop counts days."""
    return at.astimezone(facts.context.zone).date()
