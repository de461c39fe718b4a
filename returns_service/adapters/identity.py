"""Sign-in through a company's OpenID Connect provider: authorisation code with PKCE, state and nonce."""

from datetime import datetime
from threading import Lock
from typing import Any

import httpx
from authlib.common.security import generate_token
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from returns_service.domain.ports import Identity, SignInFailed, SignInStart

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"]
"""Only those with which a provider signs and everybody else can but check."""
LEEWAY = 60
"""Seconds by which two clocks may differ."""
_NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class OidcProvider:
    """One provider. What it says of itself is asked once; its keys again when it signs with a new one."""

    def __init__(
        self, issuer: str, client_id: str, secret: str, name: str = "", *, timeout: float = 10
    ) -> None:
        self.issuer, self.client_id, self.name = issuer.rstrip("/"), client_id, name
        self._secret, self._timeout = secret, timeout
        self._facts: dict[str, Any] = {}
        self._keys: KeySet | None = None
        self._lock = Lock()

    def begin(self, redirect: str) -> SignInStart:
        """Raises SignInFailed when the provider cannot be asked."""
        start = SignInStart("", generate_token(32), generate_token(32), generate_token(64))
        address = prepare_grant_uri(
            self._metadata()["authorization_endpoint"],
            self.client_id,
            "code",
            redirect_uri=redirect,
            scope="openid email profile",
            state=start.state,
            nonce=start.nonce,
            code_challenge=create_s256_code_challenge(start.verifier),
            code_challenge_method="S256",
        )
        return SignInStart(address, start.state, start.nonce, start.verifier)

    def finish(self, code: str, start: SignInStart, redirect: str, *, now: datetime) -> Identity:
        """Raises SignInFailed."""
        said = self._token(code, start, redirect)
        try:
            token = self._signed(str(said.get("id_token", "")))
            claims = CodeIDToken(
                token.claims,
                token.header,
                {"iss": {"values": [self._metadata()["issuer"]]}, "aud": {"value": self.client_id}},
                {
                    "nonce": start.nonce,
                    "client_id": self.client_id,
                    "access_token": said.get("access_token", ""),
                },
            )
            claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
        except (JoseError, ValueError, TypeError) as why:
            raise SignInFailed(f"The provider's answer does not hold: {why}") from why
        email = str(claims.get("email") or "").strip().lower()
        return Identity(str(claims["sub"]), email, claims.get("email_verified", True) in (True, "true"))

    def _token(self, code: str, start: SignInStart, redirect: str) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect,
            "code_verifier": start.verifier,
        }
        basic = "client_secret_basic" in self._metadata().get(
            "token_endpoint_auth_methods_supported", ["client_secret_basic"]
        )
        if self._secret and basic:
            return self._ask("POST", "token_endpoint", data=form, auth=(self.client_id, self._secret))
        form |= {"client_id": self.client_id} | ({"client_secret": self._secret} if self._secret else {})
        return self._ask("POST", "token_endpoint", data=form)

    def _signed(self, token: str) -> jwt.Token:
        """The token, its signature checked; keys are fetched anew once, for a key that was not there."""
        try:
            return jwt.decode(token, self._key_set(), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            with self._lock:
                self._keys = None
            return jwt.decode(token, self._key_set(), algorithms=ALGORITHMS)

    def _key_set(self) -> KeySet:
        keys = self._keys
        if keys is None:
            keys = KeySet.import_key_set(self._ask("GET", "jwks_uri"))  # type: ignore[arg-type]
            with self._lock:
                self._keys = keys
        return keys

    def _metadata(self) -> dict[str, Any]:
        if not self._facts:
            facts = self._json("GET", f"{self.issuer}/.well-known/openid-configuration")
            missing = [name for name in _NEEDED if not facts.get(name)]
            if missing or str(facts.get("issuer", "")).rstrip("/") != self.issuer:
                raise SignInFailed(f"{self.issuer} does not describe itself as a provider should: {missing}")
            with self._lock:
                self._facts = facts
        return self._facts

    def _ask(self, method: str, endpoint: str, **more: Any) -> dict[str, Any]:
        return self._json(method, str(self._metadata()[endpoint]), **more)

    def _json(self, method: str, url: str, **more: Any) -> dict[str, Any]:
        try:
            answer = httpx.request(method, url, timeout=self._timeout, **more)
            answer.raise_for_status()
            said = answer.json()
        except (httpx.HTTPError, ValueError) as why:
            raise SignInFailed(f"The provider could not be asked: {why}") from why
        if not isinstance(said, dict):
            raise SignInFailed("The provider answered something that is no object.")
        return said
