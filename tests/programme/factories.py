"""Factories for the records around the plan, made by the service that people use."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from factory import SelfAttribute, SubFactory

from actions.models import Action
from programme.models import (
    ActionMapping,
    Attendance,
    ChampionsCount,
    ChannelPanel,
    Completion,
    Framework,
    FrameworkItem,
    FundingDecision,
    FundingRound,
    Grade,
    Grant,
    GrantFund,
    GrantLimit,
    LocalProfile,
    Measure,
    Memorandum,
    PanelMonth,
    PlanAlignment,
    ProfileBriefing,
    Reading,
    StatedTotal,
    Term,
    TrainingEvent,
    TrainingProgramme,
)
from programme.records.services.records import save_record
from tests.factories import ActionFactory, ServiceFactory
from tests.support.clock import EARLIER

if TYPE_CHECKING:
    from tests.cast import Cast


class RecordFactory(ServiceFactory):
    """A record of the manager's; `cast` must be given."""

    source = "Prevent Business Plan 2020/21"
    as_at = date(2020, 3, 31)
    at = EARLIER
    actor = SelfAttribute("cast.manager")

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: type[Any], *args: Any, **fields: Any) -> Any:
        cast: Cast = fields.pop("cast")
        partnership = fields.pop("partnership", cast.yorkshire)
        return save_record(row=model_class(partnership=partnership), **fields)


class TrainingProgrammeFactory(RecordFactory):
    class Meta:
        model = TrainingProgramme

    name = "Prevent awareness"
    audience = "All officers and staff"


class TrainingEventFactory(RecordFactory):
    """A conference that the force held, attended by at least 130 people."""

    class Meta:
        model = TrainingEvent

    title = "Champions launch"
    kind = TrainingEvent.Kind.CONFERENCE
    starts_on = date(2019, 2, 4)
    host = SelfAttribute("cast.police")
    state = TrainingEvent.State.HELD
    attended = 130
    attended_qualifier = "at_least"


class AttendanceFactory(RecordFactory):
    """Twelve people of Bradford District."""

    class Meta:
        model = Attendance

    event = SubFactory(TrainingEventFactory, cast=SelfAttribute("..cast"))
    organisation = SelfAttribute("cast.bradford_district")
    people = 12


class CompletionFactory(RecordFactory):
    """Forty of Bradford District's eighty, in the first quarter of 2020."""

    class Meta:
        model = Completion

    programme = SubFactory(TrainingProgrammeFactory, cast=SelfAttribute("..cast"))
    organisation = SelfAttribute("cast.bradford_district")
    period_from = date(2020, 1, 1)
    period_to = date(2020, 3, 31)
    eligible = 80
    completed = 40


class ChampionsCountFactory(RecordFactory):
    class Meta:
        model = ChampionsCount

    organisation = SelfAttribute("cast.bradford_district")
    level = ChampionsCount.Level.DELIVERY
    people = 9


# Funding -------------------------------------------------------------------------------------------------------


class FundingRoundFactory(RecordFactory):
    class Meta:
        model = FundingRound

    programme = "Home Office Prevent funding"
    funder = "Home Office (OSCT)"
    year = "2019/20"
    stage = FundingRound.Stage.DECIDED


class FundingDecisionFactory(RecordFactory):
    """Wakefield Council is not funded."""

    class Meta:
        model = FundingDecision

    round = SubFactory(FundingRoundFactory, cast=SelfAttribute("..cast"))
    organisation = SelfAttribute("cast.wakefield_council")
    status = FundingDecision.Status.NOT_FUNDED


class GrantFundFactory(RecordFactory):
    class Meta:
        model = GrantFund

    name = "Safer Communities Fund"
    funder = SelfAttribute("cast.opcc")
    funder_identifier = "GB-PUB-OPCC"


class GrantLimitFactory(RecordFactory):
    class Meta:
        model = GrantLimit

    fund = SubFactory(GrantFundFactory, cast=SelfAttribute("..cast"))
    amount = Decimal("6000.00")


class GrantFactory(RecordFactory):
    """A grant that can be published."""

    class Meta:
        model = Grant

    fund = SubFactory(GrantFundFactory, cast=SelfAttribute("..cast"))
    identifier = "360G-example-0001"
    title = "Youth forum"
    description = "A forum for young people."
    recipient = "Example Trust"
    recipient_identifier = "GB-CHC-0000000"
    amount = Decimal("4102.95")
    awarded_on = date(2019, 5, 1)
    purpose = "Meetings and travel."
    conditions = "Report by March 2020."
    reasons = "It meets the aims of the fund."
    state = Grant.State.AWARDED
    publication = "publish"


class StatedTotalFactory(RecordFactory):
    """What two papers state, 476 days apart: this is the later one."""

    class Meta:
        model = StatedTotal

    fund = SubFactory(GrantFundFactory, cast=SelfAttribute("..cast"))
    amount = Decimal("82058.98")
    number = 20
    since = 2014
    as_at = date(2019, 10, 8)
    basis = "stated"


# Local profiles ------------------------------------------------------------------------------------------------


class LocalProfileFactory(RecordFactory):
    """Bradford's current profile."""

    class Meta:
        model = LocalProfile

    title = "Local profile, Bradford"
    level = LocalProfile.Level.DISTRICT
    area = SelfAttribute("cast.bradford")
    owner = SelfAttribute("cast.police")
    version_date = date(2019, 6, 1)
    state = LocalProfile.State.ISSUED


class ProfileBriefingFactory(RecordFactory):
    class Meta:
        model = ProfileBriefing

    profile = SubFactory(LocalProfileFactory, cast=SelfAttribute("..cast"))
    organisation = SelfAttribute("cast.bradford_district")
    briefed_on = date(2019, 7, 1)


class PlanAlignmentFactory(RecordFactory):
    class Meta:
        model = PlanAlignment

    plan = SelfAttribute("cast.plan")
    organisation = SelfAttribute("cast.bradford_district")
    profile = SubFactory(LocalProfileFactory, cast=SelfAttribute("..cast"))
    aligned_on = date(2020, 3, 1)


# Channel -------------------------------------------------------------------------------------------------------


class ChannelPanelFactory(RecordFactory):
    """Wakefield Council's panel, which Bradford District checks in these tests."""

    class Meta:
        model = ChannelPanel

    council = SelfAttribute("cast.wakefield_council")
    monitored_by = SelfAttribute("cast.bradford_district")


class PanelMonthFactory(RecordFactory):
    """Two meetings in March, both police sides at one of them."""

    class Meta:
        model = PanelMonth

    panel = SubFactory(ChannelPanelFactory, cast=SelfAttribute("..cast"))
    month = date(2020, 3, 1)
    held = 2
    both = 1
    local_only = 1
    basis = "illustrative"


# Frameworks ----------------------------------------------------------------------------------------------------


class FrameworkFactory(RecordFactory):
    class Meta:
        model = Framework

    name = "Briefing for partners"
    edition = "1.7"
    publisher = "ACPO"
    issued_on = date(2008, 3, 27)


class FrameworkItemFactory(RecordFactory):
    class Meta:
        model = FrameworkItem

    framework = SubFactory(FrameworkFactory, cast=SelfAttribute("..cast"))
    code = "O1"
    kind = FrameworkItem.Kind.OBJECTIVE
    text = "Challenge the ideology"
    order = 1


class GradeFactory(RecordFactory):
    class Meta:
        model = Grade

    framework = SubFactory(FrameworkFactory, cast=SelfAttribute("..cast"))
    name = "Met"
    order = 1


class MeasureFactory(RecordFactory):
    class Meta:
        model = Measure

    item = SubFactory(FrameworkItemFactory, cast=SelfAttribute("..cast"))
    name = "Number of people trained"
    unit = "people"


class ReadingFactory(RecordFactory):
    class Meta:
        model = Reading

    measure = SubFactory(MeasureFactory, cast=SelfAttribute("..cast"))
    organisation = SelfAttribute("cast.bradford_district")
    period_from = date(2020, 1, 1)
    period_to = date(2020, 3, 31)
    number = 12
    number_qualifier = "exactly"


class ActionMappingFactory(RecordFactory):
    """`action` must be given."""

    class Meta:
        model = ActionMapping

    item = SubFactory(FrameworkItemFactory, cast=SelfAttribute("..cast"))


class TermFactory(RecordFactory):
    class Meta:
        model = Term

    framework = SubFactory(FrameworkFactory, cast=SelfAttribute("..cast"))
    name = "KDI"
    meaning = "Key Diagnostic Indicator"


# Memorandum ----------------------------------------------------------------------------------------------------


class MemorandumFactory(RecordFactory):
    class Meta:
        model = Memorandum

    title = "Memorandum of understanding on Prevent"
    edition = "2"
    agreed_on = date(2019, 9, 1)


def stock(cast: Cast) -> None:
    """Make a record of every kind that the API lists."""
    for factory in (AttendanceFactory, CompletionFactory, ChampionsCountFactory, FundingDecisionFactory):
        factory(cast=cast)
    fund = GrantFundFactory(cast=cast)
    for factory in (GrantFactory, StatedTotalFactory, GrantLimitFactory):
        factory(cast=cast, fund=fund)
    profile = LocalProfileFactory(cast=cast)
    for factory in (ProfileBriefingFactory, PlanAlignmentFactory):
        factory(cast=cast, profile=profile)
    PanelMonthFactory(cast=cast)
    reading = ReadingFactory(cast=cast)
    item = reading.measure.item
    for factory in (GradeFactory, TermFactory):
        factory(cast=cast, framework=item.framework)
    action = Action.objects.filter(partnership=cast.yorkshire, marking="OFFICIAL").first()
    action = action or ActionFactory(cast=cast, in_progress=True)
    ActionMappingFactory(cast=cast, item=item, action=action)
    MemorandumFactory(cast=cast)
