"""A shop sets its name, looks and addresses by itself."""

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image
from sqlmodel import select

from returns_service.store.tables import OrderRow, Shop
from returns_service.usecases.runtime import Runtime
from tests.pages.staff.conftest import Worker

New = Callable[[], Worker]
PHOTO = "https://cdn.example.com/shirt.jpg"
FIELDS = {"name": "Demo", "time_zone": "Europe/Berlin", "languages": "en", "colour": "#204080"}


def _png(size: tuple[int, int] = (900, 300)) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGBA", size, (200, 30, 30, 128)).save(out, "PNG")
    return io.BytesIO(out.getvalue())


def _shop(ours: Runtime) -> Shop:
    with ours.db.read() as session:
        return session.exec(select(Shop)).one()


def _places(*rows: tuple[str, str, str, str, str]) -> dict[str, list[str]]:
    names = ("place-code", "place-name", "place-country", "place-lines", "place-restocks")
    return {name: [row[i] for row in rows] for i, name in enumerate(names)}


@pytest.fixture
def boss(worker: New) -> Worker:
    someone = worker().at_console("administrator")
    someone.see("/console/shop")
    return someone


def test_a_logo_is_written_anew_and_shown_to_everybody(boss: Worker, ours: Runtime, worker: New) -> None:
    assert boss.send("/console/shop", **FIELDS, logo=(_png(), "../../evil.svg")).status_code == 303
    address = _shop(ours).brand["logo_url"]
    path = address.removeprefix(str(ours.settings.public_url))
    answer = worker().browser.get(path)
    assert answer.content_type == "image/png"
    picture = Image.open(io.BytesIO(answer.data))
    assert picture.size == (600, 200)
    assert picture.getpixel((5, 5))[3] == 128  # type: ignore[index]
    assert "immutable" in answer.headers["Cache-Control"]
    assert path in boss.see("/console/shop").text
    assert path in worker().see("/portal/demo").text
    assert boss.send("/console/shop", **FIELDS, no_logo="1").status_code == 303
    assert _shop(ours).brand["logo_url"] is None


def test_articles_are_pictured_from_where_the_shop_keeps_its_pictures(boss: Worker, ours: Runtime) -> None:
    with ours.db.begin() as session:
        row = session.exec(select(OrderRow)).one()
        row.frozen = json.loads(
            json.dumps(row.frozen).replace('"image_url": null', f'"image_url": "{PHOTO}"')
        )
        session.add(row)
    assert (
        PHOTO not in boss.see("/console/queues/all").text
    )  # it would be blocked: a drawn parcel stands there
    boss.see("/console/shop")
    assert boss.send("/console/shop", **FIELDS, image_origins="https://x'; script-src *").status_code == 422
    assert (
        boss.send("/console/shop", **FIELDS, image_origins="https://cdn.example.com/shop/").status_code == 303
    )
    listed = boss.see("/console/queues/all")
    assert f'<img src="{PHOTO}" alt="" loading="lazy"' in listed.text
    assert "blob: https://cdn.example.com;" in listed.headers["Content-Security-Policy"]


def test_amounts_above_which_a_second_person_is_needed(boss: Worker, ours: Runtime) -> None:
    boss.see("/console/shop")
    for wrong in ("EUR 10,00", "EUR", "XYZ 1", "JPY 1.5", "EUR -1"):
        assert boss.send("/console/shop", **FIELDS, release_above=wrong).status_code == 422
        assert wrong in boss.page and "one currency a line" in boss.page
    answer = boss.send("/console/shop", **FIELDS, release_above="eur 1000\n\n JPY  150000 ")
    assert answer.status_code == 303
    assert _shop(ours).settings["release_above"] == {"EUR": "1000.00", "JPY": "150000"}
    assert "EUR 1000.00\nJPY 150000" in boss.see("/console/shop").text


@pytest.mark.parametrize("data", [b"<svg onload=alert(1)>", b"\x89PNG\r\n\x1a\nbroken"])
def test_what_is_no_picture_is_no_logo_and_what_was_typed_stays(
    boss: Worker, ours: Runtime, data: bytes
) -> None:
    fields: dict[str, Any] = {**FIELDS, "name": "Renamed"}
    answer = boss.send("/console/shop", **fields, logo=(io.BytesIO(data), "logo.png"))
    assert answer.status_code == 422
    assert 'value="Renamed"' in boss.page
    assert _shop(ours).name == "Demo"


def test_nobody_reads_other_files_by_the_address_of_a_logo(worker: New) -> None:
    for name in ("..%2f..%2fsecret", "0123456789abcdef.png", "secret"):
        assert worker().browser.get(f"/brand/demo/{name}").status_code == 404


def test_addresses_are_kept_with_what_other_programs_know_of_them(boss: Worker, ours: Runtime) -> None:
    with ours.db.begin() as session:
        shop = session.exec(select(Shop)).one()
        shop.locations = [{"code": "BER1", "name": "Berlin", "country": "DE", "lines": ["A 1"], "dock": 7}]
        session.add(shop)
    rows = (("BER1", "Berlin East", "de", "B 2\n10115 Berlin", "no"), ("", "", "", "", "yes"))
    assert boss.send("/console/shop", **FIELDS, **_places(*rows)).status_code == 303
    (place,) = _shop(ours).locations
    assert (place["name"], place["country"], place["dock"]) == ("Berlin East", "DE", 7)
    assert (place["lines"], place["restocks"]) == (["B 2", "10115 Berlin"], False)


@pytest.mark.parametrize(
    "rows",
    [
        (("", "Berlin", "DE", "A 1", "yes"),),
        (("BER1", "Berlin", "Germany", "A 1", "yes"),),
        (("BER1", "Berlin", "DE", "", "yes"),),
        (("BER1", "Berlin", "DE", "A 1", "yes"), ("BER1", "Hamburg", "DE", "A 1", "yes")),
    ],
)
def test_a_wrong_address_is_told_and_stays_on_the_page(
    boss: Worker, ours: Runtime, rows: tuple[tuple[str, str, str, str, str], ...]
) -> None:
    before = _shop(ours).locations
    assert boss.send("/console/shop", **FIELDS, **_places(*rows)).status_code == 422
    assert 'value="Berlin"' in boss.page
    assert _shop(ours).locations == before
