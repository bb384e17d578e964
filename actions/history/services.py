"""An action's history in words, read from the ledger. Nothing here writes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Max, Q
from django.utils.text import Truncator
from django.utils.translation import gettext

from actions.core.models import Action
from actions.core.table import ACTION
from actions.evidence.models import Evidence
from actions.history import words as schedule_words
from actions.history.queries import Children, children_of
from actions.waits.models import Dependency
from audit.actors import Actor
from audit.models import Entry
from audit.state import model_of
from partners.models import Organisation, User
from web.language import day_text, lazy_text
from web.resources import labels

TITLES = {
    **schedule_words.TITLES,
    "action.created": lazy_text("Action created"),
    "action.imported": lazy_text("Action imported"),
    "action.reimported": lazy_text("Changed by an import"),
    "action.import_undone": lazy_text("Import undone"),
    "action.edited": lazy_text("Details changed"),
    "action.divided": lazy_text("Split into district actions"),
    "action.derived": lazy_text("Updated from its district actions"),
    "action.released": lazy_text("Released for allocation"),
    "action.allocated": lazy_text("Allocated"),
    "action.reported": lazy_text("Progress reported"),
    "action.started": lazy_text("Progress reported: work under way"),
    "action.paused": lazy_text("Progress reported: work has stopped"),
    "action.evidenced": lazy_text("Evidence added"),
    "action.evidence_replaced": lazy_text("Evidence replaced by a new version"),
    "action.submitted": lazy_text("Submitted for assurance"),
    "action.assured": lazy_text("Assured and complete"),
    "action.returned": lazy_text("Returned with a reason"),
    "action.retested": lazy_text("Confirmed by a re-test"),
    "publication.decided": lazy_text("Publication decided"),
    "action.reopened": lazy_text("Reopened"),
    "action.rated_by_board": lazy_text("Rated by a board"),
    "action.board_rating_ended": lazy_text("Board's rating ended"),
    "board_rating.recorded": lazy_text("Board's rating recorded"),
    "action.withdrawn": lazy_text("Withdrawn by a board's decision"),
    "action.superseded": lazy_text("Superseded by a board's decision"),
    # If several kinds of request have the same verb, the kind follows it.
    "action.closure_proposed withdraw": lazy_text("Withdrawal proposed to the board"),
    "action.closure_proposed supersede": lazy_text("Supersession proposed to the board"),
    "action.closure_rejected": lazy_text("Proposal rejected by a board"),
    "action.closure_retracted": lazy_text("Proposal to the board withdrawn"),
    "action.parts_closed": lazy_text("Open district actions closed by a board's decision"),
    "action.handed_over": lazy_text("Handed over"),
    "request.handed_over": lazy_text("Open request handed over"),
    "request.lapsed withdraw": lazy_text("Proposal to withdraw ended"),
    "request.lapsed supersede": lazy_text("Proposal to supersede ended"),
    "action.dependency_raised": lazy_text("Waiting on a partner"),
    "action.dependency_acknowledged": lazy_text("Acknowledged by the partner"),
    "action.dependency_declined": lazy_text("Declined by the partner"),
    "action.dependency_met": lazy_text("Received from the partner"),
    "action.dependency_ended": lazy_text("No longer waiting on a partner"),
    "dependency.ended": lazy_text("No longer waiting on a partner"),
    "progress.submitted": lazy_text("Progress reported"),
    "progress.imported": lazy_text("Progress imported with the plan"),
    "update.requested": lazy_text("Update requested"),
    "question.asked": lazy_text("Question asked"),
    "question.answered": lazy_text("Question answered"),
    "evidence.added": lazy_text("Evidence added"),
    "evidence.replaced": lazy_text("Evidence replaced by a new version"),
    "evidence.quarantined": lazy_text("Evidence put into quarantine: its file contains malware"),
    "evidence.released": lazy_text("Evidence released from quarantine"),
    "assurance.recorded": lazy_text("Assurance recorded"),
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
LABELS = labels(ACTION)
LONGEST_VALUE = 200
# The minute is not in a field of the action, so it is a line of its own.
CITING = frozenset({"action.closure_rejected", "action.reopened", "action.board_rating_ended"})
HANDED_OVER = "request.handed_over"
DERIVED = "action.derived"
NEVER = 0
HIGHEST_VERSION = 2**31 - 1

Names = Mapping[tuple[type[models.Model], Any], str]


@dataclass(frozen=True)
class Event:
    """One event, as the timeline component prints it.

    Attributes:
        records: type and id of the rows that the act recorded, such as an update with its evidence.
    """

    title: str
    byline: str
    at: datetime
    text: str = ""
    lines: Sequence[str] = field(default_factory=tuple)
    sequence: int | None = None
    verb: str = ""
    records: Sequence[tuple[str, int]] = field(default_factory=tuple)


def timeline_of(*, action: Action, children: Children | None = None) -> list[Event]:
    """Return what happened to an action and its updates, evidence and assurances, newest first.

    The reader must be one who sees the action. The number of queries does not grow with the history.

    Args:
        children: of the action, if the caller has asked for them.
    """
    entries = _entries(action, children_of(action) if children is None else children)
    return _events(action, entries, reader=None)


def changes_since(*, actor: Actor, action: Action, version: int) -> list[Event]:
    """Return what happened to an action after a version of it, newest first, marking what the actor did themselves.

    A version that the ledger does not know of gives the whole history.
    """
    known = Entry.objects.filter(
        _about(Action, [action.pk]),
        ledger=action.partnership.ledger_id,
        # A posted version may be any number, even one too large for the database.
        state__version__lte=min(version, HIGHEST_VERSION),
    )
    floor = known.aggregate(last=Max("sequence"))["last"] or NEVER
    entries = _entries(action, children_of(action)).filter(sequence__gt=floor)
    return _events(action, entries, reader=actor)


def _about(model: type[models.Model], pks: Iterable[int]) -> Q:
    return Q(target_type=model._meta.label_lower, target_id__in=[str(pk) for pk in pks])


def _entries(action: Action, children: Children) -> "models.QuerySet[Entry]":
    about = _about(Action, [action.pk])
    for model, pks in children.items():
        about |= _about(model, pks)
    return Entry.objects.filter(about, ledger=action.partnership.ledger_id).order_by("sequence")


def _events(action: Action, entries: "models.QuerySet[Entry]", reader: Any) -> list[Event]:
    steps = list(_steps(entries))
    names = _names_in(steps, [row for row in action._state.fields_cache.values() if row is not None])
    return [_event(step, names, reader) for step in reversed(steps)]


@dataclass(frozen=True)
class _Step:
    """An entry of the action with those of the rows that the same act recorded for it; or such a row's entry alone."""

    main: Entry
    children: Sequence[Entry]


def _steps(entries: Iterable[Entry]) -> Iterator[_Step]:
    """Take the entries act by act. A service records an update, evidence or a decision before the action itself.

    What it records after the action follows from the change, such as a request that ends when its action is closed.
    """
    for _, act in groupby(entries, key=lambda entry: entry.act):
        children: list[Entry] = []
        for entry in act:
            if entry.target_type != Action._meta.label_lower:
                children.append(entry)
            elif entry.verb == DERIVED:
                yield from (_Step(child, [child]) for child in children)
                yield _Step(entry, [])
                children = []
            else:
                yield _Step(entry, children)
                children = []
        yield from (_Step(child, [child]) for child in children)


def _event(step: _Step, names: Names, reader: Any) -> Event:
    own = reader is not None and step.main.actor_id == str(reader.pk)
    lines = [line for child in step.children for line in _lines_before(child, names)]
    if step.main.target_type == Action._meta.label_lower:
        lines += _lines(step.main, names)
    # Two requests that went to one person are one line.
    lines += dict.fromkeys(line for child in step.children for line in _lines_after(step.main, child, names))
    return Event(
        title=_title(step.main.verb, step.children),
        byline=gettext("{actor_label} (you)").format(actor_label=step.main.actor_label)
        if own
        else step.main.actor_label,
        at=step.main.at,
        text=_text(step),
        lines=lines,
        sequence=step.main.sequence,
        verb=step.main.verb,
        records=[(child.target_type, int(child.target_id)) for child in step.children],
    )


def _lines_before(child: Entry, names: Names) -> Iterator[str]:
    """Describe what was added to the action, then the changes of the action itself."""
    state = child.state or {}
    if child.target_type == Evidence._meta.label_lower:
        yield _evidence(state)
    if child.target_type == Dependency._meta.label_lower:
        yield _dependency(state, names)
    if state.get("corrects"):
        yield gettext("Corrects an earlier update")


def _lines_after(main: Entry, child: Entry, names: Names) -> Iterator[str]:
    state = child.state or {}
    if main.verb in CITING and state.get("reference"):
        yield gettext("Minute: {state}").format(state=state["reference"])
    if child.verb == HANDED_OVER:
        who = names.get((User, _taker(child)), gettext("the new owner"))
        yield gettext("Open request handed over to {who}").format(who=who)
    if (words := schedule_words.text_and_lines(entry=child)) is not None:
        yield from words[1]


def _text(step: _Step) -> str:
    """Return what somebody wrote: the update, the reason or the note."""
    words = [schedule_words.text_and_lines(entry=child) for child in step.children]
    if texts := [text for text, _ in filter(None, words)]:
        return next(filter(None, texts), step.main.note)
    states = [child.state or {} for child in step.children]
    narratives = [state.get("narrative") for state in states]
    reasons = [state.get(name) for state in states for name in ("note", "decision_reason", "ending")]
    return str(next(filter(None, [*narratives, step.main.note, *reasons]), ""))


def _evidence(state: Mapping[str, Any]) -> str:
    version = gettext(", version {state}").format(state=state["number"]) if state.get("supersedes") else ""
    expiry = (
        gettext(", expires on {state}").format(state=_day(state["expires_on"]))
        if state.get("expires_on")
        else ""
    )
    return gettext("Evidence: {value}{version}{expiry}").format(
        value=state.get("title", ""), version=version, expiry=expiry
    )


def _dependency(state: Mapping[str, Any], names: Names) -> str:
    days = [gettext("since {state}").format(state=_day(state["since"]))]
    days += (
        [gettext("needed by {state}").format(state=_day(state["needed_by"]))]
        if state.get("needed_by")
        else []
    )
    days += (
        [gettext("expected by {state}").format(state=_day(state["expected_on"]))]
        if state.get("expected_on")
        else []
    )
    who = names.get((Organisation, state["organisation"]), gettext("a partner"))
    return gettext("Waiting on {who} for “{longest_value}” {days}").format(
        who=who, longest_value=Truncator(state["needed"]).chars(LONGEST_VALUE), days=", ".join(days)
    )


def _taker(entry: Entry) -> int:
    state = entry.state or {}
    return int(state["taken_over_by"] or state["requested_by"])


def _title(verb: str, children: Sequence[Entry]) -> str:
    kinds = [f"{verb} {(child.state or {}).get('kind')}" for child in children]
    return next((TITLES[kind] for kind in kinds if kind in TITLES), None) or TITLES.get(
        verb, _plain(verb.replace(".", " "))
    )


def _lines(entry: Entry, names: Names) -> Iterator[str]:
    """Describe the changes, field by field. A new row's fields are on the page and are not repeated."""
    if "id" in entry.changes:
        return
    for name, (old, new) in entry.changes.items():
        if name in UNSAID:
            continue
        label = _label(name)
        before, after = _words(name, old, names), _words(name, new, names)
        if before and after:
            yield gettext("{label} changed from {before} to {after}").format(
                label=label, before=before, after=after
            )
        elif after:
            yield gettext("{label} set to {after}").format(label=label, after=after)
        else:
            yield gettext("{label} removed (it was {before})").format(label=label, before=before)


def _label(name: str) -> str:
    return LABELS.get(name) or _plain(str(getattr(_column(name), "verbose_name", "") or name))


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
        return ", ".join(
            names.get((column.related_model, pk), gettext("no. {pk}").format(pk=pk)) for pk in pks
        )
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
        return day_text(date.fromisoformat(str(value)))
    except ValueError:
        return str(value)


def _names_in(steps: Sequence[_Step], rows: Sequence[models.Model]) -> Names:
    """Name every row that the changes mention, with one query for each kind of row.

    Args:
        rows: those that are loaded already, such as the action's owner.
    """
    names = {(model_of(row), row.pk): str(row) for row in rows}
    needed: dict[type[models.Model], set[Any]] = {}
    for entry in (step.main for step in steps if "id" not in step.main.changes):
        for name, pair in entry.changes.items():
            column = _column(name)
            if name in UNSAID or column is None or not column.is_relation:
                continue
            for value in pair:
                pks = value if isinstance(value, list) else [value]
                needed.setdefault(column.related_model, set()).update(pk for pk in pks if pk is not None)
    children = [child for step in steps for child in step.children]
    waited_on = {
        child.state["organisation"]
        for child in children
        if child.target_type == Dependency._meta.label_lower and child.state is not None
    }
    if waited_on:
        needed.setdefault(Organisation, set()).update(waited_on)
    takers = {_taker(child) for child in children if child.verb == HANDED_OVER}
    if takers:
        needed.setdefault(User, set()).update(takers)
    for model, ids in needed.items():
        unknown = sorted(pk for pk in ids if (model, pk) not in names)
        names |= {(model, pk): str(row) for pk, row in model._default_manager.in_bulk(unknown).items()}
    return names
