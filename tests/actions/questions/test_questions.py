"""A question about an action: put to somebody, a task of theirs, answered on record, found and read as at a day."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from actions.models import Action, Question
from actions.questions.services import answer_question, ask_question
from desk.my_work.services.lists import my_tasks
from desk.my_work.services.waiting import waiting_for_others
from desk.search.services.finding import search
from tests.actions.waits.waiting import supported
from tests.api.clients import System, system_of
from tests.cast import AT, TODAY, Cast
from tests.factories import ActionFactory, QuestionFactory
from tests.support.clock import EARLIER
from tests.support.snapshots import reuse_snapshot

TEXT = "Which teams are left?"
ANSWERERS = {
    "owner": "bradford_spoc",
    "manager": "manager",
    "organisation": "wakefield_contact",
    "auditor": "auditor",
}
LATER = AT + timedelta(hours=1)


@pytest.fixture
@reuse_snapshot
def action(cast: Cast) -> Action:
    """Bradford's action, which Wakefield Council supports."""
    return supported(cast)


def ask(cast: Cast, action: Action, addressee: str = "owner", **fields: Any) -> Question:
    organisation = cast.wakefield_council if addressee == "organisation" else None
    arguments = {"actor": cast.gold, "text": TEXT, "organisation": organisation, "at": AT} | fields
    return ask_question(action=action, addressee=addressee, **arguments)


def tasks_about_questions(person: Any) -> list[tuple[str, str]]:
    tasks = my_tasks(actor=person, on=TODAY)
    return [(task.title, task.reason) for task in tasks if task.route == "actions:question-answer"]


@pytest.mark.parametrize("addressee", ANSWERERS)
def test_only_who_is_asked_gets_the_task_and_answers(addressee: str, cast: Cast, action: Action) -> None:
    question = ask(cast, action, addressee)
    for kind, person in ANSWERERS.items():
        if kind != addressee:
            assert tasks_about_questions(cast.person(person)) == []
            with pytest.raises(PermissionDenied):
                answer_question(actor=cast.person(person), question=question, answer="East.", at=LATER)
    person = cast.person(ANSWERERS[addressee])
    [(title, reason)] = tasks_about_questions(person)
    assert title.startswith(f"Answer the question on {action.ref}")
    assert TEXT in reason
    answer_question(actor=person, question=question, answer="East.", at=LATER)
    assert tasks_about_questions(person) == []


def test_who_asked_waits_for_it_and_may_close_it(cast: Cast, action: Action) -> None:
    question = ask(cast, action)
    [waiting] = waiting_for_others(actor=cast.gold, on=TODAY)
    assert (waiting.title, waiting.whom) == (f"Answer on {action.ref}", "the owner")
    answer_question(actor=cast.gold, question=question, answer="He rang me.", at=LATER)
    assert waiting_for_others(actor=cast.gold, on=TODAY) == []
    with pytest.raises(
        ValidationError, match="Gold already answered this question on 19 June 2020"
    ) as refusal:
        answer_question(actor=cast.bradford_spoc, question=question, answer="East.", at=LATER)
    assert refusal.value.code == "conflict"


def test_question_and_answer_are_in_the_ledger_and_leave_the_action_as_it_was(
    cast: Cast, action: Action
) -> None:
    question = ask(cast, action)
    answer_question(actor=cast.bradford_spoc, question=question, answer="East.", at=LATER)
    asked, answered = cast.yorkshire.ledger.entries.order_by("-sequence")[:2][::-1]
    assert (asked.verb, asked.state["text"]) == ("question.asked", TEXT)
    assert (answered.verb, answered.changes["answer"]) == ("question.answered", ["", "East."])
    assert Action.objects.get(pk=action.pk).version == action.version


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"text": "  "}, "text"),
        ({"addressee": "organisation", "organisation": None}, "organisation"),
        ({"addressee": "manager", "organisation": "wakefield_council"}, "organisation"),
        ({"addressee": "organisation", "organisation": "police"}, "organisation"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_field(
    fields: dict[str, Any], field: str, cast: Cast, action: Action
) -> None:
    name = fields.get("organisation")
    changes = fields | ({"organisation": getattr(cast, name)} if name else {})
    with pytest.raises(ValidationError) as refusal:
        ask(cast, action, **changes)
    assert list(refusal.value.message_dict) == [field]
    assert not Question.objects.exists()


def test_an_action_without_an_owner_has_nobody_to_ask(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="This action has no owner yet"):
        ask(cast, ActionFactory(cast=cast, unallocated=True))


def test_it_is_asked_and_answered_on_pages_and_found_on_them(
    cast: Cast, action: Action, signed_in: Any
) -> None:
    page = reverse("actions:action", args=[action.pk])
    gold, council = signed_in("gold"), signed_in("wakefield_contact")
    form = gold.get(reverse("actions:question-add", args=[action.pk])).content.decode()
    assert "Never name anybody who is under suspicion" in form
    sent = {"to": str(cast.wakefield_council.pk), "text": TEXT}
    assert (
        TEXT
        in gold.post(reverse("actions:question-add", args=[action.pk]), sent, follow=True).content.decode()
    )
    question = Question.objects.get()
    answer = reverse("actions:question-answer", args=[action.pk, question.pk])
    assert answer in council.get(page).content.decode()
    assert answer not in signed_in("bradford_spoc").get(page).content.decode()
    assert len(tasks_about_questions(cast.wakefield_contact)) == 1
    council.post(answer, {"answer": "The eastern ones."})
    shown = gold.get(page, {"history": "questions"})
    titles = [item.event.title for item in shown.context["history"]["items"]]
    assert titles == ["Question answered", "Question asked"]
    assert "1 answered question" in shown.content.decode()
    assert "The eastern ones." in shown.content.decode()
    assert council.get(answer).status_code == 409


def test_personal_data_in_a_question_is_asked_about(cast: Cast, action: Action, signed_in: Any) -> None:
    address = reverse("actions:question-add", args=[action.pk])
    refused = signed_in("gold").post(address, {"to": "owner", "text": "Was 07700 900123 told?"})
    assert refused.status_code == 422
    assert "07700 900123" in refused.content.decode(), "what was typed stays"
    assert not Question.objects.exists()


def test_the_search_finds_it_for_those_who_see_the_action(cast: Cast, action: Action) -> None:
    QuestionFactory(cast=cast, action=action, text="Is the zeppelin ready?")
    assert [hit.kind.value for hit in search(actor=cast.gold, text="zeppelin", on=TODAY)] == ["question"]
    assert len(search(actor=cast.leicestershire_manager, text="zeppelin", on=TODAY)) == 0


def test_a_past_day_shows_it_unanswered(cast: Cast, action: Action, signed_in: Any) -> None:
    question = ask(cast, action, at=AT - timedelta(days=2))
    answer_question(actor=cast.bradford_spoc, question=question, answer="East.", at=AT)
    page = reverse("actions:action", args=[action.pk])
    then = signed_in("gold").get(page, {"as_at": f"{AT - timedelta(days=1):%Y-%m-%d}"}).content.decode()
    assert TEXT in then
    assert "Not answered yet" in then
    assert "East." not in then
    before = signed_in("gold").get(page, {"as_at": f"{EARLIER + timedelta(days=1):%Y-%m-%d}"})
    assert TEXT not in before.content.decode()


def test_a_partners_system_reads_asks_and_answers(cast: Cast, action: Action) -> None:
    system: System = system_of(
        cast, cast.wakefield_council, scopes=["actions:read", "questions:write", "decisions:read"]
    )
    question = ask(cast, action, "organisation")
    [task] = [row for row in system.get("/my-work/").json()["results"] if row["type"] == "question-answer"]
    assert task["request"] == {"type": "question", "id": question.pk}
    answered = system.post(f"/questions/{question.pk}/answer/", {"answer": "East."})
    assert (answered.status_code, answered.json()["answer"]) == (200, "East.")
    assert system.post(f"/questions/{question.pk}/answer/", {"answer": "West."}).status_code == 409
    path = f"/actions/{action.pk}/questions/"
    made = system.post(path, {"addressee": "owner", "text": "By when?"})
    assert (made.status_code, made.json()["addressee"]) == (201, "owner")
    assert [row["text"] for row in system.get(path).json()["results"]] == ["By when?", TEXT]
    stranger = {"addressee": "organisation", "organisation": cast.city_council.pk, "text": "By when?"}
    assert system.post(path, stranger).status_code == 400
