"""A company's OpenID Connect provider on loopback: real HTTP, real signatures, and lies on demand."""

import base64
import hashlib
import json
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "returns", "a secret of the company"


class Company:
    """Whoever is sent here is `person`, without being asked. `lies` are put over the claims of the token."""

    def __init__(self) -> None:
        self.person = {"sub": "emp-1", "email": "manager@example.com", "email_verified": True}
        self.lies: dict[str, Any] = {}
        self.down = False
        self.now = time.time
        self.asked: dict[str, str] = {}
        self._codes: dict[str, dict[str, str]] = {}
        self.renew_key()
        company = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                self.say(*company.get(parts.path, query))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                self.say(*company.token(form, self.headers.get("Authorization", "")))

            def say(self, status: int, body: dict[str, Any]) -> None:
                self.send_response(status)
                if "location" in body:
                    self.send_header("Location", body["location"])
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(json.dumps(body).encode())

            def log_message(self, format: str, *args: object) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def renew_key(self) -> None:
        self.key = RSAKey.generate_key(2048, {"use": "sig"}, private=True, auto_kid=True)

    def get(self, path: str, query: dict[str, str]) -> tuple[int, dict[str, Any]]:
        if self.down:
            return 503, {}
        if path == "/.well-known/openid-configuration":
            return 200, {
                "issuer": self.url,
                "authorization_endpoint": f"{self.url}/authorize",
                "token_endpoint": f"{self.url}/token",
                "jwks_uri": f"{self.url}/keys",
            }
        if path == "/keys":
            return 200, dict(KeySet([self.key]).as_dict(private=False))
        if path == "/authorize":
            return 302, {"location": self.authorize(query)}
        return 404, {}

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        self.asked = query
        assert query["client_id"] == CLIENT
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        code = hashlib.sha256(query["nonce"].encode()).hexdigest()
        self._codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        known = self._codes.pop(form.get("code", ""), None)
        with suppress(ValueError):
            authorization = base64.b64decode(authorization.removeprefix("Basic ")).decode()
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        right = (
            known is not None
            and authorization == f"{CLIENT}:{SECRET}"
            and known["code_challenge"] == challenge
            and known["redirect_uri"] == form.get("redirect_uri")
        )
        if not right or known is None:
            return 400, {"error": "invalid_grant"}
        return 200, {"token_type": "Bearer", "access_token": "at", "id_token": self._signed(known["nonce"])}

    def _signed(self, nonce: str) -> str:
        at = int(self.now())
        claims = {"iss": self.url, "aud": CLIENT, "iat": at, "exp": at + 300, "nonce": nonce}
        key = self.lies.get("key", self.key)
        header = {"alg": self.lies.get("alg", "RS256"), "kid": self.key.kid}
        lies = {name: value for name, value in self.lies.items() if name not in ("key", "alg")}
        return str(jwt.encode(header, claims | self.person | lies, key))
