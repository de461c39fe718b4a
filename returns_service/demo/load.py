"""Loading the demo shop, once: the shop, its orders, and the stories of its cases, told by the use cases themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlmodel import Session, col, func, select

from returns_service.api.bodies import order_from
from returns_service.demo import opening, orders, volume
from returns_service.demo.progress import Progress, silent
from returns_service.demo.simulation import Clock, Simulation
from returns_service.demo.stage import Misbehave, Stage
from returns_service.demo.stories import STORIES
from returns_service.domain.actor import Actor
from returns_service.domain.errors import NotFound
from returns_service.store import policy_folder, shops
from returns_service.store.db import Database
from returns_service.store.tables import OrderRow, ReturnCase, Shop
from returns_service.usecases.publish_policy import publish_policy
from returns_service.usecases.runtime import Runtime
from returns_service.usecases.take_order import take_order

OPENED = timedelta(days=420)
"""The shop is so old."""
_OLD = 8.0
"""Days. What began later must end where it stands at present."""
LOADED = "demo_loaded_at"
"""The setting of the shop that says that all is there."""


@dataclass(frozen=True)
class Loaded:
    """What is there now. `sign_ins` is empty when the shop had been loaded before."""

    slug: str
    orders: int
    cases: int
    sign_ins: str


@dataclass(frozen=True)
class Rehearsal:
    """A runtime in the demo's own time, and the lever of its gateway."""

    runtime: Runtime
    clock: Clock
    """The clock of `runtime`, at any time long before `present`."""
    present: datetime
    misbehave: Misbehave


def found(db: Database) -> Loaded | None:
    """What is there, when the demo shop was loaded before."""
    with db.read() as session:
        try:
            shop = shops.by_slug(session, opening.SLUG)
        except NotFound:
            return None
        return _loaded(session, shop, "") if shop.settings.get(LOADED) else None


def load(rehearsal: Rehearsal, *, seed: int = 1, many: int = 0, progress: Progress = silent) -> Loaded:
    """The demo shop with its curated orders and cases, and `many` further orders; what is there is left alone."""
    runtime = rehearsal.runtime
    rehearsal.clock.move(rehearsal.present - OPENED)
    with runtime.db.begin() as session:
        shop = opening.open_shop(session, now=rehearsal.clock())
        known = bool(shop.settings.get(LOADED))
        if not known:
            _publish(session, runtime, shop)
    sign_ins = "" if known else _fill(rehearsal, shop, seed, progress)
    volume.add(runtime, shop, many, present=rehearsal.present, seed=seed, progress=progress)
    with runtime.db.read() as session:
        return _loaded(session, shop, sign_ins)


def _loaded(session: Session, shop: Shop, sign_ins: str) -> Loaded:
    return Loaded(shop.slug, _count(session, OrderRow, shop), _count(session, ReturnCase, shop), sign_ins)


def _publish(session: Session, runtime: Runtime, shop: Shop) -> None:
    root = runtime.settings.policies_dir
    files, laws = policy_folder.read(root / shop.policy_name), policy_folder.laws(root)
    publish_policy(session, shop, shop.policy_name, files, laws, now=runtime.now(), by="demo")


def _fill(rehearsal: Rehearsal, shop: Shop, seed: int, progress: Progress) -> str:
    runtime, present = rehearsal.runtime, rehearsal.present
    _take_orders(runtime, shop, present, seed)
    stage = Stage(runtime, shop, rehearsal.misbehave)
    stories = [
        (present - _begun(before, at, seed), story(stage)) for at, (before, story) in enumerate(STORIES)
    ]
    Simulation(runtime, rehearsal.clock).tell(
        stories, present, told=lambda done: progress("cases", done, len(stories))
    )
    with runtime.db.begin() as session:
        sign_ins = opening.hire(session, shop, now=present)
        shop = session.merge(shop)
        shop.settings = {**shop.settings, LOADED: present.isoformat()}
    return sign_ins


def _begun(before: float, number: int, seed: int) -> timedelta:
    """How long ago a story begins: older ones at some time of that day, so that not all happens at one hour."""
    hours = Random(f"{seed} story {number}").randrange(20) if before >= _OLD else 0  # noqa: S311 - believable
    return timedelta(days=before, hours=hours)


def _take_orders(runtime: Runtime, shop: Shop, present: datetime, seed: int) -> None:
    """Each as it stands at present, as if it had come when it last changed."""
    actor = Actor.of("storefront", shop.id, "demo")
    address = orders.pictures(runtime.settings.public_url)
    with runtime.db.begin() as session:
        for order_id, body in orders.curated(present, seed=seed, pictures=address):
            order = order_from(body, order_id)
            take_order(session, order, body, actor=actor, now=order.updated_at or order.placed_at)


def _count(session: Session, table: type[OrderRow] | type[ReturnCase], shop: Shop) -> int:
    return int(
        session.exec(select(func.count()).select_from(table).where(col(table.shop_id) == shop.id)).one()
    )
