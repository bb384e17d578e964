"""An action's history in words, read from the ledger. Nothing here writes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Max, Q
from django.utils.formats import date_format
from django.utils.text import Truncator

from actions.assurance.models import Assurance
from actions.closing.models import ClosureProposal
from actions.core.models import Action
from actions.dates.models import DateChange
from actions.evidence.models import Evidence
from actions.history import words as schedule_words
from actions.milestones.models import Milestone
from actions.progress.models import ProgressUpdate
from actions.update_requests.models import UpdateRequest
from actions.waits.models import Dependency
from audit.models import Entry
from partners.models import Organisation, User

CHILDREN: tuple[Any, ...] = (
    ProgressUpdate,
    Evidence,
    Assurance,
    ClosureProposal,
    Dependency,
    DateChange,
    Milestone,
    UpdateRequest,
)
TITLES = {
    **schedule_words.TITLES,
    "action.created": "Action created",
    "action.imported": "Action imported",
    "action.reimported": "Changed by an import",
    "action.edited": "Details changed",
    "action.divided": "Divided among districts",
    "action.derived": "Followed its districts",
    "action.released": "Released for allocation",
    "action.allocated": "Allocated",
    "action.reported": "Progress reported",
    "action.started": "Progress reported: work under way",
    "action.paused": "Progress reported: work has stopped",
    "action.evidenced": "Evidence added",
    "action.evidence_replaced": "Evidence replaced by a new version",
    "action.submitted": "Submitted for assurance",
    "action.assured": "Assured and complete",
    "action.returned": "Returned with a reason",
    "action.retested": "Confirmed by a re-test",
    "publication.decided": "Publication decided",
    "action.reopened": "Reopened",
    "action.withdrawn": "Withdrawn by a board's decision",
    "action.superseded": "Superseded by a board's decision",
    # Where a verb is the same for several kinds of request, the kind follows it.
    "action.closure_proposed withdraw": "Withdrawal proposed to the board",
    "action.closure_proposed supersede": "Supersession proposed to the board",
    "action.closure_refused": "Proposal refused by a board",
    "action.closure_retracted": "Proposal to the board taken back",
    "action.parts_closed": "Open parts closed by a board's decision",
    "action.handed_over": "Handed over",
    "request.handed_over": "Open request handed over",
    "request.lapsed withdraw": "Proposal to withdraw ended",
    "request.lapsed supersede": "Proposal to supersede ended",
    "action.dependency_raised": "Waiting on a partner",
    "action.dependency_acknowledged": "Acknowledged by the partner it waits on",
    "action.dependency_declined": "Declined by the partner it waits on",
    "action.dependency_met": "Received from the partner it waited on",
    "action.dependency_ended": "No longer waiting on a partner",
    "dependency.ended": "No longer waiting on a partner",
    "progress.submitted": "Progress reported",
    "progress.imported": "Progress imported with the plan",
    "update.asked": "Update asked for",
    "evidence.added": "Evidence added",
    "evidence.replaced": "Evidence replaced by a new version",
    "assurance.given": "Judged by an auditor",
}
# What follows from other fields, is nobody's decision, or names a row that the reader may not see.
UNSAID = frozenset(
    {
        *("id", "partnership", "version", "last_reported_on", "allocated_on", "original_due", "closed_on"),
        *(
            "parent",
            "superseded_by",
            "by_districts",
            "waiting_since",
            "moves",
            "extensions",
            "under_cause_of_concern",
        ),
    }
)
# What pages call a field where its own name says it less well.
CALLED = {"state": "Status", "area": "District"}
LONGEST_VALUE = 200
HANDED_OVER = "request.handed_over"
# Entries of rows that come without one of their action.
ALONE = {"update.asked"}
NEVER = 0
HIGHEST_VERSION = 2**31 - 1

Names = Mapping[tuple[type[models.Model], Any], str]


@dataclass(frozen=True)
class Event:
    """One thing that happened, as the timeline component prints it."""

    title: str
    byline: str
    at: datetime
    text: str = ""
    lines: Sequence[str] = field(default_factory=tuple)


def timeline_of(*, action: Action) -> list[Event]:
    """Return what happened to an action and its updates, evidence and assurances, newest first.

    The reader must be one who sees the action. The number of queries does not grow with the history.
    """
    return _events(_entries(action), reader=None)


def changes_since(*, actor: Any, action: Action, version: int) -> list[Event]:
    """Return what happened to an action after a version of it, newest first, marking what the actor did themselves.

    A version that the ledger does not know of gives the whole history.
    """
    known = Entry.objects.filter(
        _about(Action, [action.pk]),
        ledger=action.partnership.ledger_id,
        # What a form says it saw may be any number, also one that no database holds.
        state__version__lte=min(version, HIGHEST_VERSION),
    )
    floor = known.aggregate(last=Max("sequence"))["last"] or NEVER
    return _events(_entries(action).filter(sequence__gt=floor), reader=actor)


def _about(model: type[models.Model], pks: Iterable[int]) -> Q:
    return Q(target_type=model._meta.label_lower, target_id__in=[str(pk) for pk in pks])


def _entries(action: Action) -> "models.QuerySet[Entry]":
    about = _about(Action, [action.pk])
    for model in CHILDREN:
        about |= _about(model, model.objects.filter(action=action).values_list("pk", flat=True))
    return Entry.objects.filter(about, ledger=action.partnership.ledger_id).order_by("sequence")


def _events(entries: "models.QuerySet[Entry]", reader: Any) -> list[Event]:
    steps = list(_steps(entries))
    names = _names_in(steps)
    return [_event(step, names, reader) for step in reversed(steps)]


@dataclass(frozen=True)
class _Step:
    """What one service recorded: an entry of the action, the row that came with it, or both."""

    main: Entry
    child: Entry | None


def _steps(entries: Iterable[Entry]) -> Iterator[_Step]:
    """Join the entry of a new update, evidence or assurance to the action's own, which follows it at once."""
    waiting: Entry | None = None
    for entry in entries:
        if waiting is not None and not _of_one_act(waiting, entry):
            yield _Step(waiting, waiting)
            waiting = None
        if entry.target_type != Action._meta.label_lower:
            waiting = entry
        else:
            yield _Step(entry, waiting)
            waiting = None
    if waiting is not None:
        yield _Step(waiting, waiting)


def _of_one_act(child: Entry, entry: Entry) -> bool:
    return (
        entry.target_type == Action._meta.label_lower
        and entry.sequence == child.sequence + 1
        and entry.actor_id == child.actor_id
        and child.verb not in ALONE
    )


def _event(step: _Step, names: Names, reader: Any) -> Event:
    state = (step.child.state if step.child else None) or {}
    own = reader is not None and step.main.actor_id == str(reader.pk)
    lines = list(_lines(step.main, names)) if step.main.target_type == Action._meta.label_lower else []
    if state.get("corrects"):
        lines.insert(0, "Corrects an earlier update")
    if step.child is not None and step.child.target_type == Evidence._meta.label_lower:
        lines.insert(0, _evidence(state))
    if step.child is not None and step.child.target_type == Dependency._meta.label_lower:
        lines.insert(0, _dependency(state, names))
    if step.main.verb == "action.closure_refused" and state.get("reference"):
        lines.append(f"Minute reference: {state['reference']}")
    if step.child is not None and step.child.verb == HANDED_OVER:
        who = names.get((User, _taker(step.child)), "The successor")
        lines.append(f"{who} answers for the open request now")
    told = schedule_words.told(child=step.child) if step.child else None
    if told is not None:
        lines += told[1]
    return Event(
        title=_title(step.main.verb, state),
        byline=f"{step.main.actor_label} (you)" if own else step.main.actor_label,
        at=step.main.at,
        text=_text(step.main, state) if told is None else told[0] or step.main.note,
        lines=lines,
    )


def _text(main: Entry, state: Mapping[str, Any]) -> str:
    said = (state.get(name) for name in ("note", "decision_reason", "ending"))
    return str(state.get("narrative") or main.note or next(filter(None, said), ""))


def _evidence(state: Mapping[str, Any]) -> str:
    version = f", version {state['number']}" if state.get("supersedes") else ""
    expiry = f", expires on {_day(state['expires_on'])}" if state.get("expires_on") else ""
    return f"Evidence: {state.get('title', '')}{version}{expiry}"


def _dependency(state: Mapping[str, Any], names: Names) -> str:
    days = [f"since {_day(state['since'])}"]
    days += [f"wanted by {_day(state['wanted_by'])}"] if state.get("wanted_by") else []
    days += [f"expected by {_day(state['expected_on'])}"] if state.get("expected_on") else []
    who = names.get((Organisation, state["organisation"]), "a partner")
    return f"Waiting on {who} for “{Truncator(state['needed']).chars(LONGEST_VALUE)}” {', '.join(days)}"


def _taker(entry: Entry) -> int:
    state = entry.state or {}
    return int(state["taken_over_by"] or state["requested_by"])


def _title(verb: str, state: Mapping[str, Any]) -> str:
    return TITLES.get(f"{verb} {state.get('kind')}") or TITLES.get(verb) or _plain(verb.replace(".", " "))


def _lines(entry: Entry, names: Names) -> Iterator[str]:
    """Say what changed, field by field. A new row's fields stand on the page; they are not said again."""
    if "id" in entry.changes:
        return
    for name, (old, new) in entry.changes.items():
        if name in UNSAID:
            continue
        label = _label(name)
        before, after = _words(name, old, names), _words(name, new, names)
        if before and after:
            yield f"{label} changed from {before} to {after}"
        elif after:
            yield f"{label} set to {after}"
        else:
            yield f"{label} removed (it was {before})"


def _label(name: str) -> str:
    column = _column(name)
    return CALLED.get(name) or _plain(str(getattr(column, "verbose_name", "") or name))


def _plain(words: str) -> str:
    words = words.replace("_", " ").strip()
    return f"{words[:1].upper()}{words[1:]}"


def _column(name: str) -> Any:
    """Return the action's field of that name; None for one that a later version of the tracker no longer has."""
    try:
        return Action._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _words(name: str, value: Any, names: Names) -> str:
    column = _column(name)
    if value in (None, "", []):
        return ""
    if column is not None and column.is_relation:
        pks = value if isinstance(value, list) else [value]
        return ", ".join(names.get((column.related_model, pk), f"no. {pk}") for pk in pks)
    if isinstance(column, models.DateField):
        return _day(value)
    if name == "percent":
        return f"{value}%"
    choices = dict(getattr(column, "flatchoices", ()) or ())
    if value in choices:
        return str(choices[value])
    return f"“{Truncator(str(value)).chars(LONGEST_VALUE)}”"


def _day(value: Any) -> str:
    try:
        return date_format(date.fromisoformat(str(value)), "j F Y")
    except ValueError:
        return str(value)


def _names_in(steps: Sequence[_Step]) -> Names:
    """Name every row that the changes mention, with one query for each kind of row."""
    wanted: dict[type[models.Model], set[Any]] = {}
    for entry in (step.main for step in steps if "id" not in step.main.changes):
        for name, pair in entry.changes.items():
            column = _column(name)
            if name in UNSAID or column is None or not column.is_relation:
                continue
            for value in pair:
                pks = value if isinstance(value, list) else [value]
                wanted.setdefault(column.related_model, set()).update(pk for pk in pks if pk is not None)
    waited_on = {
        step.child.state["organisation"]
        for step in steps
        if step.child is not None
        and step.child.target_type == Dependency._meta.label_lower
        and step.child.state is not None
    }
    if waited_on:
        wanted.setdefault(Organisation, set()).update(waited_on)
    takers = {
        _taker(step.child) for step in steps if step.child is not None and step.child.verb == HANDED_OVER
    }
    if takers:
        wanted.setdefault(User, set()).update(takers)
    return {
        (model, pk): str(row)
        for model, pks in wanted.items()
        for pk, row in model._default_manager.in_bulk(sorted(pks)).items()
    }
