"""Questions about an action and their answers. The action does not change, so an open form stays valid."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from actions.core.models import Action
from actions.questions import policies
from actions.questions.models import Question
from audit.actors import Actor, account_of
from audit.clock import london_date
from audit.policies import forbid
from audit.services import append, writing
from audit.state import state_of
from partners.models import Organisation
from partners.policies import rights_of
from web.language import moment_text

Addressee = Question.Addressee


def ask_question(
    *,
    actor: Actor,
    action: Action,
    addressee: str,
    text: str,
    at: datetime,
    organisation: Organisation | None = None,
) -> Question:
    """Ask the owner of an action, the programme manager, an organisation that works on it, or an auditor.

    Args:
        organisation: whom to ask if the addressee is an organisation.

    Raises:
        PermissionDenied: unless the actor sees the work of the partnership.
        ValidationError: keyed by field: no question, the owner of an action that has none, an organisation that
            neither leads nor supports it.
    """
    forbid(policies.why_not_ask(rights_of(actor, london_date(at)), action))
    with writing(action.partnership.ledger_id) as ledger:
        row = Action.objects.select_related("partnership").get(pk=action.pk)
        _require_addressee(row, addressee, organisation)
        if not text.strip():
            raise ValidationError({"text": gettext("Enter your question.")})
        question = Question(
            action=row,
            addressee=addressee,
            organisation=organisation,
            text=text.strip(),
            asked_by=account_of(actor),
            asked_at=at,
        )
        question.full_clean(exclude=["action", "asked_by", "organisation"])
        question.save(force_insert=True)
        append(actor=actor, ledger=ledger, at=at, verb="question.asked", target=question)
    return question


def answer_question(*, actor: Actor, question: Question, answer: str, at: datetime) -> Question:
    """Answer a question, which closes it. Who asked may do so too, with what they learned another way.

    Raises:
        PermissionDenied: unless the actor is asked, or asked.
        ValidationError: keyed by field, without an answer; code `conflict`, naming who and when, when it was answered
            already.
    """
    with writing(question.action.partnership.ledger_id) as ledger:
        row = Question.objects.select_related("action", "answered_by", "organisation").get(pk=question.pk)
        forbid(policies.why_not_answer(rights_of(actor, london_date(at)), row, row.action))
        if not row.is_open:
            raise ValidationError(already_answered(question=row), code="conflict")
        if not answer.strip():
            raise ValidationError({"answer": gettext("Enter your answer.")})
        before = state_of(row)
        row.answer, row.answered_by, row.answered_at = answer.strip(), account_of(actor), at
        row.full_clean(exclude=["action", "asked_by", "answered_by", "organisation"])
        row.save(update_fields=["answer", "answered_by", "answered_at"])
        append(actor=actor, ledger=ledger, at=at, verb="question.answered", target=row, before=before)
    return row


def already_answered(*, question: Question) -> str:
    """Say who answered a question, and when."""
    return gettext("{answered_by} already answered this question on {moment}.").format(
        answered_by=question.answered_by, moment=moment_text(question.answered_at)
    )


def _require_addressee(action: Action, addressee: str, organisation: Organisation | None) -> None:
    if addressee == Addressee.OWNER and action.owner_id is None:
        raise ValidationError(
            {"addressee": gettext("This action has no owner yet. Ask the programme manager.")}
        )
    if addressee != Addressee.ORGANISATION:
        if organisation is not None:
            raise ValidationError(
                {"organisation": gettext("Leave the organisation empty, or choose to ask it.")}
            )
        return
    if organisation is None:
        raise ValidationError({"organisation": gettext("Choose the organisation that you ask.")})
    works = organisation.pk == action.lead_id or action.supporting.filter(pk=organisation.pk).exists()
    if not works:
        raise ValidationError(
            {"organisation": gettext("Choose an organisation that leads or supports this action.")}
        )
