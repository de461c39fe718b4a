"""A manager has somebody's data erased who asked for it by letter."""

from collections.abc import Callable

from tests.pages.staff.conftest import Worker

New = Callable[[], Worker]


def test_number_and_address_must_belong_together(worker: New) -> None:
    someone = worker().at_console("manager")
    someone.see("/console/privacy")
    answer = someone.send("/console/privacy", number="1001", email="ben@example.com")
    assert answer.status_code == 422 and "There is no order" in someone.words
    assert someone.send("/console/privacy", number="1001", email="ana@example.com").status_code == 303
    someone.see("/console/privacy?did=1")
    assert "a return is open" in someone.words and "ana@example.com" in someone.words


def test_a_reviewer_erases_nobody(worker: New) -> None:
    someone = worker().at_console("reviewer")
    assert someone.see("/console/privacy").status_code == 403
    assert someone.send("/console/privacy", number="1001", email="ana@example.com").status_code == 403
