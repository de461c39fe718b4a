"""What a shop has that was used for a while: for looking at screens that are empty in the demo shop."""

from dataclasses import replace
from uuid import UUID

from returns_service.adapters.identity import OidcProvider
from returns_service.domain.actor import Actor
from returns_service.usecases import keep_endpoints, propose_policy, read_policies
from returns_service.usecases.draft_policy import publish_draft
from returns_service.usecases.start_simulation import Wanted, start_simulation
from tests.browser.conftest import Site
from tests.ground.company import CLIENT, SECRET, Company

HOOK = "https://hooks.nordlicht.example/returns"


def office(site: Site) -> Actor:
    (shop,) = site.ask("SELECT id FROM shops WHERE slug = 'demo'")[0]
    return Actor(UUID(shop), "staff", "Marta Vogt", frozenset({"admin"}))


def furnish(site: Site) -> tuple[str, str]:
    """A webhook with deliveries, two versions of the policy, a third proposed and tried. Answers where the first and the
    last are to be seen.
    """
    actor, now = office(site), site.runtime.now()
    with site.runtime.db.begin() as session:
        known = read_policies.newest(session, "standard", actor=actor)
        changed = {**known.files, "policy.yaml": known.files["policy.yaml"] + "\n# looked at again\n"}
        publish_draft(session, "standard", changed, base=1, actor=actor, now=now)
        further = {**changed, "policy.yaml": changed["policy.yaml"] + "# and again\n"}
        propose_policy.propose_policy(session, "standard", further, base=2, actor=actor, now=now)
        row, _ = keep_endpoints.add_endpoint(session, HOOK, actor=actor, now=now)
        session.flush()
        (event,) = site.ask("SELECT id FROM events WHERE type = 'return.refunded' LIMIT 1")[0]
        sent = {"event_id": UUID(event), "since": None}
        keep_endpoints.replay(session, row.id, **sent, actor=actor, now=now)
        trial = start_simulation(session, "standard", Wanted(files=further), actor=actor, now=now)
        return f"operations/webhooks/{row.id}", f"policies/standard/trials/{trial.id}"


def trust(site: Site, company: Company) -> None:
    """From now on the console asks this company who somebody is."""
    site.stop()
    site.runtime = replace(site.runtime, identity=OidcProvider(company.url, CLIENT, SECRET, "Nordlicht"))
    site.start()
