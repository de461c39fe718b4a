"""Secrets of shops at rest: sealed with a key that follows from the installation's own secret."""

import base64
import json
from collections.abc import Mapping
from hashlib import sha256
from importlib import import_module
from typing import Any

from returns_service.domain.cached import cached_property


class Vault:
    def __init__(self, secret: str) -> None:
        self._key = base64.urlsafe_b64encode(sha256(b"vault:" + secret.encode()).digest())

    @cached_property
    def _fernet(self) -> Any:
        return import_module("cryptography.fernet")  # large; only its users load it

    def seal(self, secrets: Mapping[str, str]) -> str:
        sealed: bytes = self._fernet.Fernet(self._key).encrypt(json.dumps(dict(secrets)).encode())
        return sealed.decode()

    def open(self, sealed: str) -> dict[str, str] | None:
        """None when the installation's secret is not the one it was sealed with."""
        try:
            found: dict[str, str] = json.loads(self._fernet.Fernet(self._key).decrypt(sealed.encode()))
        except self._fernet.InvalidToken:
            return None
        return found
