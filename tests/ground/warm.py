"""One return in this very process, so that processes forked from it have read policies, fonts and locales already."""

import os
import tempfile
from datetime import timedelta
from pathlib import Path

from returns_service.app import create_app
from returns_service.commands.database import FIRST_SHOP
from returns_service.config import load
from returns_service.jobs import relay
from returns_service.jobs.policies import Folders
from returns_service.store import migrations, shops
from returns_service.usecases.create_key import create_key
from returns_service.usecases.create_shop import create_shop
from returns_service.wiring import build
from tests.bench import journey

SCOPES = ("orders:write", "returns:read", "returns:write", "warehouse", "staff")
UNIT = {"quantity": 1, "grade": "A", "findings": ["intact"], "disposition": "restock"}


def up() -> None:
    """Nothing of it remains but what was read and compiled."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory() as folder:
        nowhere = {"RETURNS_REDIS_URL": f"unix://{folder}/no.sock", "RETURNS_SANDBOX_PORT": "9"}
        os.environ.update({"RETURNS_DATA_DIR": folder, "RETURNS_LOG_LEVEL": "error", **nowhere})
        try:
            _one_return(Path(folder))
        finally:
            os.environ.clear()
            os.environ.update(before)


def _one_return(folder: Path) -> None:
    settings = load()
    migrations.upgrade(settings.database_url)
    runtime = build(settings)
    with runtime.db.begin() as session:
        create_shop(session, FIRST_SHOP, name="Warm", now=runtime.now())
    Folders().publish(runtime)
    with runtime.db.begin() as session:
        shop = shops.by_slug(session, FIRST_SHOP)
        _, key = create_key(session, shop.id, name="warm", scopes=SCOPES, now=runtime.now())
    client, headers = create_app(runtime).test_client(), {"Authorization": f"Bearer {key}"}

    def ask(method: str, path: str, body: object) -> dict[str, object]:
        sent = {**headers, "Idempotency-Key": path.replace("/", "-")}
        return client.open(path, method=method, json=body, headers=sent).get_json()

    number, order = journey.order()
    ask("PUT", f"/v1/orders/{number}", order)
    ask("POST", "/v1/returns/preview", journey.request(number))
    case = ask("POST", "/v1/returns", journey.request(number))
    path, line = f"/v1/returns/{case['id']}", case["lines"][0]["id"]  # type: ignore[index]
    ask("POST", f"{path}/ship", {"carrier": "dhl", "tracking_number": "1"})
    ask("POST", f"{path}/receive", {"lines": [{"line_id": line, "quantity": 1}]})
    ask("POST", f"{path}/inspect", {"lines": [{"line_id": line, "units": [UNIT]}]})
    relay.drain(runtime, seconds=5)
    later = build(settings, shift=timedelta(minutes=1))
    relay.drain(later, seconds=5)
    later.db.close()
    runtime.db.close()
