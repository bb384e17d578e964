"""The memorandum of understanding: who leads, who supports, and the open and red actions in each cell."""

import re
from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from partners.models import MouArea, Responsibility
from partners.organisations.services import save_reference
from programme.mou.queries import responsibilities
from programme.records.services.records import save_record
from tests.cast import AT, TODAY, Cast
from tests.factories import ActionFactory, submit_progress
from tests.programme.factories import MemorandumFactory


@pytest.fixture
def training(cast: Cast) -> MouArea:
    """Training, which the force leads and Bradford District supports; nobody leads partnerships."""
    areas = [
        save_reference(actor=cast.manager, row=MouArea(partnership=cast.yorkshire, name=name), at=AT)
        for name in ("Training", "Partnerships")
    ]
    for organisation, kind in ((cast.police, "leads"), (cast.bradford_district, "supports")):
        row = Responsibility(mou_area=areas[0], organisation=organisation, kind=kind)
        save_reference(actor=cast.manager, row=row, at=AT)
    return areas[0]


def red(cast: Cast, area: MouArea, ref: str, **fields: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True, mou_area=area, ref=ref, **fields)
    words = {"narrative": "Late.", "rag": "red", "reason": "Illness.", "path_to_green": "A relief sergeant."}
    submit_progress(actor=cast.bradford_spoc, action=action, percent=50, at=AT, **words)


def test_each_cell_counts_the_open_and_the_red_actions_that_the_organisation_leads(
    cast: Cast, training: MouArea
) -> None:
    red(cast, training, "WY20-01")
    ActionFactory(cast=cast, in_progress=True, mou_area=training, ref="WY20-02")
    ActionFactory(cast=cast, complete=True, mou_area=training, ref="WY20-03")
    matrix = responsibilities(user=cast.manager, on=TODAY)
    line = next(line for line in matrix.lines if line.area == training)
    cells = {cell.organisation: (cell.responsibility, cell.open, cell.red) for cell in line.cells}
    assert cells == {cast.police: ("leads", 0, 0), cast.bradford_district: ("supports", 2, 1)}


def test_an_area_that_nobody_leads_is_named(cast: Cast, training: MouArea, signed_in: Any) -> None:
    assert [str(area) for area in responsibilities(user=cast.manager, on=TODAY).without_leader] == [
        "Partnerships"
    ]
    page = signed_in("bradford_spoc").get(reverse("programme:room", args=["mou"])).content.decode()
    assert '<h2 class="govuk-heading-m">Areas nobody leads</h2>' in page
    assert "<li>Partnerships</li>" in page
    assert "<li>Training</li>" not in page


def test_a_number_leads_to_just_its_actions(cast: Cast, training: MouArea, signed_in: Any) -> None:
    red(cast, training, "WY20-01")
    ActionFactory(cast=cast, in_progress=True, mou_area=training, ref="WY20-02")
    ActionFactory(cast=cast, in_progress=True, ref="WY20-04")
    ActionFactory(cast=cast, mou_area=training, lead=None, ref="WY20-05")
    browser = signed_in("manager")
    page = browser.get(reverse("programme:room", args=["mou"])).content.decode()
    links = re.findall(r'href="(/actions/\?[^"]+)">(\d+) (open|red)', page)
    assert [(number, kind) for _, number, kind in links] == [("2", "open"), ("1", "red"), ("1", "open")]
    assert "No lead yet" in page
    for href, number, _ in links:
        listed = browser.get(href.replace("&amp;", "&"))
        assert len(listed.context["pages"]) == int(number)


def test_the_page_names_the_version_and_its_day_and_prints_landscape(
    cast: Cast, training: MouArea, signed_in: Any
) -> None:
    at = reverse("programme:room", args=["mou"])
    first = MemorandumFactory(cast=cast, edition="", agreed_on=None)
    page = signed_in("gold").get(at).content.decode()
    assert "version not stated, date not stated" in page
    fields = {"edition": "2.1", "agreed_on": date(2019, 9, 2)}
    save_record(actor=cast.manager, row=first, at=AT, **fields)
    page = signed_in("gold").get(at).content.decode()
    assert "version 2.1, agreed on 2 September 2019" in page
    assert "app-wide" in page
    assert "No lead yet" not in page


def test_hidden_actions_are_not_counted(cast: Cast, training: MouArea) -> None:
    marks = {"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "District only"}
    red(cast, training, "WY20-01", **marks)
    numbers = []
    for person in (cast.manager, cast.leeds_spoc):
        matrix = responsibilities(user=person, on=TODAY)
        numbers.append(sum(cell.open for line in matrix.lines for cell in line.cells))
    assert numbers == [1, 0]


def test_nothing_of_another_partnership_is_shown(cast: Cast, training: MouArea) -> None:
    assert responsibilities(user=cast.leicestershire_manager, on=TODAY).lines == []
