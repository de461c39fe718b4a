"""A parcel without a known case, the sheet of commands to scan, the figures of a shift."""

from flask import Blueprint, Response, request

from returns_service.domain.errors import Refusal
from returns_service.pages.barcodes import bars
from returns_service.pages.i18n import N_
from returns_service.pages.warehouse import once, views
from returns_service.pages.warehouse.counting import extras
from returns_service.pages.warehouse.door import actor, location, show, station, wants_part
from returns_service.pages.web import Form, Submitted, gettext, now, runtime, see_other
from returns_service.usecases import bench
from returns_service.usecases.record_parcel import record_parcel

COMMANDS = (
    ("CMD-OK", N_("As expected"), N_("The unit is as new: best answers, saved")),
    ("CMD-NEXT", N_("Next"), N_("Save what is on the screen and go on")),
    ("CMD-UNDO", N_("Undo"), N_("Take back what was saved last")),
    ("CMD-PRINT", N_("Label"), N_("Print the label of the unit that was saved last")),
    ("CMD-MISSING", N_("Missing"), N_("The rest is not in the parcel")),
    ("CMD-1", N_("Answer 1"), ""),
    ("CMD-2", N_("Answer 2"), ""),
    ("CMD-3", N_("Answer 3"), ""),
    ("CMD-4", N_("Answer 4"), ""),
    ("CMD-5", N_("Answer 5"), ""),
    ("CMD-HOME", N_("Start"), N_("Back to the start without saving")),
    ("CMD-LOCK", N_("Lock"), N_("Ask for the PIN again")),
)


def register(blueprint: Blueprint) -> None:
    blueprint.get("/unknown")(begin)
    blueprint.post("/unknown")(record)
    blueprint.get("/commands")(commands)
    blueprint.get("/shift")(shift)


def begin() -> Response:
    """With the code that was scanned, if there was one."""
    return unknown(Submitted(request.args))


def unknown(form: Form, *, sound: str = "", say: str = "", status: int = 200) -> Response:
    return show(
        "warehouse/unknown.html", "/warehouse/unknown", sound=sound, say=say, status=status, form=form
    )


def record() -> Response:
    """Kept apart for a person of the console."""
    form = Submitted()
    try:
        with runtime().db.begin() as session:
            if once.first(session, form, "unknown"):
                record_parcel(
                    session,
                    lines=extras(form),
                    carrier=form.text("carrier", 60) or None,
                    tracking_number=form.text("tracking_number", 100) or None,
                    location=location() or station(),
                    note=form.text("note", 1000),
                    actor=actor(),
                    now=now(),
                )
    except Refusal as refusal:
        form.refused(refusal, gettext("Say what is in it, or its tracking number, or how it looks."))
        return unknown(form, sound="attention", say=form.errors.get("", ""), status=422)
    if not wants_part():
        return see_other("/warehouse/")
    return views.ready(sound="ok", say=gettext("Recorded. Put the parcel on the shelf for unknown parcels."))


def commands() -> Response:
    sheet = [
        (code, gettext(name), gettext(text) if text else "", bars(code)) for code, name, text in COMMANDS
    ]
    return show("warehouse/commands.html", "/warehouse/commands", sheet=sheet)


def shift() -> Response:
    since = views.begin_of_day()
    with runtime().db.read() as session:
        figures = bench.shift(session, actor=actor(), since=since, now=now())
    return show("warehouse/shift.html", "/warehouse/shift", figures=figures, since=since.isoformat())
