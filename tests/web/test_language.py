"""Dates, periods and plural words in the language of the service; the record stays in English."""

import re
from datetime import UTC, date, datetime

import pytest
from django.utils import translation

from standards.cadence import Cadence, Frequency, Period, Rule
from standards.dates import ImpossibleDate, read_plan_date
from standards.quantities import Qualifier, Quantity
from standards.rag import compute
from standards.section55 import clock
from tests.architecture.source import modules
from tests.architecture.test_messages import APART
from web.language import (
    day_text,
    in_english,
    moment_text,
    month_text,
    period_text,
    short_day_text,
    time_text,
    with_article,
)
from web.tables.specification import names_of
from web.templatetags.govuk import counting_words
from web.wording import (
    cadence_text,
    clock_text,
    date_problem_text,
    quantity_text,
    rule_text,
    texts_of_counter,
)

DAY = date(2019, 10, 8)
# What is recorded or logged in English, and the years of files.
ENGLISH_DATES = re.compile(
    r"^(reports/(figures|record|publications/rendering)|meetings/documents/content|desk/backups|web/(exports|syslog)|demo|audit)"
)


def test_dates_follow_the_language() -> None:
    moment = datetime(2020, 6, 19, 13, 5, tzinfo=UTC)
    quarter = Period(date(2020, 4, 1), Frequency.QUARTERLY)
    english = [
        "8 October 2019",
        "October 2019",
        "8 Oct 19",
        "19 June 2020 at 2:05pm",
        "2:05pm",
        "April to June 2020",
    ]
    assert [
        *(day_text(DAY), month_text(DAY), short_day_text(DAY), moment_text(moment), time_text(moment)),
        period_text(quarter),
    ] == english
    assert day_text(None) == ""
    with translation.override("cy"):
        assert day_text(DAY) == "8 Hydref 2019"
        assert month_text(DAY) == "Hydref 2019"
        assert in_english(day_text)(DAY) == "8 October 2019"


def test_no_date_is_formatted_in_english_alone() -> None:
    formats = re.compile(r"%-?[BbAa]\b|:%-d")
    names = [
        module.name
        for module in modules()
        if not APART.search(module.name)
        and not ENGLISH_DATES.search(module.name)
        and formats.search(module.text)
    ]
    assert names == []


@pytest.mark.parametrize(
    "cadence",
    [
        Cadence(Frequency.MONTHLY, Rule.WEEKDAY, 3, 4),
        Cadence(Frequency.MONTHLY, Rule.WORKING_DAY, 15),
        Cadence(Frequency.QUARTERLY, Rule.WEEKDAY, -1, 0),
        Cadence(Frequency.QUARTERLY, Rule.WORKING_DAY, 5),
    ],
)
def test_a_cadence_reads_in_english_as_the_rules_have_it(cadence: Cadence) -> None:
    assert cadence_text(cadence) == cadence.words


@pytest.mark.parametrize("days", [-40, -1, 0, 1, 20, 90])
def test_rules_read_in_english_as_files_have_them(days: int) -> None:
    due = date.fromordinal(DAY.toordinal() + days)
    for last_reported in (DAY, date(2019, 1, 1)):
        computed = compute(due=due, last_reported=last_reported, cadence_days=30, percent=40, on=DAY)
        assert rule_text(computed) == computed.rule
    for answered_on in (None, DAY):
        running = clock(published_on=date.fromordinal(due.toordinal() - 56), answered_on=answered_on, on=DAY)
        assert running is None or clock_text(running) == running.words


@pytest.mark.parametrize("qualifier", Qualifier)
def test_quantities_read_in_english_as_files_have_them(qualifier: Qualifier) -> None:
    quantity = Quantity(None if qualifier == Qualifier.UNKNOWN else 1234, qualifier)
    assert quantity_text(quantity) == str(quantity)


@pytest.mark.parametrize(
    "value", [44_000.5, "03/31/2020", "31/02/2020", "1 June 1931", "31 Foo 2020", "31 March", "June 1931"]
)
def test_impossible_dates_read_in_english_as_the_rules_have_them(value: float | str) -> None:
    with pytest.raises(ImpossibleDate) as error:
        read_plan_date(value)
    assert date_problem_text(error.value) == str(error.value)


def test_nouns_have_their_article() -> None:
    assert [with_article("action"), with_article("grant")] == ["an action", "a grant"]


def test_the_counter_of_characters_speaks_the_language_of_the_service() -> None:
    words = texts_of_counter()
    assert words["charactersUnderLimit"]["one"] == "You have %{count} character remaining"  # type: ignore[index]
    assert words["charactersOverLimit"]["few"] == "You have %{count} characters too many"  # type: ignore[index]
    assert counting_words() == ""
    with translation.override("cy"):
        assert '"charactersAtLimit"' in counting_words()


def test_files_may_name_choices_in_english_and_in_the_language_of_the_service() -> None:
    month = [("oct", translation.gettext_lazy("October"))]
    with translation.override("cy"):
        assert names_of(month) == {"oct": "oct", "october": "oct", "hydref": "oct"}
