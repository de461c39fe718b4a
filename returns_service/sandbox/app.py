"""The gateway over HTTP."""

import time
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, jsonify, request

from returns_service.sandbox.gateway import KINDS, MOODS, Answer, Gateway
from returns_service.sandbox.webhooks import Teller

_REQUIRED = {"payment": str, "amount": str, "currency": str}


def create(gateway: Gateway, teller: Teller | None = None) -> Flask:
    """The application; `teller` is woken after each call so that its webhooks leave at once."""
    app = Flask(__name__, static_folder=None)

    @app.post("/refunds")
    def refund() -> Response:
        time.sleep(gateway.latency())
        key, body = request.headers.get("Idempotency-Key", ""), _object()
        wrong = [name for name, kind in _REQUIRED.items() if not isinstance(body.get(name), kind)]
        if not 1 <= len(key) <= 255:
            return _problem(400, "key_required", "Idempotency-Key is required, at most 255 characters.")
        if wrong:
            return _problem(422, "invalid", f"{', '.join(wrong)} must be given as text.")
        answer = gateway.refund(key, body)
        if teller:
            teller.wake()
        return _given(answer)

    @app.get("/refunds")
    def refunds() -> Response:
        time.sleep(gateway.latency())
        return jsonify(gateway.refunds(request.args.get("payment", "")))

    @app.get("/ledger")
    def ledger() -> Response:
        return jsonify(gateway.books())

    @app.post("/control")
    def control() -> Response:
        body = _object()
        if wrong := _wrong_order(body):
            return _problem(422, "invalid", wrong)
        kind, count = body.get("next", KINDS[0]), body.get("count", 1 if "next" in body else 0)
        mood = {name: body[name] for name in MOODS if name in body}
        gateway.control(kind, count, bool(body.get("webhooks", True)), mood)
        return jsonify({"next": kind, "count": count, **mood})

    @app.get("/livez")
    def livez() -> Response:
        return jsonify({"status": "ok"})

    return app


def _wrong_order(body: Mapping[str, Any]) -> str:
    """What cannot be ordered, in words; empty when all can."""
    kind, count = body.get("next", "nothing"), body.get("count", 1)
    if kind not in (*KINDS, "nothing") or type(count) is not int or not 0 <= count <= 100_000:
        return f"next is one of {', '.join((*KINDS, 'nothing'))}; count a number."
    mood = [(body[name], most) for name, most in MOODS.items() if name in body]
    if not all(type(value) in (int, float) and 0 <= value <= most for value, most in mood):
        return f"Numbers from 0 to at most {MOODS}."
    return ""


def _object() -> dict[str, Any]:
    body = request.get_json(silent=True)
    return body if isinstance(body, dict) else {}


def _given(answer: Answer) -> Response:
    if answer.wait:
        time.sleep(answer.wait)
    if answer.status is None:
        return _silence()
    response = jsonify(answer.body)
    response.status_code = answer.status
    response.headers.update(answer.headers)
    return response


def _silence() -> Response:
    """Cut the line without an answer, as a gateway does that went away after the caller's patience."""
    socket = request.environ.get("werkzeug.socket")
    if socket is not None:
        socket.shutdown(2)
    return _problem(504, "timeout", "No answer.")


def _problem(status: int, code: str, message: str) -> Response:
    response = jsonify({"error": {"code": code, "message": message}})
    response.status_code = status
    return response
