"""Factories for the rows of a plan. They call the services, so every row comes with its ledger entries.

    ActionFactory(cast=cast, in_progress=True, ref="WY20-02", due=date(2020, 10, 30))

A trait says how far an action has come. Whatever a factory sets by itself is the same every time: nothing is random. What
an action or a report goes through is done by the services once in a process, and restored from a snapshot after that.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from factory import LazyAttribute, SelfAttribute, SubFactory, Trait

from actions.actions.services import allocate_action, create_action
from actions.assurance.services import assure_action, submit_action
from actions.closing.services import decide_closure, propose_closure
from actions.dates.services import request_date_change
from actions.districts.services import Part, split_by_district
from actions.evidence.services import add_evidence
from actions.milestones.services import add_milestone
from actions.models import (
    Action,
    ClosureProposal,
    DateChange,
    Dependency,
    Evidence,
    Milestone,
    Pillar,
    Plan,
    Question,
)
from actions.models import ProgressUpdate as Update
from actions.plans.services import create_plan, save_pillar
from actions.progress.services import ProgressReport, report_progress
from actions.questions.services import ask_question
from actions.waits.services import request_dependency
from audit.actors import SYSTEM
from partners.memberships.services import grant_membership
from partners.models import Membership, Organisation, Role
from partners.organisations.services import save_reference
from tests.meetings.factories import board_minute
from tests.support.clock import AT, EARLIER, LONDON, SINCE
from tests.support.service_factory import ServiceFactory
from tests.support.snapshots import reuse_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cast import Cast


# Organisations and people ------------------------------------------------------------------------------------


class OrganisationFactory(ServiceFactory):
    """An organisation of a partnership; `partnership` must be given."""

    class Meta:
        model = Organisation

    actor = SYSTEM
    at = EARLIER
    name = "Kirklees Council"
    kind = Organisation.Kind.COUNCIL
    area = None

    @staticmethod
    def service(*, actor: Any, at: datetime, **fields: Any) -> Organisation:
        return save_reference(actor=actor, row=Organisation(**fields), at=at)


class MembershipFactory(ServiceFactory):
    """What a user may do for an organisation; `user` and `organisation` must be given."""

    class Meta:
        model = Membership

    actor = SYSTEM
    at = EARLIER
    partnership = SelfAttribute("organisation.partnership")
    role = Role.SPOC
    starts_on = SINCE

    @staticmethod
    def service(**fields: Any) -> Membership:
        return grant_membership(**fields)


# Plans and their actions -------------------------------------------------------------------------------------


class PlanFactory(ServiceFactory):
    """A plan for 2020/21; `actor` and `partnership` must be given."""

    class Meta:
        model = Plan

    title = "Prevent Delivery Plan 2020/21"
    starts_on = date(2020, 4, 1)
    ends_on = date(2021, 3, 31)
    at = EARLIER

    @staticmethod
    def service(**fields: Any) -> Plan:
        return create_plan(**fields)


class PillarFactory(ServiceFactory):
    """A pillar; `actor` and `plan` must be given."""

    class Meta:
        model = Pillar

    at = EARLIER
    name = "Engagement"

    @staticmethod
    def service(*, actor: Any, at: datetime, **fields: Any) -> Pillar:
        return save_pillar(actor=actor, pillar=Pillar(**fields), at=at)


def submit_progress(*, actor: Any, at: datetime, **words: Any) -> Update:
    """Record an update from the words of a `ProgressReport`."""
    update: Update = report_progress(actor=actor, report=ProgressReport(**words), at=at)
    return update


class ProgressUpdateFactory(ServiceFactory):
    """A green update by the owner; `action` must be given."""

    class Meta:
        model = Update

    actor = SelfAttribute("action.owner")
    narrative = "Two of five teams are briefed."
    rag = "green"
    percent = 40
    at = datetime(2020, 6, 1, 9, tzinfo=LONDON)

    @staticmethod
    def service(**fields: Any) -> Update:
        return submit_progress(**fields)


class EvidenceFactory(ServiceFactory):
    """A link as evidence, added by the owner; `action` must be given."""

    class Meta:
        model = Evidence

    actor = SelfAttribute("action.owner")
    title = "Briefing list"
    url = "https://example.org/briefings"
    at = AT

    @staticmethod
    def service(**fields: Any) -> Evidence:
        return add_evidence(**fields)


class DateChangeFactory(ServiceFactory):
    """The owner's request for a due date two months later; `action` must be given."""

    class Meta:
        model = DateChange

    actor = SelfAttribute("action.owner")
    new_due = date(2020, 11, 30)
    reason = "Illness in the team."
    at = AT

    @staticmethod
    def service(**fields: Any) -> DateChange:
        return request_date_change(**fields)


class DependencyFactory(ServiceFactory):
    """The owner's request to a partner; `action`, and an organisation that supports it, must be given."""

    class Meta:
        model = Dependency

    actor = SelfAttribute("action.owner")
    needed = "The list of schools"
    since = date(2020, 6, 1)
    at = AT

    @staticmethod
    def service(**fields: Any) -> Dependency:
        return request_dependency(**fields)


class QuestionFactory(ServiceFactory):
    """The programme manager's question to the owner; `action` and `cast` must be given."""

    class Meta:
        model = Question

    class Params:
        cast = None

    actor = SelfAttribute("cast.manager")
    addressee = "owner"
    text = "Which teams are left?"
    at = AT

    @staticmethod
    def service(**fields: Any) -> Question:
        return ask_question(**fields)


class MilestoneFactory(ServiceFactory):
    """A milestone in July, set by the owner; `action` must be given."""

    class Meta:
        model = Milestone

    actor = SelfAttribute("action.owner")
    title = "Name the trainers"
    due = date(2020, 7, 31)
    at = AT

    @staticmethod
    def service(**fields: Any) -> Milestone:
        return add_milestone(**fields)


class ClosureProposalFactory(ServiceFactory):
    """The manager's proposal to withdraw an action, or to supersede it; `cast` and `action` must be given."""

    class Meta:
        model = ClosureProposal

    class Params:
        cast = None

    actor = SelfAttribute("cast.manager")
    superseded_by = None
    kind = LazyAttribute(lambda fields: "supersede" if fields.superseded_by else "withdraw")
    reason = "The region now does this."
    at = datetime(2020, 6, 12, 9, tzinfo=LONDON)

    @staticmethod
    def service(**fields: Any) -> ClosureProposal:
        return propose_closure(**fields)


def close_action(
    cast: Cast, action: Action, superseded_by: Action | None = None, at: datetime = AT
) -> Action:
    """Have the board withdraw or supersede the action, as the manager proposed; return it as it is then."""
    decide_closure(
        actor=cast.gold,
        proposal=ClosureProposalFactory(cast=cast, action=action, superseded_by=superseded_by),
        approve=True,
        reason="Done nationally.",
        minute=board_minute(cast),
        at=at,
    )
    action.refresh_from_db()
    return action


@reuse_snapshot
def _add(cast: Cast, **fields: Any) -> Action:
    return create_action(actor=cast.manager, at=EARLIER, **fields)


@reuse_snapshot
def _allocate(cast: Cast, *, owner: Any, lead: Organisation, due: date | None, **fields: Any) -> Action:
    action = _add(cast, lead=cast.bradford_district, **fields)
    return allocate_action(actor=cast.manager, action=action, lead=lead, owner=owner, due=due, at=EARLIER)


@reuse_snapshot
def _start(cast: Cast, **fields: Any) -> Action:
    action = _allocate(cast, **fields)
    ProgressUpdateFactory(action=action)
    action.refresh_from_db()
    return action


@reuse_snapshot
def _submit(cast: Cast, **fields: Any) -> Action:
    action = _start(cast, **fields)
    at = datetime(2020, 6, 10, 9, tzinfo=LONDON)
    return submit_action(actor=action.owner, action=action, note="All five teams are briefed.", at=at)


@reuse_snapshot
def _complete(cast: Cast, **fields: Any) -> Action:
    action = _submit(cast, **fields)
    assure_action(actor=cast.auditor, action=action, note="Seen the briefing list.", at=AT)
    action.refresh_from_db()
    return action


@reuse_snapshot
def _close(cast: Cast, *, superseded_by: Action | None = None, **fields: Any) -> Action:
    return close_action(cast, _start(cast, **fields), superseded_by)


@reuse_snapshot
def _split_by_district(cast: Cast, *, parts: list[Part], **fields: Any) -> Action:
    return split_by_district(actor=cast.manager, action=_add(cast, **fields), parts=parts, at=EARLIER)


def district_parts(cast: Cast, due: date = date(2020, 10, 30)) -> list[Part]:
    """Return Bradford's and Leeds's parts of a joint action, each owned by its SPOC."""
    return [
        Part(cast.bradford, owner=cast.bradford_spoc, due=due),
        Part(cast.leeds, owner=cast.leeds_spoc, due=due),
    ]


def create_action_at_stage(*, cast: Cast, bring_to_stage: Callable[..., Action], **fields: Any) -> Action:
    return bring_to_stage(cast, **fields)


def _stage(bring_to_stage: Callable[..., Action], **fields: Any) -> Trait:
    """An action that was allocated and then brought to a stage."""
    owned = {"owner": SelfAttribute("cast.bradford_spoc"), "due": date(2020, 9, 30)}
    return Trait(bring_to_stage=bring_to_stage, **owned | fields)


class ActionFactory(ServiceFactory):
    """An action of Bradford's; `cast` must be given. Without a trait nobody owns it yet."""

    class Meta:
        model = Action

    bring_to_stage = _add
    plan = SelfAttribute("cast.plan")
    ref = "WY20-01"
    title = LazyAttribute(lambda fields: f"Brief the neighbourhood teams ({fields.ref})")
    pillar = SelfAttribute("cast.identify")
    area = SelfAttribute("cast.bradford")
    lead = SelfAttribute("cast.bradford_district")

    class Params:
        unallocated = Trait(bring_to_stage=_add)
        allocated = _stage(_allocate)
        in_progress = _stage(_start)
        awaiting_assurance = _stage(_submit)
        complete = _stage(_complete)
        withdrawn = _stage(_close)
        superseded = _stage(
            _close,
            superseded_by=SubFactory(
                "tests.factories.ActionFactory", cast=SelfAttribute("..cast"), ref="WY20-99"
            ),
        )
        by_districts = Trait(
            bring_to_stage=_split_by_district,
            area=None,
            lead=SelfAttribute("cast.police"),
            parts=LazyAttribute(lambda fields: district_parts(fields.cast)),
        )

    service = staticmethod(create_action_at_stage)
