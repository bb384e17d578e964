"""The cast: who appears in the tests, one sentence each. The services create everyone."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test import Client

from actions.models import Pillar, Plan
from audit import clock
from audit.actors import SYSTEM
from partners.accounts.services.users import create_user
from partners.models import Area, Organisation, Partnership, Role, User
from partners.organisations.services import save_reference
from partners.partnerships.services import create_partnership
from tests.factories import MembershipFactory, OrganisationFactory, PillarFactory, PlanFactory
from tests.support.clock import AT, EARLIER, LONDON, SINCE, TODAY
from tests.support.snapshots import LazySnapshot

__all__ = ["AT", "EARLIER", "LONDON", "PEOPLE", "SINCE", "TODAY", "Cast", "build_cast", "cast_snapshot"]


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
    leeds_spoc: User  # sees Bradford's OFFICIAL actions, owns Leeds's
    manager: User  # runs the plan
    gold: User  # sits on the board that withdraws actions
    auditor: User  # OPCC audit: gives assurance, never edits
    wakefield_contact: User  # the council's officer: sees what the council leads or supports
    opcc_officer: User  # writes the section 55 letter and sends it
    opcc_director: User  # of the same office: approves the letter
    observer: User  # reads issued packs, nothing else yet
    former_spoc: User  # was Bradford's alternate SPOC until March
    administrator: User  # staff: looks after accounts and reference data, may not change any action
    leicestershire_manager: User  # runs another partnership's plan
    stranger: User  # signed in, no membership at all

    plan: Plan
    identify: Pillar
    safeguard: Pillar
    leicestershire_plan: Plan

    def person(self, name: str) -> User:
        user = getattr(self, name)
        assert isinstance(user, User)
        return user


PEOPLE = {
    "bradford_spoc": ("bradford_district", Role.SPOC),
    "leeds_spoc": ("leeds_district", Role.SPOC),
    "manager": ("police", Role.PROGRAMME_MANAGER),
    "gold": ("police", Role.BOARD_MEMBER),
    "auditor": ("opcc", Role.AUDITOR),
    "wakefield_contact": ("wakefield_council", Role.PARTNER_CONTACT),
    "opcc_officer": ("opcc", Role.OPCC_OFFICER),
    "opcc_director": ("opcc", Role.OPCC_OFFICER),
    "observer": ("opcc", Role.OBSERVER),
    "former_spoc": ("bradford_district", Role.SPOC),
    "leicestershire_manager": ("city_council", Role.PROGRAMME_MANAGER),
    "administrator": (None, None),
    "stranger": (None, None),
}


def build_cast() -> Cast:
    rows: dict[str, Any] = {}
    rows["yorkshire"] = create_partnership(
        actor=SYSTEM, name="West Yorkshire", slug="west-yorkshire", at=EARLIER
    )
    rows["leicestershire"] = create_partnership(
        actor=SYSTEM, name="Leicestershire", slug="leicestershire", at=EARLIER
    )
    for order, name in enumerate(("bradford", "leeds")):
        rows[name] = save_reference(
            actor=SYSTEM, row=Area(partnership=rows["yorkshire"], name=name.title(), order=order), at=EARLIER
        )
    _organisations(rows)
    for name, (organisation, role) in PEOPLE.items():
        rows[name] = _person(rows, name, organisation, role)
    _plans(rows)
    return Cast(**rows)


def _organisations(rows: dict[str, Any]) -> None:
    kinds = Organisation.Kind
    organisations = {
        "police": ("yorkshire", "West Yorkshire Police", kinds.POLICE_FORCE, None),
        "bradford_district": ("yorkshire", "Bradford District", kinds.POLICE_DISTRICT, "bradford"),
        "leeds_district": ("yorkshire", "Leeds District", kinds.POLICE_DISTRICT, "leeds"),
        "wakefield_council": ("yorkshire", "Wakefield Council", kinds.COUNCIL, None),
        "opcc": ("yorkshire", "Office of the Police and Crime Commissioner", kinds.LOCAL_POLICING_BODY, None),
        "city_council": ("leicestershire", "Leicester City Council", kinds.COUNCIL, None),
    }
    for key, (partnership, name, kind, area) in organisations.items():
        rows[key] = OrganisationFactory(
            partnership=rows[partnership], name=name, kind=kind, area=rows.get(area)
        )


def _person(rows: dict[str, Any], name: str, organisation: str | None, role: str | None) -> User:
    user = create_user(
        actor=SYSTEM,
        email=f"{name.replace('_', '.')}@example.org",
        name=name.replace("_", " ").capitalize(),
        is_staff=name == "administrator",
        at=EARLIER,
    )
    if organisation is not None and role is not None:
        MembershipFactory(
            user=user,
            organisation=rows[organisation],
            role=role,
            ends_on=date(2020, 3, 31) if name == "former_spoc" else None,
            alternate=name == "former_spoc",
        )
    return user


def _plans(rows: dict[str, Any]) -> None:
    rows["plan"] = PlanFactory(
        actor=rows["manager"],
        partnership=rows["yorkshire"],
        title="Prevent Business Plan 2020/21",
        state=Plan.State.LIVE,
    )
    for order, name in enumerate(("identify", "safeguard")):
        rows[name] = PillarFactory(
            actor=rows["manager"], plan=rows["plan"], name=name.capitalize(), order=order
        )
    leicestershire_manager = rows["leicestershire_manager"]
    rows["leicestershire_plan"] = PlanFactory(
        actor=leicestershire_manager, partnership=rows["leicestershire"]
    )
    PillarFactory(actor=leicestershire_manager, plan=rows["leicestershire_plan"])


cast_snapshot = LazySnapshot(build_cast)


# Fixtures ----------------------------------------------------------------------------------------------------


@pytest.fixture
def cast(db: None) -> Cast:
    return cast_snapshot.restore()


@pytest.fixture(autouse=True)
def freeze_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the time that views, commands and tasks read at the same morning."""
    monkeypatch.setattr("audit.clock.now", lambda: clock.stopped_at() or AT)


@pytest.fixture
def signed_in(cast: Cast) -> Any:
    """Return a test client signed in as one of the cast, by name."""

    def sign_in(name: str) -> Client:
        client = Client(raise_request_exception=True)
        client.force_login(cast.person(name), backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return sign_in
