"""Late returns and responses are escalated as actions are, each kind to its own people."""

from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from audit.actors import SYSTEM
from audit.models import Entry, Ledger
from audit.services import verify
from desk.escalations.kinds import ROUTES, kind_of
from desk.escalations.services import acknowledge, escalate
from desk.models import Escalation, Step
from desk.my_work.services.lists import my_tasks
from desk.notices.services.sending import send_digests
from inspections.models import Inspection
from returns.models import Return
from standards.marking import Marking
from tests.cast import AT, LONDON, TODAY, Cast
from tests.factories import ActionFactory
from tests.inspections.letters import letters
from tests.permissions.notices import escalated_action, escalated_response, escalated_return
from tests.returns import returns

UNTIL = {"until_day": "22", "until_month": "6", "until_year": "2020"}


def at(day: int, month: int = 6) -> datetime:
    return datetime(2020, month, day, 6, tzinfo=LONDON)


def days(first: int, last: int) -> None:
    for day in range(first, last + 1):
        escalate(actor=SYSTEM, at=at(day))


def steps(**about: Any) -> list[tuple[int, int]]:
    rows = Escalation.objects.filter(**about).order_by("step")
    return [(row.step, row.raised_on.day) for row in rows]


def escalation_titles(person: Any, on: date = TODAY) -> list[str]:
    return [task.title for task in my_tasks(actor=person, on=on) if task.route in ROUTES]


def a_late_return(cast: Cast) -> Return:
    """Bradford's return for May, wanted by the 5th and open until the 12th."""
    ActionFactory(cast=cast, in_progress=True)
    return returns.open_return(cast)


def test_a_late_return_is_escalated_to_the_board_until_it_closes(cast: Cast) -> None:
    report = a_late_return(cast)
    days(1, 20)
    assert steps(report=report) == [(Step.OWNER, 6), (Step.MANAGER, 8), (Step.BOARD, 10)]
    rows = Escalation.objects.select_related("report__organisation").order_by("step")
    assert [kind_of(subject=report).recipients(row) for row in rows] == [
        "SPOCs and contacts of Bradford District",
        "programme manager",
        "board",
    ]
    assert escalation_titles(cast.bradford_spoc, date(2020, 6, 12)), "it can still be submitted"
    assert not any(
        escalation_titles(person, date(2020, 6, 13)) for person in (cast.bradford_spoc, cast.manager)
    )


def test_nobody_acknowledges_a_submitted_return(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    report = returns.open_return(cast)
    days(6, 8)
    assert escalation_titles(cast.manager, date(2020, 6, 8)) == [
        "Acknowledge the late return of Bradford District for May 2020"
    ]
    returns.save(cast, report, returns.row(action), at=at(9))
    returns.submit(cast, report, at=at(9))
    days(9, 12)
    assert steps(report=report) == [(Step.OWNER, 6), (Step.MANAGER, 8)]
    assert escalation_titles(cast.manager, date(2020, 6, 9)) == []


def test_an_acknowledgement_lasts_at_most_until_the_return_closes(cast: Cast) -> None:
    report = a_late_return(cast)
    days(6, 6)
    arguments = {
        "actor": cast.bradford_spoc,
        "subject": report,
        "words": "The figures come on the 10th.",
        "at": at(7),
    }
    with pytest.raises(ValidationError, match="between today and 12 June 2020"):
        acknowledge(until=date(2020, 6, 13), **arguments)
    acknowledge(until=date(2020, 6, 9), **arguments)
    days(7, 11)
    assert steps(report=report) == [(Step.OWNER, 6), (Step.MANAGER, 11)]


def test_a_late_response_is_escalated_from_its_authors_to_the_board_until_published(cast: Cast) -> None:
    inspection = letters.answered(cast)  # to be answered by 3 May
    for day in range(1, 31):
        escalate(actor=SYSTEM, at=at(day, month=5))
    assert steps(inspection=inspection) == [(Step.OWNER, 4), (Step.MANAGER, 11), (Step.BOARD, 18)]
    titles = [f"Acknowledge that the response is late: {inspection}"]
    assert escalation_titles(cast.manager) == escalation_titles(cast.gold) == titles
    assert not any(
        escalation_titles(person)
        for person in (cast.auditor, cast.bradford_spoc, cast.leicestershire_manager)
    )
    letters.published(cast, letters.approved(cast, letters.drafted(cast, inspection)))
    assert escalation_titles(cast.gold) == escalation_titles(cast.manager) == []


def test_the_first_step_goes_to_the_authors_or_before_them_to_the_manager(cast: Cast) -> None:
    inspection = letters.report(cast)
    escalate(actor=SYSTEM, at=at(19))
    assert (escalation_titles(cast.manager), escalation_titles(cast.gold)) == (
        [f"Acknowledge that the response is late: {inspection}"],
        [],
    )
    letters.respond(cast, letters.findings(inspection)[0], actor=cast.gold)
    assert escalation_titles(cast.gold)
    assert escalation_titles(cast.manager) == [], "the manager's own step is not due yet"


@pytest.mark.parametrize(
    ("who", "make", "route"),
    [
        ("bradford_spoc", escalated_return, "desk:return-escalation"),
        ("gold", escalated_response, "desk:answer-escalation"),
    ],
)
def test_each_is_acknowledged_on_its_page(
    cast: Cast, signed_in: Any, who: str, make: Any, route: str
) -> None:
    ActionFactory(cast=cast, in_progress=True)
    subject: Return | Inspection = make(cast)
    client, address = signed_in(who), reverse(route, args=[subject.pk])
    form = {"words": "Two answers are missing.", **UNTIL}
    assert "Not acknowledged yet" in client.get(address).content.decode()
    assert address in client.get(reverse("desk:notices")).content.decode()
    assert address in client.get(reverse("desk:my-work")).content.decode()
    assert client.post(address, form).status_code == 302
    assert "Two answers are missing." in client.get(address).content.decode()
    assert client.post(address, form).status_code == 409
    assert Entry.objects.get(verb="escalation.acknowledged").note == "Two answers are missing."
    verdict = verify(ledger=Ledger.objects.get(pk=cast.yorkshire.ledger_id))
    assert verdict.problems == []


def test_the_mail_names_escalations_and_nothing_sensitive(cast: Cast, mailoutbox: list[Any]) -> None:
    escalated_action(cast)
    escalated_return(cast)
    inspection = escalated_response(cast)
    hidden = {"marking": Marking.OFFICIAL_SENSITIVE, "handling_instruction": "Board only."}
    Inspection.objects.filter(pk=inspection.pk).update(**hidden)
    send_digests(actor=SYSTEM, at=AT)
    (mail,) = [mail for mail in mailoutbox if mail.to == [cast.gold.email]]
    for words in (
        "Acknowledge WY20-80",
        "Acknowledge the late return of Bradford",
        "that the response is late",
    ):
        assert words in mail.body
    assert inspection.title not in mail.body
    assert str(inspection) not in mail.body
