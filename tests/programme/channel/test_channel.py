"""Police representation at Channel panels: numbers that add up, what was not received, and exceptions."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from programme.channel.queries import last_months, representation
from tests.cast import TODAY, Cast
from tests.programme.factories import ChannelPanelFactory, PanelMonthFactory


def test_the_numbers_add_up_to_the_meetings_that_took_place(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        PanelMonthFactory(cast=cast, held=3)
    assert "must add up to the meetings held" in str(refused.value)


def test_a_year_is_the_sum_of_its_months_and_a_missing_month_is_not_received(cast: Cast) -> None:
    first = PanelMonthFactory(cast=cast)
    PanelMonthFactory(cast=cast, panel=first.panel, month=date(2020, 2, 17), held=1, both=1, local_only=0)
    (line,) = representation(user=cast.manager, on=TODAY).lines
    assert line.total.words == "2 of 3"
    assert (line.missing, len(line.months)) == (10, 12)


def test_a_month_without_a_meeting_has_no_rate(cast: Cast, signed_in: Any) -> None:
    PanelMonthFactory(cast=cast, held=0, both=0, local_only=0)
    page = signed_in("manager").get(reverse("programme:room", args=["channel"])).content.decode()
    assert "No meeting" in page
    assert "0 of 0" not in page
    assert page.count("Not received") == 11


def test_neither_side_is_an_exception_with_a_reason(cast: Cast) -> None:
    fields = {"panel": ChannelPanelFactory(cast=cast), "local_only": 0, "neither": 1}
    with pytest.raises(ValidationError) as refused:
        PanelMonthFactory(cast=cast, **fields)
    assert "Say why neither police side attended" in str(refused.value)
    row = PanelMonthFactory(cast=cast, **fields, reason="Both were at an incident.")
    assert representation(user=cast.manager, on=TODAY).exceptions == [row]


def test_a_month_is_recorded_once_whatever_its_day(cast: Cast) -> None:
    row = PanelMonthFactory(cast=cast, month=date(2020, 3, 17))
    assert row.month == date(2020, 3, 1)
    with pytest.raises(ValidationError) as refused:
        PanelMonthFactory(cast=cast, panel=row.panel, month=date(2020, 3, 9))
    assert "recorded already" in str(refused.value)


def test_a_month_to_come_is_refused(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        PanelMonthFactory(cast=cast, month=date(2020, 4, 1))
    assert "that has begun" in str(refused.value)


def test_the_district_that_checks_the_panel_records_it_and_another_does_not(cast: Cast) -> None:
    panel = ChannelPanelFactory(cast=cast)
    assert PanelMonthFactory(cast=cast, panel=panel, actor=cast.bradford_spoc).held == 2
    with pytest.raises(PermissionDenied):
        PanelMonthFactory(cast=cast, panel=panel, actor=cast.leeds_spoc, month=date(2020, 2, 1))


def test_a_sensitive_month_is_for_its_panel_alone(cast: Cast) -> None:
    marks = {"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "Panel only"}
    PanelMonthFactory(cast=cast, **marks)
    numbers = {
        person.name: len(representation(user=person, on=TODAY).lines[0].received)
        for person in (cast.bradford_spoc, cast.leeds_spoc, cast.wakefield_contact, cast.gold)
    }
    assert list(numbers.values()) == [1, 0, 1, 1]


def test_the_last_whole_months_end_before_this_one() -> None:
    assert last_months(on=date(2020, 2, 29), number=3) == [
        date(2019, 11, 1),
        date(2019, 12, 1),
        date(2020, 1, 1),
    ]
