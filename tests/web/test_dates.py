from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.forms import GovukDateField, GovukForm


class Deadline(GovukForm):
    due = GovukDateField(label="Due date", earliest=date(2019, 4, 1))


class Anything(GovukForm):
    due = GovukDateField(label="Due date", required=False)


def typed(day: str, month: str, year: str) -> dict[str, str]:
    return {"due_day": day, "due_month": month, "due_year": year}


@pytest.mark.parametrize(
    "parts",
    [("31", "3", "2020"), ("31", "03", "2020"), (" 31 ", "Mar", "2020"), ("31", "march", "2020")],
)
def test_a_month_may_be_a_number_or_a_name(parts: tuple[str, str, str]) -> None:
    form = Deadline(typed(*parts))
    assert form.is_valid(), form.errors
    assert form.cleaned_data["due"] == date(2020, 3, 31)


@pytest.mark.parametrize(
    ("parts", "message", "wrong"),
    [
        (("", "", ""), "Enter due date", [0, 1, 2]),
        (("", "3", "2020"), "Due date must include a day", [0]),
        (("31", "3", ""), "Due date must include a year", [2]),
        (("", "", "2020"), "Due date must include a day and month", [0, 1]),
        (("30", "2", "2020"), "Due date must be a real date", [0, 1, 2]),
        (("29", "2", "2019"), "Due date must be a real date", [0, 1, 2]),
        (("31", "13", "2020"), "Due date must be a real date", [1]),
        (("soon", "3", "2020"), "Due date must be a real date", [0]),
        (("³", "3", "2020"), "Due date must be a real date", [0]),
        (("0", "3", "2020"), "Due date must be a real date", [0, 1, 2]),
        (("31", "3", "20"), "Year must include 4 numbers", [2]),
        (("31", "3", "20200"), "Year must include 4 numbers", [2]),
        (("31", "3", "1989"), "Due date must be between 1990 and 2100", [2]),
        (("31", "3", "9999"), "Due date must be between 1990 and 2100", [2]),
        (("31", "3", "2019"), "Due date must be 1 April 2019 or later", [0, 1, 2]),
        (("9" * 400, "3", "2020"), "Due date must be a real date", [0]),
    ],
)
def test_the_answer_names_the_part_that_is_wrong(
    parts: tuple[str, str, str], message: str, wrong: list[int]
) -> None:
    form = Deadline(typed(*parts))
    assert form.errors["due"] == [message]
    assert form["due"].wrong_parts == wrong
    assert form["due"].focus_id == f"id_due_{wrong[0]}"


def test_only_the_wrong_part_is_marked_and_what_was_typed_stays() -> None:
    html = str(Deadline(typed("31", "13", "2020"))["due"].as_field_group())
    assert html.count("govuk-input--error") == 1
    assert 'name="due_month" value="13"' in html
    assert 'role="group" aria-describedby="id_due-error"' in html


def test_a_date_is_shown_in_its_three_parts() -> None:
    html = str(Deadline(initial={"due": date(2020, 3, 31)})["due"].as_field_group())
    for part, value in (("day", 31), ("month", 3), ("year", 2020)):
        assert f'name="due_{part}" value="{value}"' in html


def test_a_date_that_stayed_the_same_has_not_changed() -> None:
    same = Deadline(typed("31", "03", "2020"), initial={"due": date(2020, 3, 31)})
    other = Deadline(typed("30", "03", "2020"), initial={"due": date(2020, 3, 31)})
    assert not same.has_changed()
    assert other.has_changed()


@given(st.tuples(st.text(max_size=8), st.text(max_size=12), st.text(max_size=8)))
def test_any_input_is_a_day_or_an_error(parts: tuple[str, str, str]) -> None:
    form = Anything(typed(*parts))
    if form.is_valid():
        assert form.cleaned_data["due"] is None or 1990 <= form.cleaned_data["due"].year <= 2100
    else:
        assert form.errors["due"]


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)))
def test_every_day_in_range_is_read_as_itself(value: date) -> None:
    form = Anything(typed(str(value.day), str(value.month), str(value.year)))
    assert form.is_valid()
    assert form.cleaned_data["due"] == value
