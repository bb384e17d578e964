"""A year of the demonstration: the daily jobs, people who act by a script, and the expected figures.

The expected figures are computed here from the dates alone, in the simplest way, without the services under test.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from actions.models import Action
from audit.clock import LONDON, london_date
from desk.escalations.services import acknowledge, open_escalations
from desk.models import Acknowledgement, Digest, DigestLine, Escalation, Frequency, Step
from desk.notices.services.preferences import save_preference
from desk.worker import enqueue_due_jobs, run_job
from partners.models import User
from partners.policies import rights_of
from returns.models import Return
from returns.services.contents import visible_lines
from returns.services.drafting import RowDraft, save_return
from returns.services.submitting import submit_return
from returns.states import ReturnState

ONE_DAY = timedelta(days=1)
STEPS = (14, 3)
ESCALATE_AFTER = (1, 7, 7)
# Days from the due date of a return to its submission; other organisations never submit.
SUBMITTED_AFTER = {
    "bradford.spoc": -1,
    "wakefield.spoc": 0,
    "kirklees.spoc": 0,
    "leeds.spoc": 3,
    "ctpne.prevent": -2,
}
# People who acknowledge escalations on Mondays, and for how many days.
HOLDS = {"manager": 84, "bradford.spoc": 56}
DAILY = ("bradford.spoc",)
WEEKLY = ("manager", "leeds.spoc", "ctpne.prevent", "gold")


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), LONDON)


def person(name: str) -> User:
    return User.objects.get_by_natural_key(f"{name}@example.org")


@dataclass
class Year:
    """The days of the year, and what people did in it: acknowledgements by subject, returns by day."""

    first: date
    last: date
    set_clock: Callable[[datetime], None]
    held: dict[tuple[str, int], list[tuple[date, date]]] = field(default_factory=lambda: defaultdict(list))

    @cached_property
    def gives(self) -> dict[int, tuple[str, int]]:
        """Who gives an organisation's returns, and how many days after the day they are wanted."""
        return {
            organisation: (name, after)
            for name, after in SUBMITTED_AFTER.items()
            for organisation in rights_of(person(name), self.first).organisations()
        }

    @property
    def days(self) -> Iterator[date]:
        for number in range((self.last - self.first).days + 1):
            yield self.first + number * ONE_DAY

    def walk(self) -> None:
        self._settle()
        for day in self.days:
            self._run_jobs(day)
            self._act(day)

    def _settle(self) -> None:
        """Some have a mail each working day, some each Monday, all others none."""
        moment = at(self.first, 2)
        for user in User.objects.filter(kind=User.Kind.USER):
            name = name_of(user)
            how = (
                Frequency.WEEKDAYS
                if name in DAILY
                else Frequency.WEEKLY
                if name in WEEKLY
                else Frequency.NEVER
            )
            save_preference(actor=user, frequency=how, at=moment)

    def _run_jobs(self, day: date) -> None:
        """As the scheduler and a worker do: look, run what is queued, look again."""
        moment = at(day, 7, 30)
        self.set_clock(moment)
        for _ in range(2):
            for job, of in _queued(moment):
                if (
                    job not in ("housekeeping", "verification") or day.weekday() == 0
                ):  # it changes nothing that is counted here
                    run_job.call(job=job, day=of.isoformat())

    def _act(self, day: date) -> None:
        moment = at(day, 10)
        still_open = Return.objects.filter(state=ReturnState.OPEN).select_related("plan__partnership")
        for report in still_open:
            name, after = self.gives.get(report.organisation_id, ("", 0))
            if name and day == report.due_on + after * ONE_DAY:
                _submit(person(name), report, moment)
        if day.weekday() == 0:
            for name, hold in HOLDS.items():
                self._acknowledge(person(name), day, hold)

    def _acknowledge(self, user: User, day: date, hold: int) -> None:
        for row in open_escalations(actor=user, rights=rights_of(user, day), on=day):
            if row.action is None:
                continue
            until = day + hold * ONE_DAY
            acknowledge(actor=user, subject=row.action, words="Next month.", until=until, at=at(day, 11))
            self.held["action", row.action.pk].append((day, until))


def _queued(moment: datetime) -> list[tuple[str, date]]:
    return [(job, moment.date()) for job in enqueue_due_jobs(at=moment)]


def _submit(user: User, report: Return, moment: datetime) -> None:
    """Submit a return with a green row for each action."""
    lines = [line for line in visible_lines(actor=user, report=report, on=moment.date()) if line.is_editable]
    rows = [
        RowDraft(
            action=line.action.pk,
            state="in_progress",
            narrative=f"Done as planned in {report.period.label}.",
            rag="green",
            percent=min(95, line.action.percent + 5),
        )
        for line in lines
    ]
    arguments = {"actor": user, "report": report, "version": None, "at": moment}
    saved = save_return(rows=rows, commentaries=[], sections={}, **arguments)
    assert saved.is_whole, (saved.problems, saved.conflicts)
    submit_return(**arguments)


# What it should come to ---------------------------------------------------------------------------------------


def mail_day(day: date, *, weekly: bool) -> date:
    """The last mail day that is not after `day`."""
    while day.weekday() > 0 if weekly else day.weekday() > 4:
        day -= ONE_DAY
    return day


def expected_reminders(year: Year) -> Counter[tuple[str, int, date, int, date]]:
    """Count each reminder by person, action, date, days ahead and day of the mail."""
    expected: Counter[tuple[str, int, date, int, date]] = Counter()
    for action in _open_actions(year).select_related("owner", "alternate"):
        for user in {action.owner, action.alternate} - {None}:
            name = name_of(user)
            if name not in DAILY + WEEKLY or action.due < year.first:
                continue
            weekly = name in WEEKLY
            opening = next(day for day in year.days if mail_day(day, weekly=weekly) == day)
            days_of_step = {
                ahead: max(opening, mail_day(action.due - ahead * ONE_DAY, weekly=weekly)) for ahead in STEPS
            }
            if days_of_step[14] == days_of_step[3]:
                del days_of_step[14]
            for ahead, day in days_of_step.items():
                if day <= min(year.last, action.due):
                    expected[name, action.pk, action.due, ahead, day] += 1
    return expected


def expected_steps(year: Year) -> dict[int, list[date]]:
    """The days on which each action is escalated: days after its due date, the step before or the acknowledgement."""
    steps_of: dict[int, list[date]] = {}
    for action in _open_actions(year):
        steps: list[date] = []
        for day in year.days:
            until_dates = [until for from_day, until in year.held["action", action.pk] if from_day < day]
            since = max([action.due, *steps, *until_dates])
            if len(steps) < 3 and (day - since).days >= ESCALATE_AFTER[len(steps)]:
                steps.append(day)
        if steps:
            steps_of[action.pk] = steps
    return steps_of


def _open_actions(year: Year) -> Any:
    """The actions still open at the end, as they were all year: nobody in this script finishes one."""
    open_states = ("not_started", "in_progress")
    return Action.objects.filter(
        plan__state="live", state__in=open_states, by_districts=False, due__lte=year.last + 14 * ONE_DAY
    )


# Whether it adds up -------------------------------------------------------------------------------------------


def reconcile(year: Year, mails: Sequence[Any]) -> dict[str, int]:
    """Compare mails and records with the expected figures; return the year's figures."""
    digests = list(
        Digest.objects.filter(day__gte=year.first).prefetch_related("lines").select_related("user")
    )
    handed = Counter((mail.to[0], mail.extra_headers["Message-ID"].split("-")[2][:8]) for mail in mails)
    recorded = Counter((digest.user.email, f"{digest.day:%Y%m%d}") for digest in digests)
    assert handed == recorded
    assert max(handed.values()) == 1, "one mail for each person and day"
    assert {digest.state for digest in digests} == {Digest.State.SENT}
    lines = [(digest, line) for digest in digests for line in digest.lines.all()]
    reminded = Counter(
        (name_of(digest.user), int(line.key.removeprefix("due/")), line.by, line.ahead, digest.day)
        for digest, line in lines
        if line.kind == "reminder" and line.key.startswith("due/")
    )
    assert reminded == expected_reminders(year)
    escalated: dict[int, list[date]] = defaultdict(list)
    for row in Escalation.objects.filter(action__isnull=False).order_by("step"):
        escalated[row.action_id].append(row.raised_on)
    assert escalated == expected_steps(year)
    submitted = submitted_returns(year)
    assert_nothing_sensitive(mails)
    assert_board_lines_are_sent_once(lines)
    return {
        "mails": len(mails),
        "reminders": sum(reminded.values()),
        **{f"escalated to step {step}": Escalation.objects.filter(step=step).count() for step in (1, 2, 3)},
        "acknowledged": Acknowledgement.objects.count(),
        **{f"returns {state}": number for state, number in sorted(submitted.items())},
    }


def name_of(user: User) -> str:
    return user.email.partition("@")[0]


def submitted_returns(year: Year) -> Counter[str]:
    """Count ten months of returns by organisation: all in time, all late or all missed, as in the script."""
    rows = list(Return.objects.filter(period_start__gte=date(2020, 6, 1)).select_related("organisation"))
    counted = Counter(row.state for row in rows)
    assert sum(counted.values()) == counted["submitted"] + counted["missed"] + counted["open"]
    by_organisation: dict[int, list[Return]] = defaultdict(list)
    for row in rows:
        by_organisation[row.organisation_id].append(row)
    for organisation, theirs in by_organisation.items():
        assert len({row.period_start for row in theirs}) == len(theirs) == 10
        for row in theirs:
            _, after = year.gives.get(organisation, ("", 0))
            if organisation not in year.gives:
                assert row.state == ReturnState.MISSED
                continue
            assert row.state == ReturnState.SUBMITTED
            assert row.submitted_at is not None
            assert (london_date(row.submitted_at) - row.due_on).days == after
            expected = [] if after <= 0 else [1, 3]
            steps = row.late_escalations.order_by("step").values_list("raised_on", flat=True)
            assert [(day - row.due_on).days for day in steps] == expected
    return counted


def assert_nothing_sensitive(mails: Sequence[Any]) -> None:
    """Assert that no mail quotes an OFFICIAL-SENSITIVE action."""
    hidden = Action.objects.exclude(marking="OFFICIAL")
    words = {text for row in hidden.values_list("title", "description") for text in row if text}
    words |= set(hidden.exclude(updates=None).values_list("updates__narrative", flat=True))
    assert words, "the demonstration holds something sensitive"
    for mail in mails:
        mail_text = f"{mail.subject} {mail.body} {mail.alternatives[0][0]}"
        assert not any(text in mail_text for text in words), mail.subject


def assert_board_lines_are_sent_once(lines: Sequence[tuple[Digest, DigestLine]]) -> None:
    """Assert that a board member without digests gets each board escalation once: Silver here."""
    counts = Counter(line.key for digest, line in lines if name_of(digest.user) == "silver")
    raised = Escalation.objects.filter(step=Step.BOARD, partnership__slug="west-yorkshire")
    assert counts == Counter({f"escalation/{pk}": 1 for pk in raised.values_list("pk", flat=True)})
