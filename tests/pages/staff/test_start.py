"""The first page leads to what is there, and tells the sign-ins of the demo shop only on a machine that plays."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from returns_service.app import create_app
from returns_service.usecases.runtime import Runtime
from tests.pages.staff.conftest import Worker

SIGN_INS = """\
People: at /console an e-mail address and a password, at /warehouse a badge and a PIN:
  warehouse      ben@nordlicht.example, demo-warehouse, badge B-1001, PIN 2468
  manager        marta@nordlicht.example, demo-manager
API keys:
  everything     rk_secret
"""


@pytest.mark.parametrize("changes", [{}, {"smtp_url": "smtp://mail.example"}])
def test_the_sign_ins_of_the_demo_are_told_where_no_mail_leaves(
    ours: Runtime, changes: dict[str, object]
) -> None:
    (ours.settings.data_dir / "demo-sign-ins.txt").write_text(SIGN_INS)
    real = replace(ours, settings=ours.settings.model_copy(update=changes))
    page = create_app(real).test_client().get("/", headers={"Accept": "text/html"}).text
    for told in ("/dev/mailbox", "B-1001", "2468", "marta@nordlicht.example", "demo-manager"):
        assert (told in page) == (not changes), told
    assert "rk_secret" not in page


def test_a_shop_without_the_demo_tells_no_sign_ins(worker: Callable[[], Worker]) -> None:
    assert "To try the demo shop" not in worker().see("/").text


def test_the_portal_of_the_only_shop_needs_no_name(worker: Callable[[], Worker]) -> None:
    for path in ("/portal", "/portal/"):
        assert worker().see(path).headers["Location"] == "/portal/demo"
