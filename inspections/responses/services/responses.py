"""The answer to each recommendation: the action taken or proposed, or why there is none."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy

from actions.core.states import State
from actions.models import Action, ProgressUpdate
from audit.actors import Actor, account_of
from inspections.core import policies
from inspections.findings.models.inspections import Inspection
from inspections.findings.models.recommendations import LIVE_ACTION, Recommendation
from inspections.responses.models import Response
from inspections.responses.services.section55 import NOT_OWED
from partners.changing.services import adding, changing
from standards.marking import Marking
from web.documents import printable
from web.language import day_text, english

WRITTEN = "response.written"
NO_RESPONSE_VERSION = 0
ANSWERABLE = (Recommendation.Kind.RECOMMENDATION, Recommendation.Kind.AREA_FOR_IMPROVEMENT)
WRITTEN_MEANWHILE = gettext_lazy(
    "Somebody changed this response since you opened the page. Read it, then send yours again."
)
# What a public letter can say of an action: work that is planned, under way or done.
STATES_TO_DESCRIBE = (State.AWAITING_ALLOCATION, *LIVE_ACTION)


def write_response(
    *,
    actor: Actor,
    recommendation: Recommendation,
    kind: str,
    text: str,
    at: datetime,
    version: int | None = None,
) -> Response:
    """Add or change the response to a recommendation or an area for improvement.

    Args:
        kind: one of `Response.Kind`.
        version: of the response that the actor saw; 0 where they saw none.

    Raises:
        PermissionDenied: unless the actor responds for the partnership.
        ValidationError: keyed by field; code `state` where no response is owed; code `conflict`.
    """
    with adding(actor=actor, ledger_id=recommendation.inspection.partnership.ledger_id, at=at) as addition:
        row = Recommendation.objects.select_related("inspection__partnership").get(pk=recommendation.pk)
        addition.forbid(policies.why_not_respond(addition.rights, row.inspection))
        _require_answerable(row)
        if not text.strip():
            raise ValidationError(
                {"text": gettext("Enter the action taken or proposed, or why there is none.")}
            )
        before = Response.objects.filter(recommendation=row).first()
        if before is not None:
            if version == NO_RESPONSE_VERSION:
                raise ValidationError(WRITTEN_MEANWHILE, code="conflict")
            with changing(actor=actor, row=before, at=at, verb=WRITTEN, version=version) as change:
                response = change.row
                response.kind, response.text = kind, text.strip()
                response.written_by, response.written_at = account_of(actor), at
            return response
        response = Response(
            recommendation=row, kind=kind, text=text.strip(), written_by=account_of(actor), written_at=at
        )
        addition.add(WRITTEN, response)
    return response


@dataclass(frozen=True)
class Draft:
    """The start of a response, composed from the linked actions.

    Attributes:
        kind: action taken if all of it is done, proposed otherwise; empty without actions.
        held_back: how many linked actions are sensitive or withheld, so that a public letter says nothing of them.
    """

    kind: str
    text: str
    held_back: int = 0


def draft_text(*, actor: Actor, recommendation: Recommendation, on: date) -> Draft:
    """Describe in sentences what was done and is planned, from the linked actions the actor may view.

    The letter is for publication: actions that are OFFICIAL-SENSITIVE, or that are withheld under the Freedom of
    Information Act, are only counted. Nobody is named.
    """
    visible = Action.objects.visible_to(actor, on).filter(
        recommendation_links__recommendation=recommendation, state__in=STATES_TO_DESCRIBE
    )
    linked = list(visible.select_related("lead").order_by("ref"))
    publishable = [action for action in linked if _is_publishable(action)]
    latest = _latest_updates(actor, on, publishable)
    parts = _parts(actor, on, publishable)
    with english():  # the letter is
        text = "\n\n".join(
            _describe(action, latest.get(action.pk), parts.get(action.pk, [])) for action in publishable
        )
    done = bool(publishable) and all(action.state == State.COMPLETE for action in publishable)
    kind = (Response.Kind.TAKEN if done else Response.Kind.PROPOSED).value if publishable else ""
    return Draft(kind, printable(text), len(linked) - len(publishable))


@dataclass(frozen=True)
class Finding:
    """A finding in a letter, named by its printed number, or by its place if it has none."""

    row: Recommendation
    name: str
    response: Response | None

    @property
    def is_missing(self) -> bool:
        """Whether a response that section 55 requires has not been written."""
        return self.row.needs_response and self.response is None


def findings_of(*, inspections: Collection[Inspection]) -> dict[int, list[Finding]]:
    """Return the recommendations and areas for improvement of each report by its id, in the report's order."""
    rows = Recommendation.objects.filter(inspection__in=inspections, kind__in=ANSWERABLE)
    by_kind: dict[tuple[int, str], list[Recommendation]] = {}
    for row in rows.select_related("inspection", "cause", "response__written_by").order_by("kind", "pk"):
        by_kind.setdefault((row.inspection_id, row.kind), []).append(row)
    findings: dict[int, list[Finding]] = {inspection.pk: [] for inspection in inspections}
    for kind in ANSWERABLE:
        for inspection in inspections:
            same = by_kind.get((inspection.pk, kind), [])
            findings[inspection.pk] += [
                Finding(row, _name(row, place, len(same)), getattr(row, "response", None))
                for place, row in enumerate(same, start=1)
            ]
    return findings


def missing_responses(*, inspection: Inspection) -> list[Finding]:
    """Return the findings of a report that still need a response, in the report's order."""
    findings = findings_of(inspections=[inspection])[inspection.pk]
    return [finding for finding in findings if finding.is_missing]


def _name(row: Recommendation, place: int, of: int) -> str:
    kind = row.get_kind_display()
    if row.number:
        return f"{kind} {row.number}"
    return gettext("{kind} {place} of {number}").format(kind=kind, place=place, number=of)


def _require_answerable(row: Recommendation) -> None:
    if not row.inspection.owes_response:
        raise ValidationError(NOT_OWED.format(gettext("none is written")), code="state")
    if row.kind not in ANSWERABLE:
        raise ValidationError(
            gettext(
                "Only recommendations and areas for improvement are answered; a cause of concern is, through its "
                "recommendations."
            ),
            code="state",
        )


def _is_publishable(action: Action) -> bool:
    return action.marking == Marking.OFFICIAL and action.publication != Action.Publication.WITHHOLD


def _latest_updates(actor: Actor, on: date, actions: list[Action]) -> dict[int, ProgressUpdate]:
    """Return the newest update of each action, leaving out corrected ones."""
    updates = ProgressUpdate.objects.visible_to(actor, on).filter(action__in=actions, corrected_by=None)
    return {update.action_id: update for update in updates.order_by("submitted_at", "pk")}


def _parts(actor: Actor, on: date, actions: list[Action]) -> dict[int | None, list[Action]]:
    """Return the district actions of joint actions that a public letter may mention."""
    by_parent: dict[int | None, list[Action]] = {}
    parents = [action for action in actions if action.by_districts]
    if parents:
        visible = Action.objects.visible_to(actor, on).filter(
            parent__in=parents, state__in=STATES_TO_DESCRIBE
        )
        for part in visible.order_by("ref"):
            if _is_publishable(part):
                by_parent.setdefault(part.parent_id, []).append(part)
    return by_parent


def _describe(action: Action, update: ProgressUpdate | None, parts: list[Action]) -> str:
    sentences = [_sentence_about(action)]
    if parts:
        done = sum(part.state == State.COMPLETE for part in parts)
        sentences.append(f"{done} of {len(parts)} districts {'has' if done == 1 else 'have'} completed it.")
    if update is not None:
        sentences.append(_sentence(update.narrative))
        if action.state != State.COMPLETE and update.next_steps.strip():
            sentences.append(f"Next: {_sentence(update.next_steps)}")
    return " ".join(sentence for sentence in sentences if sentence)


def _sentence_about(action: Action) -> str:
    lead = f"{action.lead}: " if action.lead else ""
    title = f"{lead}“{action.title.strip().rstrip('.')}”"
    due = f", due on {day_text(action.due)}" if action.due else ""
    match action.state:
        case State.COMPLETE:
            on = f" on {day_text(action.closed_on)}" if action.closed_on else ""
            return f"{title} was completed{on}."
        case State.AWAITING_ASSURANCE:
            return f"{title} is reported as done and is being checked."
        case State.IN_PROGRESS:
            return f"{title} is under way{due}."
        case State.NOT_STARTED:
            return f"{title} is planned{due}."
        case _:
            return f"{title} is planned; its date is not set yet."


def _sentence(text: str) -> str:
    words = " ".join(text.split())
    return words if not words or words[-1] in ".!?" else f"{words}."
