"""Quick filters above every list: each opens exactly the rows that it counts."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse
from django.utils.html import escape

from actions.questions.services import answer_question
from audit.actors import SYSTEM
from meetings.models import Meeting
from partners.models import Board
from partners.organisations.services import save_reference
from tests.cast import AT, Cast
from tests.factories import ActionFactory, DependencyFactory, EvidenceFactory, QuestionFactory
from tests.inspections.factories import InspectionFactory
from tests.inspections.letters import letters
from tests.meetings.factories import MeetingFactory, held_meeting, steering_board
from tests.permissions.notices import escalated_action, escalated_return
from tests.programme.factories import GrantFactory, GrantFundFactory
from tests.reports.factories import PaperFactory, issued_paper
from tests.support.snapshots import reuse_snapshot


@reuse_snapshot
def rows_of_lists(cast: Cast) -> None:
    """Rows in more than one group of each list."""
    action = ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council, cast.police])
    DependencyFactory(action=action, organisation=cast.wakefield_council, needed_by=date(2020, 6, 12))
    DependencyFactory(action=action, organisation=cast.police)
    board = steering_board(cast)
    MeetingFactory(cast=cast, board=board, day=date(2020, 6, 24))
    held_meeting(cast, board=board, day=date(2020, 6, 1))
    ended = Board(partnership=cast.yorkshire, name="Former Board", tier="silver", ends_on=date(2020, 1, 31))
    save_reference(actor=SYSTEM, row=ended, at=AT)
    old = EvidenceFactory(action=action, expires_on=date(2020, 6, 30))
    EvidenceFactory(action=action, title="Second list", supersedes=old)
    question = QuestionFactory(cast=cast, action=action)
    answer_question(actor=cast.bradford_spoc, question=question, answer="All but two.", at=AT)
    QuestionFactory(cast=cast, action=action, actor=cast.bradford_spoc, addressee="manager")
    letters.report(cast)
    InspectionFactory(cast=cast, title="Prevent, third inspection", short_title="CT3", published_on=None)
    escalated_return(cast)
    escalated_action(cast)
    issued_paper(cast)
    PaperFactory(cast=cast, title="In preparation")
    fund = GrantFundFactory(cast=cast)
    GrantFactory(cast=cast, fund=fund)


NARROWED = {"people", "boards", "accounts", "evidence", "questions", "escalations"}


def address_of(cast: Cast, route: str) -> str:
    of_plan, of_partnership = [cast.plan.pk], [cast.yorkshire.pk]
    return {
        "plans": reverse("actions:plan-list"),
        "inspections": reverse("inspections:inspection-list"),
        "responses": reverse("inspections:response-desk"),
        "meetings": reverse("meetings:meeting-list"),
        "papers": reverse("reports:paper-list"),
        "requests": reverse("actions:plan-waiting", args=of_plan),
        "evidence": reverse("actions:plan-evidence", args=of_plan),
        "questions": reverse("actions:plan-questions", args=of_plan),
        "escalations": reverse("desk:plan-escalations", args=of_plan),
        "grants": reverse("programme:record-list", args=["funding", "grants"]),
        "people": reverse("partners:people", args=of_partnership),
        "districts": reverse("partners:reference-list", args=[*of_partnership, "districts"]),
        "organisations": reverse("partners:reference-list", args=[*of_partnership, "organisations"]),
        "boards": reverse("partners:reference-list", args=[*of_partnership, "boards"]),
        "accounts": reverse("partners:account-list"),
        "ledger": reverse("partners:ledger"),
        "readers": reverse("partners:reads"),
    }[route]


@pytest.mark.parametrize(
    ("person", "name", "labels"),
    [
        ("manager", "plans", ["Draft", "Live", "Closed", "All"]),
        ("manager", "inspections", ["Response needed", "Published", "Not published", "All"]),
        ("opcc_officer", "responses", ["Not answered", "Late", "Answered", "All"]),
        ("manager", "meetings", ["Planned", "Minutes not confirmed", "Minutes confirmed", "All"]),
        ("manager", "papers", ["In preparation", "Issued", "Corrected", "All"]),
        (
            "wakefield_contact",
            "requests",
            ["Yours to answer", "Not acknowledged", "Past the needed-by date", "All"],
        ),
        (
            "manager",
            "evidence",
            ["Not replaced", "Expires within 28 days", "Expired", "In quarantine", "All"],
        ),
        (
            "manager",
            "questions",
            ["Not answered", "Yours to answer", "Asked by you", "Answered", "All"],
        ),
        ("manager", "escalations", ["Not acknowledged", "Acknowledged", "No longer late", "All"]),
        ("manager", "people", ["People with a role", "Roles to come", "Ended roles", "All"]),
        ("manager", "districts", ["Without an organisation", "All"]),
        ("manager", "organisations", ["Nobody has a role", "All"]),
        ("manager", "boards", ["Boards that meet", "Ended", "All"]),
        ("administrator", "accounts", ["Open", "Administrators", "Closed", "All"]),
        ("auditor", "ledger", ["Today", "Last 7 days", "Last 30 days", "All"]),
        ("auditor", "readers", ["Today", "Last 7 days", "Last 30 days", "All"]),
    ],
)
def test_every_quick_filter_opens_the_rows_that_it_counts(
    cast: Cast, signed_in: Any, person: str, name: str, labels: list[str]
) -> None:
    rows_of_lists(cast)
    client = signed_in(person)
    address = address_of(cast, name)
    links = client.get(address).context["quick"]
    assert [link.label for link in links] == labels
    first = labels[0] if name in NARROWED else "All"
    assert [link.label for link in links if link.is_current] == [first]
    assert name == "readers" or links[-1].number > 0
    for link in links:
        page = client.get(link.href)
        assert page.context["pages"].total == link.number, link.label
        assert [each.label for each in page.context["quick"] if each.is_current] == [link.label]


def test_quick_filters_of_records_are_the_values_of_their_first_choice(cast: Cast, signed_in: Any) -> None:
    rows_of_lists(cast)
    client = signed_in("manager")
    links = client.get(address_of(cast, "grants")).context["quick"]
    assert {link.label: link.number for link in links if link.number} == {"Awarded": 1, "All": 1}
    assert [len(client.get(link.href).context["pages"]) for link in links] == [link.number for link in links]


def test_a_list_is_narrowed_by_board_beside_its_groups(cast: Cast, signed_in: Any) -> None:
    rows_of_lists(cast)
    client = signed_in("manager")
    meetings = address_of(cast, "meetings")
    board = Meeting.objects.get(day=date(2020, 6, 24)).board
    page = client.get(meetings, {"board": board.pk, "show": "planned"})
    assert [row.day for row in page.context["pages"]] == [date(2020, 6, 24)]
    assert [(item.label, item.text) for item in page.context["chosen"]] == [
        ("Show", "Planned"),
        ("Board", str(board)),
    ]
    assert client.get(meetings, {"show": "planned", "board": ""}).url == f"{meetings}?show=planned"
    wrong = client.get(meetings, {"board": 0})
    assert (wrong.status_code, "No meetings match" in wrong.content.decode()) == (422, True)


def test_a_group_that_a_list_does_not_have_is_refused_in_words(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")
    wrong = client.get(address_of(cast, "people"), {"show": "nobody"})
    assert wrong.status_code == 422
    (message,) = wrong.context["form"].errors["show"]
    assert wrong.content.decode().count(escape(message)) == 2  # above and beside the field
    assert client.get(address_of(cast, "requests"), {"show": "nobody"}).status_code == 404


def test_a_search_of_people_stays_in_the_group_that_is_shown(cast: Cast, signed_in: Any) -> None:
    client = signed_in("manager")
    people = address_of(cast, "people")
    ended = client.get(people, {"show": "ended"}).content.decode()
    assert '<input type="hidden" name="show" value="ended">' in ended
    assert "former.spoc@example.org" in ended
    assert "leeds.spoc@example.org" not in ended
    assert (
        "Nobody in this list matches" in client.get(people, {"show": "ended", "q": "leeds"}).content.decode()
    )
