"""Pages of questions about an action: ask, and answer; and the discussion on the action's page."""

from datetime import date
from functools import partial
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from actions.core.abilities import Ability
from actions.core.models import Action
from actions.history import views as change
from actions.history.queries import Children
from actions.lists.views.of_plan import PlanList, plan_of
from actions.questions import policies
from actions.questions.forms import QuestionAnswerForm, QuestionForm
from actions.questions.models import Question
from actions.questions.services import already_answered, answer_question, ask_question
from audit import clock
from partners.policies import Rights, rights_to_act
from web.filters import without_empty_parameters
from web.language import lazy_text
from web.pages import PAGE_OR_FORM
from web.quick import RowGroup

PEOPLE = ("asked_by", "answered_by", "organisation")


@PAGE_OR_FORM
def question_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the owner, the programme manager, a partner or an auditor about an action."""
    action = change.get_action(request, pk)
    change.forbid(policies.why_not_ask(change.rights(request), action))
    return change.answer(
        request,
        QuestionForm(request.POST or None, action=action),
        action=action,
        service=ask_question,
        template="actions/questions/form.html",
        done=gettext("Question sent."),
        as_whole=True,
    )


@PAGE_OR_FORM
def question_answer(request: HttpRequest, pk: int, question_pk: int) -> HttpResponse:
    """Answer a question about an action."""
    action = change.get_action(request, pk)
    visible = Question.objects.visible_to(request.user, clock.today()).select_related(*PEOPLE)
    question = get_object_or_404(visible, pk=question_pk, action=action)
    question.action = action
    change.forbid(policies.why_not_answer(change.rights(request), question, action))
    if not question.is_open:
        text = already_answered(question=question)
        return change.refused(
            request, action, heading=gettext("Already answered"), text=text, status=change.CONFLICT
        )
    return change.answer(
        request,
        QuestionAnswerForm(request.POST or None),
        action=action,
        service=partial(_answer, question),
        template="actions/questions/answer_form.html",
        done=gettext("Answer saved."),
        as_whole=True,
        question=question,
    )


PLAN_LIST = PlanList(
    route="actions:plan-questions",
    template="actions/questions/plan_questions.html",
    heading=lazy_text("Questions"),
    noun=lazy_text("questions"),
    empty=lazy_text("To ask one, open an action."),
    searched=("text", "answer", "action__ref", "action__title"),
    ordering=("-asked_at",),
    default="open",
)


@require_safe
@without_empty_parameters
def plan_questions(request: HttpRequest, pk: int) -> HttpResponse:
    """List the questions about a plan's actions that the user may see."""
    plan, on = plan_of(request, pk), clock.today()
    rights = rights_to_act(request.user, on)
    rows = Question.objects.visible_to(request.user, on).filter(action__plan=plan)
    is_open = Q(answered_at=None)
    groups = [
        RowGroup("open", gettext("Not answered"), is_open),
        RowGroup("yours", gettext("Yours to answer"), is_open & policies.answerable(rights)),
        RowGroup("asked", gettext("Asked by you"), Q(asked_by=request.user.pk)),
        RowGroup("answered", gettext("Answered"), ~is_open),
    ]
    return PLAN_LIST.page(
        request,
        plan,
        rows=rows.select_related("action", *PEOPLE),
        groups=groups,
        lines=lambda rows: [
            (
                row,
                row.is_open and not policies.why_not_answer(rights, row, row.action),
                (on - clock.london_date(row.asked_at)).days,
            )
            for row in rows
        ],
        marking_of=lambda row: row.action.marking,
    )


def section(action: Action, *, user: Any, on: date, rights: Rights, children: Children) -> dict[str, Any]:
    """Return the questions about an action, the open ones with whether the reader may answer, and whether they may ask."""
    rows: list[Question] = []
    if Question in children:
        rows = list(Question.objects.visible_to(user, on).filter(action=action).select_related(*PEOPLE))
    current = [
        (row, not policies.why_not_answer(rights, row, action)) for row in reversed(rows) if row.is_open
    ]
    return {
        "open": current,
        "past": [row for row in rows if not row.is_open],
        "asks": not policies.why_not_ask(rights, action),
        "decisions": [
            Ability(gettext("Answer a question"), "actions:question-answer", more=row.pk)
            for row, may_answer in current
            if may_answer and row.asked_by_id != rights.user_id
        ],
    }


def _answer(question: Question, *, action: Action, **fields: Any) -> Question:
    return answer_question(question=question, **fields)
