"""The life of the letter: who drafts, approves, publishes, sends and corrects it, and that approved text stays."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from audit.models import Entry
from audit.services import verify
from inspections.core.states import LetterState
from inspections.findings.services.recommendations import save_recommendation
from inspections.letters.content import content_of, digest_of, is_intact
from inspections.letters.services import (
    approve_letter,
    correct_letter,
    edit_letter,
    publish_letter,
    record_despatch,
)
from inspections.models import PublishedResponse
from inspections.responses.services.section55 import invite_comments
from tests.cast import AT, LONDON, PEOPLE, TODAY, Cast
from tests.inspections.factories import InspectionFactory, RecommendationFactory
from tests.inspections.letters import letters
from tests.inspections.letters.letters import (
    approved,
    corrected,
    despatched,
    drafted,
    findings,
    published,
    respond,
)

DRAFTERS = {"opcc_officer", "opcc_director"}
TOMORROW = TODAY + timedelta(days=1)
YESTERDAY = TODAY - timedelta(days=1)


def edited(letter: PublishedResponse, **changes: Any) -> PublishedResponse:
    return edit_letter(letter=letter, **({"closing": "Thank you.", "at": AT} | changes))


def code(raised: Any) -> str | None:
    return getattr(raised.value, "code", None)


ACTS = {
    "draft": lambda cast, actor: drafted(cast, actor=actor),
    "edit": lambda cast, actor: edited(drafted(cast), actor=actor),
    "publish": lambda cast, actor: published(cast, actor=actor),
    "despatch": lambda cast, actor: record_despatch(
        actor=actor, letter=published(cast), sent_to_inspectors_on=TODAY, at=AT
    ),
    "correct": lambda cast, actor: corrected(cast, published(cast), actor=actor),
    "approve": lambda cast, actor: approved(cast, actor=actor),
}
VERBS = {
    "draft": "drafted",
    "edit": "changed",
    "publish": "published",
    "despatch": "despatched",
    "correct": "corrected",
    "approve": "approved",
}


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("act", ACTS)
def test_roles_for_each_step_of_a_letter(cast: Cast, act: str, person: str) -> None:
    actor = cast.person(person)
    if person in ({"opcc_director"} if act == "approve" else DRAFTERS):
        ACTS[act](cast, actor)
        assert Entry.objects.filter(verb=f"letter.{VERBS[act]}", actor_id=str(actor.pk)).exists()
        assert verify(ledger=cast.yorkshire.ledger).ok
    else:
        with pytest.raises(PermissionDenied):
            ACTS[act](cast, actor)


@pytest.mark.parametrize("person", PEOPLE)
def test_others_read_the_letter_once_it_is_published(cast: Cast, person: str) -> None:
    reader = cast.person(person)
    visible = PublishedResponse.objects.visible_to(reader, TODAY)
    letter = approved(cast)
    readers = {"manager", "gold", "auditor", *DRAFTERS}
    assert visible.exists() == (person in readers)
    published(cast, letter)
    spocs = {"bradford_spoc", "leeds_spoc"}
    assert visible.all().exists() == (person in readers | spocs)


# Approval ------------------------------------------------------------------------------------------------------


def test_a_letter_with_missing_responses_is_refused_by_name(cast: Cast) -> None:
    inspection = letters.report(cast)
    respond(cast, findings(inspection)[0])
    letter = drafted(cast, inspection)
    with pytest.raises(ValidationError, match=r"need a response: Recommendation 2 of 2\.") as raised:
        approved(cast, letter)
    assert code(raised) == "incomplete"
    letter.refresh_from_db()
    assert (letter.state, letter.content, letter.sha256) == (LetterState.DRAFT, None, "")
    respond(cast, findings(inspection)[1])
    assert approved(cast, letter).state == LetterState.APPROVED


def test_the_chief_officers_comments_come_before_approval(cast: Cast) -> None:
    letter = drafted(cast)
    report = letter.inspection

    def refusal(at: datetime = AT) -> str:
        with pytest.raises(ValidationError) as raised:
            approve_letter(actor=cast.opcc_director, letter=letter, at=at)
        assert code(raised) == "incomplete"
        return raised.value.messages[0]

    assert refusal() == "Invite the chief officer to comment before the letter is approved."
    invite_comments(actor=cast.opcc_officer, inspection=report, invited_on=YESTERDAY, due_on=TODAY, at=AT)
    assert refusal() == (
        "Record the chief officer's comments, due by 19 June 2020, before the letter is approved."
    )
    # Without comments by the day they were due, the OPCC answers alone.
    tomorrow = AT + timedelta(days=1)
    letter.refresh_from_db()
    assert approve_letter(actor=cast.opcc_director, letter=letter, at=tomorrow).approved_at == tomorrow


@pytest.mark.parametrize("part", ["drafted", "edited", "corrected", "responded", "responded once"])
def test_nobody_approves_what_they_wrote_part_of(cast: Cast, part: str) -> None:
    inspection = letters.report(cast)
    first, second = findings(inspection)[:2]
    director, officer = cast.opcc_director, cast.opcc_officer
    respond(cast, first, actor=director if part.startswith("responded") else cast.manager)
    respond(cast, second)
    if part == "responded once":
        respond(cast, first, "The manager's words now.")
    letter = drafted(cast, inspection, actor=director if part == "drafted" else officer)
    if part == "edited":
        edited(letter, actor=director)
        edited(letter, actor=cast.opcc_officer, closing="The manager's words now.")
    if part == "corrected":
        letter = corrected(cast, approved(cast, letter), actor=director)
    with pytest.raises(PermissionDenied, match="You wrote part of this letter"):
        approved(cast, letter)
    if part == "drafted":
        assert approved(cast, letter, actor=officer).approved_by == officer


def test_only_the_text_that_was_read_is_approved(cast: Cast) -> None:
    letter = drafted(cast)
    letters.commented(cast, letter.inspection)
    read = digest_of(content=content_of(letter=letter))
    respond(cast, findings(letter.inspection)[0], "Slipped in after the reading.")
    with pytest.raises(ValidationError, match="text of the letter changed") as raised:
        approve_letter(actor=cast.opcc_director, letter=letter, digest=read, at=AT)
    assert code(raised) == "conflict"
    read = digest_of(content=content_of(letter=letter))
    assert approve_letter(actor=cast.opcc_director, letter=letter, digest=read, at=AT).sha256 == read


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "Silver only"}, "Change it to OFFICIAL"),
        ({"title": "A report on \U0010fffd"}, "no font has the character"),
    ],
)
def test_an_unpublishable_or_unprintable_letter_is_not_approved(cast: Cast, fields: Any, words: str) -> None:
    letter = drafted(cast, letters.answered(cast, letters.report(cast, **fields)))
    with pytest.raises(ValidationError, match=words):
        approved(cast, letter)


# The frozen text -----------------------------------------------------------------------------------------------


def test_the_frozen_text_holds_all_that_is_printed(cast: Cast) -> None:
    letter = drafted(cast)
    respond(cast, findings(letter.inspection)[2], "Graded weekly.")
    content = approved(cast, letter).content
    assert content is not None
    first, second = content.pop("recommendations")
    (afi,) = content.pop("areas_for_improvement")
    assert first == {
        "heading": "Recommendation 1 of 2",
        "cause_of_concern": "",
        "text": "Share referrals within a day.",
        "paraphrased": True,
        "answer": "Action taken",
        "response": "Referrals are shared within the hour.",
    }
    assert (second["answer"], afi["response"]) == ("Action proposed", "Graded weekly.")
    assert content == {
        "form": 1,
        "version": 1,
        "correction_reason": "",
        "marking": "OFFICIAL",
        "handling_instruction": "",
        "from": "Office of the Police and Crime Commissioner",
        "to": "The Secretary of State for the Home Department",
        "dated": "2020-06-19",
        "reference": "OPCC/1",
        "salutation": "Dear Home Secretary",
        "subject": "HMICFRS inspection report: "
        "Counter-terrorism policing: the police's contribution to Prevent",
        "introduction": "I am writing in response to the report.\n\nHere is what we do.",
        "closing": "I am grateful to the inspectors.",
        "signatory": letters.SIGNATORY,
        "copies_to": "The inspectors of constabulary",
    }


def test_an_area_for_improvement_without_a_response_is_left_out(cast: Cast) -> None:
    content = approved(cast).content
    assert content is not None
    assert content["areas_for_improvement"] == []


def test_a_recommendation_under_a_cause_of_concern_prints_it(cast: Cast) -> None:
    inspection = InspectionFactory(cast=cast)
    cause = RecommendationFactory(
        cast=cast, inspection=inspection, kind="cause_of_concern", text="Referrals are lost."
    )
    row = RecommendationFactory(cast=cast, inspection=inspection, cause=cause)
    respond(cast, row)
    content = approved(cast, drafted(cast, inspection)).content
    assert content is not None
    assert content["recommendations"][0]["cause_of_concern"] == "Referrals are lost."


def test_later_changes_do_not_change_an_approved_letter(cast: Cast) -> None:
    letter = approved(cast)
    before = content_of(letter=letter)
    first = findings(letter.inspection)[0]
    respond(cast, first, "Something else altogether.")
    save_recommendation(actor=cast.manager, recommendation=first, text="Other words.", at=AT)
    letter.refresh_from_db()
    assert content_of(letter=letter) == before
    assert is_intact(letter=letter)


@pytest.mark.parametrize("tamper", ["response", "added", "emptied", "number", "hash"])
def test_a_tampered_text_is_noticed(cast: Cast, tamper: str) -> None:
    letter = approved(cast)
    content = dict(letter.content or {})
    if tamper == "response":
        content["recommendations"][0]["response"] += " And more."
    changes: dict[str, Any] = {
        "response": {"content": content},
        "added": {"content": content | {"note": "x"}},
        "emptied": {"content": None},
        "number": {"content": content | {"version": 1.5}},
        "hash": {"sha256": "0" * 64},
    }
    PublishedResponse.objects.filter(pk=letter.pk).update(**changes[tamper])
    letter.refresh_from_db()
    assert not is_intact(letter=letter)


def test_control_characters_never_reach_the_letter(cast: Cast) -> None:
    letter = edited(drafted(cast), actor=cast.opcc_officer, closing="Thank\u0007 you\r\nall.")
    assert content_of(letter=letter)["closing"] == "Thank you\nall."


# The steps -----------------------------------------------------------------------------------------------------


def test_there_is_one_letter_at_a_time(cast: Cast) -> None:
    letter = drafted(cast)
    with pytest.raises(ValidationError, match="version 1 is draft") as raised:
        drafted(cast, letter.inspection)
    assert code(raised) == "state"


@pytest.mark.parametrize("fields", [{"published_on": None}, {"body_kind": "internal_audit"}])
def test_without_a_duty_there_is_no_letter(cast: Cast, fields: Any) -> None:
    with pytest.raises(ValidationError) as raised:
        drafted(cast, letters.report(cast, **fields))
    assert code(raised) == "state"


def test_an_edit_changes_only_the_named_fields(cast: Cast) -> None:
    letter = edited(drafted(cast), actor=cast.opcc_officer, dated=YESTERDAY, salutation=" Dear Minister ")
    assert (letter.dated, letter.salutation, letter.closing) == (YESTERDAY, "Dear Minister", "Thank you.")
    assert letter.reference == "OPCC/1"
    with pytest.raises(ValidationError) as raised:
        edited(letter, actor=cast.opcc_officer, signatory=" ")
    assert set(raised.value.message_dict) == {"signatory"}
    with pytest.raises(TypeError):
        edited(letter, actor=cast.opcc_officer, sha256="0" * 64)


WRONG_STATE = {
    "edit an approved one": lambda cast: edited(approved(cast), actor=cast.opcc_officer),
    "approve twice": lambda cast: approved(cast, approved(cast)),
    "publish a draft": lambda cast: published(cast, drafted(cast)),
    "publish twice": lambda cast: published(cast, published(cast)),
    "send a draft": lambda cast: despatched(cast, drafted(cast)),
    "correct a draft": lambda cast: corrected(cast, drafted(cast)),
    "correct twice": lambda cast: [corrected(cast, letter) for letter in [approved(cast)] * 2],
    "publish a corrected one": lambda cast: [
        (corrected(cast, letter), published(cast, letter)) for letter in [approved(cast)]
    ],
}


@pytest.mark.parametrize("step", WRONG_STATE)
def test_a_step_out_of_its_state_is_refused(cast: Cast, step: str) -> None:
    with pytest.raises(ValidationError) as raised:
        WRONG_STATE[step](cast)
    assert code(raised) == "state"


@pytest.mark.parametrize("act", ["edit", "approve", "publish", "despatch", "correct"])
def test_a_stale_version_is_a_conflict(cast: Cast, act: str) -> None:
    letter = drafted(cast) if act in {"edit", "approve"} else approved(cast)
    stale = {"letter": letter, "at": AT, "version": letter.version + 1, "actor": cast.opcc_director}
    call: Any = {
        "edit": lambda: edit_letter(**stale),
        "approve": lambda: approve_letter(**stale),
        "publish": lambda: publish_letter(**stale, published_on=TODAY, publication_url="https://example.org"),
        "despatch": lambda: record_despatch(**stale, sent_to_inspectors_on=TODAY),
        "correct": lambda: correct_letter(**stale, reason="A slip."),
    }[act]
    with pytest.raises(ValidationError) as raised:
        call()
    assert code(raised) == "conflict"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"published_on": TOMORROW}, "published_on"),
        ({"published_on": YESTERDAY}, "published_on"),
        ({"publication_url": "http://example.org/letter"}, "publication_url"),
        ({"publication_url": "javascript:alert(1)"}, "publication_url"),
        ({"publication_url": ""}, "publication_url"),
    ],
)
def test_publication_has_a_possible_day_and_a_safe_address(
    cast: Cast, fields: dict[str, Any], wrong: str
) -> None:
    with pytest.raises(ValidationError) as raised:
        published(cast, **fields)
    assert set(raised.value.message_dict) == {wrong}


def test_a_letter_is_not_published_before_its_own_date(cast: Cast) -> None:
    letter = approved(cast, drafted(cast, dated=TOMORROW))
    with pytest.raises(ValidationError, match="on or after 20 June 2020, the date of the letter"):
        published(cast, letter)
    at = datetime(2020, 6, 20, 9, tzinfo=LONDON)
    assert published(cast, letter, published_on=TOMORROW, at=at).published_on == TOMORROW


def test_the_days_of_despatch_are_recorded_one_by_one(cast: Cast) -> None:
    letter = despatched(cast, sent_to_inspectors_on=TODAY)
    assert (letter.sent_to_secretary_of_state_on, letter.sent_to_inspectors_on) == (None, TODAY)
    letter = despatched(cast, letter, sent_to_secretary_of_state_on=TODAY)
    assert (letter.sent_to_secretary_of_state_on, letter.sent_to_inspectors_on) == (TODAY, TODAY)


@pytest.mark.parametrize("day", [TOMORROW, YESTERDAY])
def test_a_letter_is_sent_between_its_approval_and_today(cast: Cast, day: date) -> None:
    with pytest.raises(ValidationError) as raised:
        despatched(cast, sent_to_inspectors_on=day)
    assert set(raised.value.message_dict) == {"sent_to_inspectors_on"}
    with pytest.raises(ValidationError, match="at least one"):
        record_despatch(actor=cast.opcc_officer, letter=PublishedResponse.objects.get(), at=AT)
