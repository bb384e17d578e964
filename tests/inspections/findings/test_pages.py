"""The pages of inspections and findings: what they say, what they offer, and that their numbers are their rows."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from inspections.core.states import OPEN, State
from inspections.findings.services.inspections import save_inspection
from inspections.findings.services.register import record_register_status
from inspections.models import Inspection, Recommendation
from tests.cast import AT, Cast
from tests.factories import ActionFactory
from tests.inspections.factories import InspectionFactory, RecommendationFactory
from tests.inspections.findings import stage
from tests.support.rendering import without_content
from tests.support.snapshots import reuse_snapshot


def to(route: str, *ids: int) -> str:
    return reverse(f"inspections:{route}", args=ids)


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def record(cast: Cast, row: Recommendation, state: str) -> None:
    record_register_status(actor=cast.auditor, recommendation=row, state=state, as_at=date(2020, 6, 1), at=AT)


@pytest.fixture
@reuse_snapshot
def register(cast: Cast) -> Inspection:
    """CT4 with a finding in each state that pages tell apart."""
    inspection = InspectionFactory(cast=cast)
    RecommendationFactory(
        cast=cast, inspection=inspection, number="1", deadline_phrase="By 1 May 2020, forces should"
    )
    stage.answered(cast, inspection=inspection, number="2", deadline_phrase="immediately")
    stage.answered(cast, State.NOT_ACCEPTED, inspection=inspection, number="3", kind="afi")
    action = ActionFactory(cast=cast, in_progress=True, ref="WY20-04")
    stage.in_progress(cast, action, inspection=inspection, number="4", lead=cast.police)
    reopened = stage.complete(cast, "WY20-05")
    stage.proposed(cast, reopened, inspection=inspection, number="5", paraphrased=True)
    closed = stage.closed(cast, inspection=inspection, number="6", action=stage.complete(cast, "WY20-06"))
    record(cast, closed, "open")
    stage.reopened_action(cast, reopened)
    return inspection


# What the lists say ------------------------------------------------------------------------------------------


def test_every_number_is_the_number_of_rows_behind_it(
    cast: Cast, register: Inspection, signed_in: Any
) -> None:
    RecommendationFactory(
        cast=cast, inspection=InspectionFactory(cast=cast, title="PEEL", short_title="PEEL"), number="1"
    )
    client = signed_in("manager")
    page = client.get(to("inspection-list"))
    counts = {inspection: counts for inspection, _, counts in page.context["rows"]}
    counts["total"] = page.context["totals"]
    counts["own page"] = client.get(to("inspection", register.pk)).context["counts"]
    for name, row in counts.items():
        total, _late, *states = [count.number for count in row]
        assert total == sum(states), name
        for count in row:
            with without_content():
                listing = client.get(count.href)
            assert listing.context["pages"].total == count.number, (name, count.label)
    assert [count.number for count in counts[register]] == [6, 1, 1, 1, 1, 1, 1, 1]
    assert counts["total"][0].number == 7


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "47 days late Last day 3 May 2020"),
        ({"published_on": date(2020, 6, 1)}, "37 days left Last day 26 July 2020"),
        ({"published_on": None}, "Not published"),
        ({"body_kind": "internal_audit"}, "Not needed"),
    ],
)
def test_the_clock_is_described_in_words(
    cast: Cast, signed_in: Any, fields: dict[str, Any], words: str
) -> None:
    save_inspection(actor=cast.manager, inspection=InspectionFactory(cast=cast), at=AT, **fields)
    assert words in text_of(signed_in("leeds_spoc").get(to("inspection-list")))


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("default=no", "123456"),
        ("q=chief+constables", "123456"),
        ("q=CT4+5", "5"),
        ("q=nothing-such", ""),
        ("kind=afi", "3"),
        ("kind=recommendation", "12456"),
        ("state=open", "12345"),
        ("state=closed", "6"),
        ("state=accepted&state=proposed", "25"),
        ("lead=none", "12356"),
        ("disagree=yes", "6"),
        ("gap=no_live_action", "12"),
        ("in_question=yes", "5"),
        ("overdue=yes", "1"),
        ("overdue=yes&state=closed", ""),
    ],
)
def test_a_filter_finds_its_rows(register: Inspection, signed_in: Any, query: str, numbers: str) -> None:
    page = signed_in("auditor").get(f"{to('recommendation-list')}?{query}")
    assert page.status_code == 200
    assert "".join(sorted(row.number for row in page.context["pages"])) == numbers


def test_a_filter_by_inspection_and_lead(cast: Cast, register: Inspection, signed_in: Any) -> None:
    other = RecommendationFactory(
        cast=cast, inspection=InspectionFactory(cast=cast, title="PEEL", short_title="PEEL"), number="9"
    )
    client = signed_in("manager")
    for query, numbers in (
        (f"inspection={other.inspection_id}", ["9"]),
        (f"lead={cast.police.pk}", ["4"]),
        (f"inspection={register.pk}&lead={cast.police.pk}", ["4"]),
    ):
        page = client.get(f"{to('recommendation-list')}?{query}")
        assert [row.number for row in page.context["pages"]] == numbers


@pytest.mark.parametrize("query", ["kind=x", "state=x", "lead=999", "sort=text", "disagree=no", "gap=yes"])
def test_a_wrong_filter_shows_nothing_and_says_so(register: Inspection, signed_in: Any, query: str) -> None:
    page = signed_in("manager").get(f"{to('recommendation-list')}?{query}")
    assert page.status_code == 422
    assert page.context["pages"].total == 0
    assert "There is a problem" in page.content.decode()


@pytest.mark.parametrize(
    ("sort", "numbers"),
    [("due", "134562"), ("-due", "345612"), ("state", "123456"), ("-kind", "312456"), ("lead", "412356")],
)
def test_a_list_is_sorted(register: Inspection, signed_in: Any, sort: str, numbers: str) -> None:
    page = signed_in("manager").get(f"{to('recommendation-list')}?default=no&sort={sort}")
    assert "".join(row.number for row in page.context["pages"]) == numbers


@pytest.mark.parametrize("person", ["manager", "bradford_spoc"])
def test_every_quick_filter_opens_the_findings_that_it_counts(
    register: Inspection, signed_in: Any, person: str
) -> None:
    client = signed_in(person)
    page = client.get(to("recommendation-list"))
    assert {row.state for row in page.context["pages"]} <= set(OPEN)
    quick = page.context["quick"]
    yours = ["Yours"] if person == "bradford_spoc" else []
    labels = ["Open", *yours, "Late", "No live action", "Register disagrees", "All"]
    assert [link.label for link in quick] == labels
    assert [link.label for link in quick if link.is_current] == ["Open"]
    for link in quick:
        listed = client.get(link.href).context
        assert listed["pages"].total == link.number, link.label
        assert [other.label for other in listed["quick"] if other.is_current] == [link.label]


def test_the_disagreements_are_a_page_of_their_own(register: Inspection, signed_in: Any) -> None:
    client = signed_in("manager")
    words = "Where the force and the register disagree"
    assert (
        f'<h1 class="govuk-heading-l">{words}</h1>'
        in client.get(f"{to('recommendation-list')}?disagree=yes").content.decode()
    )
    assert words not in client.get(f"{to('recommendation-list')}?disagree=yes&kind=afi").content.decode()


@pytest.mark.parametrize("route", ["inspection-list", "recommendation-list", "inspection", "recommendation"])
def test_a_page_costs_the_same_for_few_rows_and_many(
    cast: Cast, register: Inspection, signed_in: Any, route: str
) -> None:
    client, row = signed_in("manager"), Recommendation.objects.get(number="4")
    arguments = {"inspection": [register.pk], "recommendation": [row.pk]}.get(route, [])
    few = queries(client, to(route, *arguments))
    for number in range(7, 10):
        more = RecommendationFactory(cast=cast, inspection=register, number=str(number), lead=cast.opcc)
        stage.linked(cast, more, ActionFactory(cast=cast, in_progress=True, ref=f"WY20-{number + 10}"))
        stage.linked(cast, row, ActionFactory(cast=cast, in_progress=True, ref=f"WY20-{number + 30}"))
        record(cast, more, "complete")
        record(cast, row, "open")
        InspectionFactory(cast=cast, title=f"Report {number}", short_title="")
    assert queries(client, to(route, *arguments)) == few


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


# What a finding's page says ----------------------------------------------------------------------------------


def test_both_histories_are_shown_side_by_side(cast: Cast, register: Inspection, signed_in: Any) -> None:
    row = Recommendation.objects.get(number="6")
    text = text_of(signed_in("leeds_spoc").get(to("recommendation", row.pk)))
    force, register_says = text.split("Force status")[1].split("Register status", 1)
    assert [
        force.index(words) for words in ("Closed: implemented", "Proposed", "In progress", "Registered")
    ] == (
        sorted(
            force.index(words) for words in ("Closed: implemented", "Proposed", "In progress", "Registered")
        )
    )
    assert "Seen at the site visit." in force
    assert "Open by Auditor 1 June 2020" in register_says
    assert "Recorded on 19 June 2020" in register_says
    assert "The force status is “Closed: implemented” and the register status is “Open”" in text


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("1", "“By 1 May 2020, forces should” Deadline 1 May 2020 Overdue"),
        ("2", "“immediately” Deadline None: the printed deadline gives no date"),
        ("2", "No live action answers this finding."),
        ("5", "Illustrative, paraphrased These are not the report"),
        ("5", "An action that answers this finding was reopened after closure was proposed"),
    ],
)
def test_a_finding_page_shows_its_facts(
    register: Inspection, signed_in: Any, number: str, words: str
) -> None:
    row = Recommendation.objects.get(number=number)
    assert words in text_of(signed_in("leeds_spoc").get(to("recommendation", row.pk)))


@pytest.mark.parametrize("route", ["inspection", "recommendation-list", "recommendation-judge"])
def test_a_paraphrase_is_marked_wherever_it_is_shown(
    register: Inspection, signed_in: Any, route: str
) -> None:
    row = Recommendation.objects.get(number="5")
    arguments = {"inspection": [register.pk], "recommendation-list": []}.get(route, [row.pk])
    page = signed_in("auditor").get(to(route, *arguments)).content.decode()
    assert page.count("Illustrative, paraphrased") == 1


OFFERED = {
    # number: (the manager's, the auditor's)
    "1": (
        {"Accept or reject", "Link an action", "Record register status", "Change the details"},
        {"Record register status"},
    ),
    "4": (
        {"Change force status", "Link an action", "Record register status", "Change the details"},
        {"Record register status"},
    ),
    "5": (
        {"Record register status", "Change the details"},
        {"Decide on closure", "Record register status"},
    ),
    "6": (
        {"Record register status", "Change the details"},
        {"Reopen", "Record register status"},
    ),
}


@pytest.mark.parametrize("number", OFFERED)
def test_a_button_is_shown_to_whom_its_page_opens(register: Inspection, signed_in: Any, number: str) -> None:
    row = Recommendation.objects.get(number=number)
    for name, offered in zip(("manager", "auditor"), OFFERED[number], strict=True):
        client = signed_in(name)
        abilities = client.get(to("recommendation", row.pk)).context["abilities"]
        assert {ability.text for ability in abilities} == offered
        for ability in abilities:
            assert client.get(reverse(ability.route, args=[row.pk])).status_code == 200
    for name in ("bradford_spoc", "gold"):
        assert signed_in(name).get(to("recommendation", row.pk)).context["abilities"] == []


@pytest.mark.parametrize(
    ("route", "who", "number"),
    [
        ("recommendation-state", "manager", "5"),
        ("recommendation-state", "manager", "6"),
        ("recommendation-judge", "auditor", "1"),
        ("recommendation-judge", "auditor", "4"),
        ("link-add", "manager", "5"),
        ("link-add", "manager", "6"),
    ],
)
def test_a_page_out_of_state_says_the_state(
    register: Inspection, signed_in: Any, route: str, who: str, number: str
) -> None:
    row = Recommendation.objects.get(number=number)
    page = signed_in(who).get(to(route, row.pk))
    assert page.status_code == 409
    assert f"This recommendation is {row.get_state_display().lower()}" in text_of(page)


@pytest.mark.parametrize(
    ("name", "is_shown"),
    [
        ("leeds_spoc", True),
        ("wakefield_contact", True),
        ("auditor", True),
        ("observer", False),
        ("stranger", False),
    ],
)
def test_the_menu_leads_there_who_sees_the_work(
    cast: Cast, signed_in: Any, name: str, is_shown: bool
) -> None:
    page = signed_in(name).get(reverse("desk:my-work")).content.decode()
    assert (f'href="{to("inspection-list")}"' in page) == is_shown
