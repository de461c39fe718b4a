"""What clients asked and saw, answer by answer: the first of the checker's sources."""

import threading
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Asked:
    """One try of one call. `status` 0: there was no answer."""

    shop: str
    method: str
    path: str
    key: str
    status: int
    body: Any = None
    kind: str = ""
    """The content type."""
    retry_after: str = ""
    replayed: bool = False
    seconds: float = 0.0

    @property
    def well(self) -> bool:
        return 200 <= self.status < 300


@dataclass
class Race:
    """Several clients wanted what only one can have."""

    name: str
    statuses: list[int]
    allowed: tuple[int, ...]
    """What the others may be answered."""
    winners: int = 1


@dataclass
class Log:
    asked: list[Asked] = field(default_factory=list)
    races: list[Race] = field(default_factory=list)
    ends: dict[str, set[str]] = field(default_factory=dict)
    """Case id -> the states in which it may end."""
    wrong: list[str] = field(default_factory=list)
    """What a client could not understand."""
    previews: list[tuple[str, Any]] = field(default_factory=list)
    """Case id and what was decided about it when it was only asked."""
    wholes: dict[str, str] = field(default_factory=dict)
    """Payment reference -> what must have gone back in the end, when that is known beforehand."""
    poison: set[str] = field(default_factory=set)
    """Work that nobody can do: outbox ids."""
    expired_at: float = 0.0
    """From this instant of the gateway's clock no key may be sent again that was sent before."""
    forgotten: bool = False
    """Whether time has moved so far that finished work was removed."""
    mailed_twice: bool = False
    """Whether mail was cut off between being taken and being written down."""
    intake_open: bool = False
    """Whether the web and the database were left alone, so that every request had to be answered."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, one: Asked) -> Asked:
        with self.lock:
            self.asked.append(one)
        return one

    def expect(self, case_id: str, *states: str) -> None:
        with self.lock:
            self.ends[case_id] = set(states)
