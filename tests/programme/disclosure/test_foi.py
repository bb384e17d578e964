"""The answer to a request for information: what is published, withheld, not decided and not held."""

import csv
import io
from dataclasses import astuple
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from actions.disclosure.services import decide_publication
from programme.disclosure.queries import AnswerLine, Decision, Refusal, answer
from programme.disclosure.views import HEADER
from standards.small_numbers import CONFIDENTIAL, LARGEST_SMALL, published
from tests.cast import AT, TODAY, Cast
from tests.factories import ActionFactory
from tests.programme.factories import (
    ChampionsCountFactory,
    CompletionFactory,
    FundingDecisionFactory,
    GrantFactory,
    TrainingEventFactory,
)


def part(cast: Cast, name: str) -> list[AnswerLine]:
    return [line for line in answer(user=cast.manager, on=TODAY) if line.part == name]


def test_a_part_of_a_request_without_records_is_not_held(cast: Cast) -> None:
    assert [line.answer for line in part(cast, "Funding by year")] == ["Not held"]


def test_only_decided_rows_are_disclosed_and_the_rest_is_counted(cast: Cast) -> None:
    first = FundingDecisionFactory(cast=cast, publication="publish")
    FundingDecisionFactory(cast=cast, round=first.round, organisation=cast.leeds_district)
    assert [line.item for line in part(cast, "Funding by year")] == [str(first), "1 not decided"]


def test_withheld_rows_name_exemption_harm_and_public_interest(cast: Cast, signed_in: Any) -> None:
    why = {
        "exemption": "s31",
        "withheld_reason": "It would help an offender.",
        "public_interest": "Safety outweighs openness.",
    }
    FundingDecisionFactory(cast=cast, publication="withhold", **why)
    (line,) = part(cast, "Funding by year")
    assert (line.item, line.decision) == ("1 withheld", Decision.WITHHELD)
    assert line.refusal == Refusal(
        "s.31 Law enforcement", "It would help an offender.", "Safety outweighs openness."
    )
    page = signed_in("manager").get(reverse("programme:foi")).content.decode()
    assert all(word in page for word in astuple(line.refusal))


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"publication": "withhold", "exemption": "s24", "withheld_reason": "Harm."}, "public_interest"),
        ({"publication": "publish", "public_interest": "Openness."}, "public_interest"),
    ],
    ids=["qualified exemption without it", "published with it"],
)
def test_the_public_interest_is_for_qualified_exemptions(
    cast: Cast, fields: dict[str, str], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        FundingDecisionFactory(cast=cast, **fields)
    assert list(refused.value.error_dict) == [field]


def test_an_absolute_exemption_needs_no_public_interest(cast: Cast) -> None:
    FundingDecisionFactory(cast=cast, publication="withhold", exemption="s40", withheld_reason="A name.")
    (line,) = part(cast, "Funding by year")
    assert line.refusal == Refusal("s.40 Personal information", "A name.", "")


def test_an_example_is_no_information(cast: Cast) -> None:
    FundingDecisionFactory(cast=cast, publication="publish", basis="illustrative")
    assert [line.answer for line in part(cast, "Funding by year")] == ["Not held"]


def test_small_counts_of_people_are_left_out_and_cannot_be_worked_out(cast: Cast) -> None:
    first = CompletionFactory(cast=cast, publication="publish", completed=3)
    CompletionFactory(
        cast=cast,
        publication="publish",
        programme=first.programme,
        organisation=cast.leeds_district,
        completed=40,
    )
    CompletionFactory(
        cast=cast, publication="publish", programme=first.programme, organisation=cast.police, completed=60
    )
    answers = [line.answer for line in part(cast, "Numbers trained: completed")]
    assert sorted(answers) == sorted([CONFIDENTIAL, CONFIDENTIAL, "60", "103"])


def test_a_lower_bound_stays_one(cast: Cast) -> None:
    TrainingEventFactory(cast=cast, publication="publish")
    TrainingEventFactory(
        cast=cast, publication="publish", title="Forum", attended=4, attended_qualifier="exactly"
    )
    assert {line.answer for line in part(cast, "Numbers trained: attended")} == {
        "at least 130",
        CONFIDENTIAL,
    }
    ChampionsCountFactory(cast=cast, publication="publish")
    assert [line.answer for line in part(cast, "Numbers trained: Champions")] == ["9"]


def test_periods_and_days_are_not_added_up(cast: Cast) -> None:
    first = CompletionFactory(cast=cast, publication="publish")
    later = {"period_from": date(2020, 4, 1), "period_to": date(2020, 5, 31), "programme": first.programme}
    CompletionFactory(cast=cast, publication="publish", **later)
    lines = part(cast, "Numbers trained: completed")
    assert [(line.item, line.answer) for line in lines] == [
        ("Prevent awareness, 1 April 2020 to 31 May 2020: Bradford District", "40"),
        ("Prevent awareness, 1 January 2020 to 31 March 2020: Bradford District", "40"),
    ]
    for day in (date(2020, 3, 1), date(2020, 4, 1)):
        ChampionsCountFactory(cast=cast, publication="publish", as_at=day)
    assert len(part(cast, "Numbers trained: Champions")) == 2


def test_an_application_is_no_grant(cast: Cast) -> None:
    GrantFactory(cast=cast, publication="publish", state="declined")
    assert [line.answer for line in part(cast, "Grants")] == ["Not held"]


def test_the_plan_is_answered_by_its_own_decisions(cast: Cast) -> None:
    first, second, _ = [ActionFactory(cast=cast, in_progress=True, ref=f"WY20-0{n}") for n in (1, 2, 3)]
    decide_publication(
        actor=cast.manager,
        action=first,
        publication="withhold",
        exemption="s24",
        reason="It shows a gap.",
        at=AT,
    )
    decide_publication(
        actor=cast.manager, action=second, publication="publish", reason="Published before.", at=AT
    )
    shown, withheld, waiting = part(cast, "The plan")
    assert (shown.item, shown.decision) == (f"WY20-02 {second.title}", Decision.DISCLOSED)
    assert withheld.refusal == Refusal("s.24 National security", "It shows a gap.", "")
    assert (waiting.item, waiting.decision) == ("1 not decided", Decision.UNDECIDED)


def test_one_export_answers_the_letter(cast: Cast) -> None:
    lines = answer(user=cast.manager, on=TODAY)
    asked = ("Funding by year", "Numbers trained", "The plan")
    assert all(any(line.part.startswith(name) for line in lines) for name in asked)
    assert {line.decision for line in lines} == {Decision.NOT_HELD}
    assert all(line.refusal is None for line in lines)


def test_page_and_file_hold_the_same_lines(cast: Cast, signed_in: Any) -> None:
    first = FundingDecisionFactory(cast=cast, publication="publish")
    browser = signed_in("auditor")
    page = browser.get(reverse("programme:foi"))
    assert str(first) in page.content.decode()
    file = b"".join(browser.get(reverse("programme:foi-export", args=["csv"])).streaming_content)
    rows = list(csv.reader(io.StringIO(file.decode("utf-8-sig"))))
    start = rows.index(list(HEADER))
    assert [row[:4] for row in rows[start + 1 :]] == [
        [line.part, line.item, line.answer, line.decision.label] for line, _ in page.context["lines"]
    ]


@pytest.mark.parametrize(
    ("counts", "cells"),
    [
        ([], ["0"]),
        ([0, 12], ["0", "12", "12"]),
        ([3, 12, 40], [CONFIDENTIAL, CONFIDENTIAL, "40", "55"]),
        ([2, 3, 40], [CONFIDENTIAL, CONFIDENTIAL, "40", "45"]),
        ([4, 4, 40], [CONFIDENTIAL, CONFIDENTIAL, CONFIDENTIAL, "48"]),
        ([3], [CONFIDENTIAL, CONFIDENTIAL]),
        ([0, 3], ["0", CONFIDENTIAL, CONFIDENTIAL]),
        ([4, 4], [CONFIDENTIAL, CONFIDENTIAL, CONFIDENTIAL]),
    ],
)
def test_no_count_that_is_left_out_follows_from_the_total(counts: list[int], cells: list[str]) -> None:
    assert published(counts) == cells
    assert all(
        not 0 < count <= LARGEST_SMALL or cell == CONFIDENTIAL
        for count, cell in zip(counts, cells, strict=False)
    )


def test_every_number_of_the_answer_opens_its_rows(cast: Cast, signed_in: Any) -> None:
    first = FundingDecisionFactory(cast=cast)
    FundingDecisionFactory(cast=cast, round=first.round, organisation=cast.leeds_district)
    ActionFactory(cast=cast, in_progress=True)
    client = signed_in("manager")
    page = client.get(reverse("programme:foi"))
    counted = [(line, links) for line, links in page.context["lines"] if line.decision is Decision.UNDECIDED]
    assert [(line.part, line.item, len(links)) for line, links in counted] == [
        ("Funding by year", "2 not decided", 2),
        ("The plan", "1 not decided", 1),
    ]
    for _, links in counted:
        for text, href in links:
            assert f'href="{href}"' in page.content.decode()
            assert text in client.get(href).content.decode()
