"""The cast: who appears in the tests, one sentence each. Everyone is made through the services.

The year is 2020; the tests stand on 19 June at 10 in the morning, London time.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from actions.actions.services import allocate_action, create_action
from actions.assurance.services import submit_action
from actions.closing.services import decide_closure, propose_closure
from actions.districts.services import Part, split_by_district
from actions.models import Action, ClosureProposal, Pillar, Plan, ProgressUpdate
from actions.plans.services import create_plan, save_pillar
from actions.progress.services import ProgressReport, report_progress
from audit.actors import SYSTEM
from inspections.findings.services.inspections import save_inspection
from inspections.findings.services.recommendations import save_recommendation
from inspections.models import Inspection, Recommendation
from partners.accounts.services.users import create_user
from partners.memberships.services import grant_membership
from partners.models import Area, Organisation, Partnership, Role, User
from partners.organisations.services import save_reference
from partners.partnerships.services import create_partnership
from tests.staging import Snapshot, Stage

LONDON = ZoneInfo("Europe/London")
AT = datetime(2020, 6, 19, 10, tzinfo=LONDON)
EARLIER = datetime(2020, 4, 1, 9, tzinfo=LONDON)
TODAY = date(2020, 6, 19)
SINCE = date(2019, 4, 1)


@dataclass
class Cast:
    """People are named by what they do here."""

    yorkshire: Partnership
    leicestershire: Partnership
    bradford: Area
    leeds: Area
    police: Organisation  # the force: leads the plan
    bradford_district: Organisation
    leeds_district: Organisation
    wakefield_council: Organisation
    opcc: Organisation
    city_council: Organisation  # in Leicestershire

    bradford_spoc: User  # leads Bradford district's actions
    leeds_spoc: User  # sees Bradford's OFFICIAL actions, answers for Leeds's
    manager: User  # runs the plan
    gold: User  # sits on the board that withdraws actions
    auditor: User  # OPCC audit: judges, never edits
    wakefield_contact: User  # the council's officer: sees what the council leads or supports
    observer: User  # reads issued packs, nothing else yet
    former_spoc: User  # was Bradford's alternate SPOC until March
    administrator: User  # staff: looks after accounts and reference data, has no right over the work
    leicestershire_manager: User  # runs another partnership's plan
    stranger: User  # signed in, no membership at all

    plan: Plan
    identify: Pillar
    safeguard: Pillar
    leicestershire_plan: Plan

    def person(self, name: str) -> User:
        found = getattr(self, name)
        assert isinstance(found, User)
        return found


PEOPLE = {
    "bradford_spoc": ("bradford_district", Role.SPOC),
    "leeds_spoc": ("leeds_district", Role.SPOC),
    "manager": ("police", Role.PROGRAMME_MANAGER),
    "gold": ("police", Role.BOARD_MEMBER),
    "auditor": ("opcc", Role.AUDITOR),
    "wakefield_contact": ("wakefield_council", Role.PARTNER_CONTACT),
    "observer": ("opcc", Role.OBSERVER),
    "former_spoc": ("bradford_district", Role.SPOC),
    "leicestershire_manager": ("city_council", Role.PROGRAMME_MANAGER),
    "administrator": (None, None),
    "stranger": (None, None),
}


def build_cast() -> Cast:
    made: dict[str, Any] = {}
    made["yorkshire"] = create_partnership(
        actor=SYSTEM, name="West Yorkshire", slug="west-yorkshire", at=EARLIER
    )
    made["leicestershire"] = create_partnership(
        actor=SYSTEM, name="Leicestershire", slug="leicestershire", at=EARLIER
    )
    for order, name in enumerate(("bradford", "leeds")):
        made[name] = save_reference(
            actor=SYSTEM, row=Area(partnership=made["yorkshire"], name=name.title(), order=order), at=EARLIER
        )
    _organisations(made)
    for name, (organisation, role) in PEOPLE.items():
        made[name] = _person(made, name, organisation, role)
    _plans(made)
    return Cast(**made)


def _organisations(made: dict[str, Any]) -> None:
    kinds = Organisation.Kind
    rows = {
        "police": ("yorkshire", "West Yorkshire Police", kinds.POLICE_FORCE, None),
        "bradford_district": ("yorkshire", "Bradford District", kinds.POLICE_DISTRICT, "bradford"),
        "leeds_district": ("yorkshire", "Leeds District", kinds.POLICE_DISTRICT, "leeds"),
        "wakefield_council": ("yorkshire", "Wakefield Council", kinds.COUNCIL, None),
        "opcc": ("yorkshire", "Office of the Police and Crime Commissioner", kinds.LOCAL_POLICING_BODY, None),
        "city_council": ("leicestershire", "Leicester City Council", kinds.COUNCIL, None),
    }
    for key, (partnership, name, kind, area) in rows.items():
        row = Organisation(partnership=made[partnership], name=name, kind=kind, area=made.get(area))
        made[key] = save_reference(actor=SYSTEM, row=row, at=EARLIER)


def _person(made: dict[str, Any], name: str, organisation: str | None, role: str | None) -> User:
    user = create_user(
        actor=SYSTEM,
        email=f"{name.replace('_', '.')}@example.org",
        name=name.replace("_", " ").capitalize(),
        is_staff=name == "administrator",
        at=EARLIER,
    )
    if organisation is not None and role is not None:
        grant_membership(
            actor=SYSTEM,
            user=user,
            partnership=made[organisation].partnership,
            organisation=made[organisation],
            role=role,
            starts_on=SINCE,
            ends_on=date(2020, 3, 31) if name == "former_spoc" else None,
            alternate=name == "former_spoc",
            at=EARLIER,
        )
    return user


def _plans(made: dict[str, Any]) -> None:
    year = {"starts_on": date(2020, 4, 1), "ends_on": date(2021, 3, 31), "at": EARLIER}
    made["plan"] = create_plan(
        actor=made["manager"],
        partnership=made["yorkshire"],
        title="Prevent Business Plan 2020/21",
        state=Plan.State.LIVE,
        **year,
    )
    for order, name in enumerate(("identify", "safeguard")):
        pillar = Pillar(plan=made["plan"], name=name.capitalize(), order=order)
        made[name] = save_pillar(actor=made["manager"], pillar=pillar, at=EARLIER)
    made["leicestershire_plan"] = create_plan(
        actor=made["leicestershire_manager"],
        partnership=made["leicestershire"],
        title="Prevent Delivery Plan 2020/21",
        **year,
    )
    pillar = Pillar(plan=made["leicestershire_plan"], name="Engagement")
    save_pillar(actor=made["leicestershire_manager"], pillar=pillar, at=EARLIER)


snapshot = Snapshot(build_cast)
stage = Stage()


# Actions at each stage of their life -------------------------------------------------------------------------


def submit_progress(*, actor: Any, at: datetime, **words: Any) -> ProgressUpdate:
    """Record an update from the words of a `ProgressReport`."""
    return report_progress(actor=actor, report=ProgressReport(**words), at=at)


@stage.remembered
def unallocated(cast: Cast, ref: str = "WY20-01", **fields: Any) -> Action:
    """An action nobody owns yet."""
    given = {
        "title": f"Brief the neighbourhood teams ({ref})",
        "pillar": cast.identify,
        "area": cast.bradford,
        "lead": cast.bradford_district,
    } | fields
    return create_action(actor=cast.manager, plan=cast.plan, ref=ref, at=EARLIER, **given)


@stage.remembered
def allocated(cast: Cast, ref: str = "WY20-01", due: date = date(2020, 9, 30), **fields: Any) -> Action:
    """Bradford's action: its SPOC owns it, nothing was reported."""
    owner, lead = fields.pop("owner", cast.bradford_spoc), fields.pop("lead", cast.bradford_district)
    action = unallocated(cast, ref, **fields)
    return allocate_action(actor=cast.manager, action=action, lead=lead, owner=owner, due=due, at=EARLIER)


@stage.remembered
def under_way(cast: Cast, ref: str = "WY20-01", **fields: Any) -> Action:
    """Bradford's action with one green update of 1 June."""
    action = allocated(cast, ref, **fields)
    submit_progress(
        actor=action.owner,
        action=action,
        narrative="Two of five teams are briefed.",
        rag="green",
        percent=40,
        at=datetime(2020, 6, 1, 9, tzinfo=LONDON),
    )
    action.refresh_from_db()
    return action


@stage.remembered
def submitted(cast: Cast, ref: str = "WY20-01", **fields: Any) -> Action:
    """Bradford's action, waiting for an auditor."""
    action = under_way(cast, ref, **fields)
    return submit_action(
        actor=action.owner,
        action=action,
        note="All five teams are briefed.",
        at=datetime(2020, 6, 10, 9, tzinfo=LONDON),
    )


def proposed(cast: Cast, action: Action, superseded_by: Action | None = None) -> ClosureProposal:
    """The manager's proposal to withdraw the action, or to put another in its place."""
    return propose_closure(
        actor=cast.manager,
        action=action,
        kind="supersede" if superseded_by else "withdraw",
        superseded_by=superseded_by,
        reason="The region now does this.",
        at=datetime(2020, 6, 12, 9, tzinfo=LONDON),
    )


def closed_by_board(
    cast: Cast, action: Action, superseded_by: Action | None = None, at: datetime = AT
) -> Action:
    """The same action, withdrawn or superseded by the board as the manager proposed."""
    decide_closure(
        actor=cast.gold,
        proposal=proposed(cast, action, superseded_by),
        approve=True,
        reason="Done nationally.",
        reference="CSB 12/20",
        at=at,
    )
    action.refresh_from_db()
    return action


# What inspectors found ----------------------------------------------------------------------------------------


@stage.remembered
def inspected(cast: Cast, **fields: Any) -> Inspection:
    """A published national report of the police inspectorate, 47 days late to answer on 19 June."""
    given = {
        "title": "Counter-terrorism policing: the police's contribution to Prevent",
        "short_title": "CT4",
        "body": "HMICFRS",
        "body_kind": Inspection.BodyKind.INSPECTORATE,
        "kind": Inspection.Kind.NATIONAL,
        "published_on": date(2020, 3, 9),
    } | fields
    inspection = Inspection(partnership=cast.yorkshire)
    return save_inspection(actor=cast.manager, inspection=inspection, at=EARLIER, **given)


@stage.remembered
def finding(cast: Cast, inspection: Inspection | None = None, **fields: Any) -> Recommendation:
    """A recommendation of that report (or of the one given), registered and not answered."""
    given = {
        "kind": Recommendation.Kind.RECOMMENDATION,
        "number": "1",
        "text": "Chief constables should review how referrals are shared.",
        "deadline_phrase": "By 30 September 2020, chief constables should",
    } | fields
    row = Recommendation(inspection=inspection or inspected(cast))
    return save_recommendation(actor=cast.manager, recommendation=row, at=EARLIER, **given)


def parts_of(cast: Cast, due: date = date(2020, 10, 30)) -> list[Part]:
    """Bradford's part and Leeds's, each owned by its SPOC."""
    return [
        Part(cast.bradford, owner=cast.bradford_spoc, due=due),
        Part(cast.leeds, owner=cast.leeds_spoc, due=due),
    ]


@stage.remembered
def divided(cast: Cast, parts: list[Part] | None = None, ref: str = "WY20-01", **fields: Any) -> Action:
    """An action of the whole force that Bradford and Leeds deliver, nothing reported yet."""
    action = unallocated(cast, ref, **{"area": None, "lead": cast.police} | fields)
    return split_by_district(actor=cast.manager, action=action, parts=parts or parts_of(cast), at=EARLIER)


# Fixtures ----------------------------------------------------------------------------------------------------


@pytest.fixture
def cast(db: None) -> Cast:
    return snapshot.put_up()


@pytest.fixture(autouse=True)
def clock_stands_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Views, commands and tasks read the time here, and it is always the same morning."""
    monkeypatch.setattr("audit.clock.now", lambda: AT)


@pytest.fixture
def signed_in(cast: Cast) -> Any:
    """Return a test client signed in as one of the cast, by name."""

    def sign_in(name: str) -> Client:
        client = Client(raise_request_exception=True)
        client.force_login(cast.person(name), backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in
