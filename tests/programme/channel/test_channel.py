"""Police representation at Channel panels: numbers that add up, what was not received, and exceptions."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from importing.engine.services.flow import apply_import
from programme.channel.queries import last_months, representation
from programme.channel.resources import MONTHS
from programme.models import PanelMonth
from programme.records.services.importing import RecordsImporter
from tests.cast import AT, TODAY, Cast
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


def test_a_month_is_imported_by_any_day_of_it_and_corrects_its_record(cast: Cast) -> None:
    old = PanelMonthFactory(cast=cast)
    header = "Panel,Month,Held,Local policing and CTP,Local policing only,Basis,Source,As at"
    importer = RecordsImporter(resource=MONTHS, partnership=cast.yorkshire)

    def run(*lines: str) -> Any:
        data = "\n".join([header, *lines]).encode()
        return apply_import(actor=cast.manager, importer=importer, data=data, filename="months.csv", at=AT)

    same = f"{old.panel},17 March 2020,2,1,1,illustrative,{old.source},31 March 2020"
    assert run(same).counts["unchanged"] == 1
    assert run(same.replace(",2,1,1,", ",3,2,1,")).counts["updated"] == 1
    new = PanelMonth.objects.get(is_current=True)
    assert (new.supersedes, new.month, new.held) == (old, date(2020, 3, 1), 3)
    later = same.replace("17 March", "15 May").replace("31 March", "31 May")
    with pytest.raises(ValidationError, match="is the same record as row 2"):
        run(later, later.replace("15 May", "16 May"))
    assert run(later).counts["created"] == 1
    assert PanelMonth.objects.filter(month=date(2020, 5, 1)).exists()
