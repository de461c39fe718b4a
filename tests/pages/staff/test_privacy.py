"""A manager has somebody's data erased who asked for it by letter; an administrator says how long people are kept."""

from collections.abc import Callable

from tests.pages.staff.conftest import Worker

New = Callable[[], Worker]


def test_number_and_address_must_belong_together(worker: New) -> None:
    someone = worker().at_console("manager")
    someone.see("/console/privacy")
    answer = someone.send("/console/privacy", number="1001", email="ben@example.com")
    assert answer.status_code == 422 and "There is no order" in someone.words
    assert someone.send("/console/privacy", number="1001", email="ana@example.com").status_code == 303
    someone.see("/console/privacy?did=asked")
    assert "a return is open" in someone.words and "ana@example.com" in someone.words


def test_a_reviewer_erases_nobody(worker: New) -> None:
    someone = worker().at_console("reviewer")
    assert someone.see("/console/privacy").status_code == 403
    assert someone.send("/console/privacy", number="1001", email="ana@example.com").status_code == 403


def test_an_administrator_says_how_long_people_are_remembered(worker: New) -> None:
    someone = worker().at_console("administrator")
    someone.see("/console/privacy")
    assert "1 order names a person, 0 no longer does" in someone.words
    answer = someone.send("/console/privacy/retention", months="two years")
    assert answer.status_code == 422 and "Enter whole months" in someone.words
    assert 'value="two years"' in answer.get_data(as_text=True)
    assert someone.send("/console/privacy/retention", months="24").status_code == 303
    assert 'value="24"' in someone.see("/console/privacy?did=kept").get_data(as_text=True)
    assert someone.send("/console/privacy/retention", months="").status_code == 303
    assert 'value="24"' not in someone.see("/console/privacy").get_data(as_text=True)


def test_a_manager_sees_how_long_and_changes_nothing(worker: New) -> None:
    someone = worker().at_console("manager")
    someone.see("/console/privacy")
    assert "People are remembered for ever" in someone.words
    assert someone.send("/console/privacy/retention", months="24").status_code == 403
