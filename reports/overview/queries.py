"""How a plan stands at this point: the pictures of its papers, drawn from the record as it is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from actions.core.rating import CADENCE_DAYS
from actions.core.states import CLOSED, State
from actions.models import Action, Plan, ProgressUpdate
from audit.actors import Reader
from meetings.meetings.states import MeetingState
from meetings.models import Meeting
from partners.models import Area
from partners.policies import SEES_EVERYTHING, Role, rights_of
from reports.charts.drawing import open_against_plan, pictures_of
from reports.figures import actions as figures
from reports.figures.catalogue import DEFINITIONS_VERSION
from reports.figures.rollforward import since_last
from reports.papers.models import Paper
from reports.papers.queries import PAPERS_SHOWN
from reports.papers.states import OPEN, PaperState
from reports.record.rows import FORCE_WIDE, ActionRow, Record
from standards import marking as markings
from standards.references import sort_key

# Who a plan is shown to on their first page.
LEADERS = (Role.BOARD_MEMBER, Role.PROGRAMME_MANAGER)
MOST_RED, MOST_CHANGED, MOST_MEETINGS, MOST_DRAFTS = 4, 8, 3, 3
Content = dict[str, Any]


@dataclass(frozen=True)
class Tile:
    """A figure with the address of its rows, and how it changed."""

    label: str
    number: int
    href: str
    hint: str


@dataclass(frozen=True)
class Red:
    action: ActionRow
    reason: str
    path_to_green: str


@dataclass(frozen=True)
class Change:
    """What happened to some actions since the last paper; the page shows the first of them."""

    label: str
    actions: Sequence[ActionRow]

    @property
    def shown(self) -> Sequence[ActionRow]:
        return self.actions[:MOST_CHANGED]

    @property
    def more(self) -> int:
        return len(self.actions) - len(self.shown)


@dataclass(frozen=True)
class Overview:
    """A plan on one screen.

    Attributes:
        last: the paper that the figures are compared with; None before the first.
        next_meetings: the planned meetings of the boards, the next one first.
        drafts: papers that are being prepared.
    """

    plan: Plan
    last: Paper | None
    tiles: Sequence[Tile]
    pictures: dict[str, Any]
    red: Sequence[Red]
    red_count: int
    changes: Sequence[Change]
    next_meetings: Sequence[Meeting]
    drafts: Sequence[Paper]
    marking: str


def pictures_of_plan(*, plan: Plan, user: Reader, on: date) -> dict[str, Any]:
    """Draw the actions of a plan that a user may view, by the key of each picture.

    Lines over time come from issued papers, which count every action, so they are drawn for those who see every action.
    """
    record = _record(plan, user, on)
    papers = _papers(plan, user, on)
    tables = [*figures.by_pillar(record), *figures.overdue(record), *figures.slippage(record)]
    return _pictures(record, _contents(papers), tables)


def overview_of(*, user: Reader, on: date) -> Overview | None:
    """Return the state of the plan that a board member or programme manager follows; None for others.

    Of several live plans it is the one that began last.
    """
    led = rights_of(user, on).partnerships(*LEADERS)
    if not led:
        return None
    plans = Plan.objects.visible_to(user, on).filter(partnership__in=led, state="live")
    plan = plans.select_related("partnership").order_by("-starts_on", "-pk").first()
    if plan is None:
        return None
    record = _record(plan, user, on)
    if not record.actions:
        return None
    papers = _papers(plan, user, on)
    contents = _contents(papers)
    last = papers[0] if papers else None
    red = [action for action in record.actions if action.rag == "red" and action.is_open]
    meetings = Meeting.objects.visible_to(user, on).filter(
        board__partnership=plan.partnership_id, state=MeetingState.PLANNED, day__gte=on
    )
    drafts = Paper.objects.visible_to(user, on).filter(plan=plan, state__in=OPEN)
    return Overview(
        plan=plan,
        last=last,
        tiles=_tiles(plan, record, contents[-1]["rows"] if contents else None),
        pictures=_pictures(record, contents, _by_state(record)),
        red=_red(red[:MOST_RED], user, on),
        red_count=len(red),
        changes=_changes(record, contents[-1]["rows"]) if contents else (),
        next_meetings=list(meetings.select_related("board").order_by("day", "pk")[:MOST_MEETINGS]),
        drafts=list(drafts.select_related("template__board").defer("content")[:MOST_DRAFTS]),
        marking=markings.highest(action.marking for action in record.actions),
    )


def _record(plan: Plan, user: Reader, on: date) -> Record:
    """Read the actions as a paper counts them: without drafts, and joint ones through their district actions."""
    visible = Action.objects.visible_to(user, on).filter(plan=plan).exclude(state=State.DRAFT)
    fields = (
        *("pk", "ref", "title", "source", "state", "rag", "percent", "due", "original_due", "closed_on"),
        *("allocated_on", "last_reported_on", "waiting_since", "moves", "marking"),
    )
    rows = visible.order_by().values(*fields, "by_districts", "pillar__name", "area__name", "lead__name")
    actions, joint = [], set()
    for row in rows:
        if row["by_districts"]:
            joint.add(row["ref"])
            continue
        actions.append(
            ActionRow(
                **{name: row[name] for name in fields},
                pillar=row["pillar__name"],
                district=row["area__name"] or gettext(FORCE_WIDE),
                lead=row["lead__name"] or "",
                cadence_days=CADENCE_DAYS[plan.cadence],
            )
        )
    areas = Area.objects.visible_to(user, on).filter(partnership=plan.partnership_id)
    return Record(
        on=on,
        actions=sorted(actions, key=lambda action: sort_key(action.ref)),
        joint=frozenset(joint),
        pillars=list(plan.pillars.values_list("name", flat=True)),
        districts=[*areas.values_list("name", flat=True), gettext(FORCE_WIDE)],
    )


def _papers(plan: Plan, user: Reader, on: date) -> list[Paper]:
    """Return the issued papers that count every action of the plan: those of the board with the last one, newest first."""
    if plan.partnership_id not in rights_of(user, on).partnerships(*SEES_EVERYTHING):
        return []
    papers = (
        Paper.objects.visible_to(user, on)
        .filter(
            plan=plan,
            state=PaperState.ISSUED,
            template__includes_sensitive=True,
            template__board__area=None,
            as_at__date__lt=on,
        )
        .select_related("template")
        .order_by("-as_at", "-number")
    )
    board = papers.values_list("template__board", flat=True).first()
    return list(papers.filter(template__board=board)[:PAPERS_SHOWN]) if board else []


def _contents(papers: Sequence[Paper]) -> list[Content]:
    """Return what the papers counted by the definitions of now, the oldest first."""
    contents = [paper.content for paper in reversed(papers) if paper.content]
    return [each for each in contents if each["definitions"]["version"] == DEFINITIONS_VERSION]


def _by_state(record: Record) -> list[Content]:
    """Return the table of the picture that the first page shows beside the roll-forward."""
    return [table for table in figures.by_pillar(record) if table["key"] == "state-by-pillar"]


def _pictures(record: Record, earlier: Sequence[Content], tables: Sequence[Content]) -> dict[str, Any]:
    content = {
        "on": record.on.isoformat(),
        "rows": [
            {
                "state": action.state,
                "declared": action.rag,
                "original_due": action.original_due.isoformat() if action.original_due else None,
            }
            for action in record.actions
        ],
        "sections": [{"tables": tables}],
    }
    pictures = pictures_of(content, earlier)
    over_time = open_against_plan(content, earlier)
    return pictures | ({"roll-forward": over_time} if over_time else {})


def _tiles(plan: Plan, record: Record, before: Sequence[Content] | None) -> list[Tile]:
    """Count what a board asks first. Each figure lists its rows."""
    on = record.on
    still_open = [action for action in record.actions if action.is_open]
    overdue = [action for action in still_open if action.days_overdue(on)]
    original = sum(action.days_overdue(on, original=True) > 0 for action in still_open)
    waiting = [action for action in still_open if action.waiting_since]
    longest = max(((on - action.waiting_since).days for action in waiting if action.waiting_since), default=0)
    was_open = [row for row in before or () if row["state"] not in CLOSED]

    def href(*query: tuple[str, str]) -> str:
        return f"{reverse('actions:action-list')}?{urlencode([('plan', str(plan.pk)), ('part', 'leaves'), *query])}"

    def rated(label: str, rag: str) -> Tile:
        number = sum(action.rag == rag for action in still_open)
        old = sum(row["declared"] == rag for row in was_open)
        return Tile(label, number, href(("state", "open"), ("rag", rag)), _difference(number, old, before))

    return [
        Tile(
            *(gettext("Open"), len(still_open), href(("state", "open"))),
            _difference(len(still_open), len(was_open), before),
        ),
        Tile(
            gettext("Overdue"),
            len(overdue),
            href(("overdue", "yes")),
            gettext("{original} by the original date").format(original=original),
        ),
        rated(gettext("Red"), "red"),
        rated(gettext("Amber"), "amber"),
        Tile(
            *(gettext("Waiting on a partner"), len(waiting), href(("state", "open"), ("waiting", "yes"))),
            ngettext("Longest {longest} day", "Longest {longest} days", longest).format(longest=longest)
            if waiting
            else "",
        ),
    ]


def _difference(now: int, then: int, before: Sequence[Content] | None) -> str:
    if before is None:
        return ""
    if now == then:
        return gettext("No change")
    text = gettext("{number} more") if now > then else gettext("{number} fewer")
    return text.format(number=abs(now - then))


def _red(actions: Sequence[ActionRow], user: Reader, on: date) -> list[Red]:
    """Return red actions with what their last updates give as the reason."""
    updates = ProgressUpdate.objects.visible_to(user, on).filter(action__in=[action.pk for action in actions])
    last = {row.action_id: row for row in updates.order_by("submitted_at", "pk")} if actions else {}
    return [
        Red(action, row.reason if row else "", row.path_to_green if row else "")
        for action in actions
        for row in [last.get(action.pk)]
    ]


def _changes(record: Record, before: Sequence[Content]) -> list[Change]:
    rows = since_last(record, before)[0]["rows"]
    actions = {action.ref: action for action in record.actions}
    return [
        Change(row["label"], [actions[ref] for ref in sorted(row["cells"][0]["refs"], key=sort_key)])
        for row in rows
        if row["cells"][0]["n"]
    ]
