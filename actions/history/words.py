"""Timeline texts for ledger entries about due dates, milestones and update requests."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext, ngettext

from actions.dates.models import DateChange
from actions.milestones.models import Milestone
from actions.questions.models import Question
from actions.update_requests.models import UpdateRequest
from audit.models import Entry
from web.language import day_text, lazy_text

TITLES = {
    "action.date_requested": lazy_text("New due date requested"),
    "action.rescheduled": lazy_text("Due date changed"),
    "action.date_rejected": lazy_text("New due date rejected"),
    "action.date_withdrawn": lazy_text("Request for a new due date withdrawn"),
    "request.lapsed": lazy_text("Request for a new due date ended"),
    "action.concern_raised": lazy_text("Put under a cause of concern"),
    "action.concern_lifted": lazy_text("Taken off its cause of concern"),
    "action.milestone_added": lazy_text("Milestone set"),
    "action.milestone_changed": lazy_text("Milestone changed"),
    "action.milestone_reached": lazy_text("Milestone reached"),
    "action.milestone_dropped": lazy_text("Milestone dropped"),
}
DECIDERS = {"board": lazy_text("The board decides"), "manager": lazy_text("The programme manager decides")}
CHANGES = {
    "date_change.requested",
    "date_change.rejected",
    "date_change.withdrawn",
    "request.lapsed",
    "request.handed_over",
}


def text_and_lines(*, entry: Entry) -> tuple[str, list[str]] | None:
    """Return the text and the lines of an entry about one of these rows; None for any other entry."""
    describe = DESCRIPTIONS.get(entry.target_type)
    if describe is None:
        return None
    text, *lines = describe(entry, entry.state or {})
    return text, lines


def _date_change(entry: Entry, state: Mapping[str, Any]) -> Iterator[str]:
    """Put the decider's reason first, or the requester's if nobody decided; the other is one of the lines."""
    if entry.verb == "date_change.raised":
        yield ""
        yield gettext("The request for {state} goes to the board").format(state=_day(state["new_due"]))
        return
    decision = str(state.get("decision_reason") or "")
    is_asking = entry.verb == "date_change.requested" or state["level"] == DateChange.Level.AT_ONCE
    yield str(state["reason"]) if is_asking else decision
    if entry.verb in CHANGES:
        yield gettext("From {state} to {state2}, {state3} later").format(
            state=_day(state["old_due"]), state2=_day(state["new_due"]), state3=_apart(state)
        )
    if entry.verb == "date_change.requested":
        yield DECIDERS[state["level"]]
    elif not is_asking:
        yield gettext("Reason for the request: {state}").format(state=state["reason"])
    if state.get("reference"):
        yield gettext("Minute: {state}").format(state=state["reference"])


def _milestone(entry: Entry, state: Mapping[str, Any]) -> Iterator[str]:
    moved = entry.changes.get("due") if entry.verb == "milestone.changed" else None
    yield str(state["note"]) if moved or entry.verb == "milestone.dropped" else ""
    yield gettext("Milestone: {state}, by {state2}").format(state=state["title"], state2=_day(state["due"]))
    if moved:
        yield gettext("Moved from {moved}").format(moved=_day(moved[0]))
    if state.get("reached_on"):
        yield gettext("Reached on {state}").format(state=_day(state["reached_on"]))


def _update_request(entry: Entry, state: Mapping[str, Any]) -> Iterator[str]:
    yield str(state["question"])
    yield gettext("Due on {state}").format(state=_day(state["due_on"]))


def _question(entry: Entry, state: Mapping[str, Any]) -> Iterator[str]:
    if state.get("answer"):
        yield str(state["answer"])
        yield gettext("Question: {state}").format(state=state["text"])
    else:
        yield str(state["text"])


DESCRIPTIONS: dict[str, Callable[[Entry, Mapping[str, Any]], Iterator[str]]] = {
    DateChange._meta.label_lower: _date_change,
    Milestone._meta.label_lower: _milestone,
    UpdateRequest._meta.label_lower: _update_request,
    Question._meta.label_lower: _question,
}


def _apart(state: Mapping[str, Any]) -> str:
    days = (date.fromisoformat(state["new_due"]) - date.fromisoformat(state["old_due"])).days
    return ngettext("{days} day", "{days} days", days).format(days=days)


def _day(value: Any) -> str:
    return day_text(date.fromisoformat(str(value)))
