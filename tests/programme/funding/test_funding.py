"""Funding by year, grants within their limit, and stated totals beside what is itemised."""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from jsonschema import Draft202012Validator

from partners.models import Organisation
from programme.funding.queries import reconciled, years
from programme.models import GrantFund
from programme.records.services.records import save_record
from tests.cast import AT, TODAY, Cast
from tests.factories import OrganisationFactory
from tests.programme.factories import (
    FundingDecisionFactory,
    FundingRoundFactory,
    GrantFactory,
    GrantFundFactory,
    GrantLimitFactory,
    StatedTotalFactory,
)
from tests.programme.funding import giving


def councils(cast: Cast) -> list[Organisation]:
    """Four more councils, so that there are five."""
    kind = Organisation.Kind.COUNCIL
    names = ("Bradford Council", "Calderdale Council", "Kirklees Council", "Leeds Council")
    return [OrganisationFactory(partnership=cast.yorkshire, name=name, kind=kind) for name in names]


def test_funded_not_funded_and_unknown_add_up_to_the_councils(cast: Cast) -> None:
    first = FundingRoundFactory(cast=cast)
    for council in councils(cast):
        FundingDecisionFactory(cast=cast, round=first, organisation=council, status="funded")
    FundingDecisionFactory(cast=cast, round=first)
    FundingRoundFactory(cast=cast, year="2020/21", stage="scoping")
    new, old = years(user=cast.manager, on=TODAY)
    assert (old.funded, old.not_funded, old.unknown, len(old.lines)) == (4, 1, 0, 5)
    assert (new.funded, new.not_funded, new.unknown, len(new.lines)) == (0, 0, 5, 5)


def test_without_an_amount_for_each_council_there_is_no_sum(cast: Cast) -> None:
    first = FundingRoundFactory(cast=cast)
    one, two, *_ = councils(cast)
    FundingDecisionFactory(cast=cast, round=first, organisation=one, status="funded", amount=Decimal("10.10"))
    other = FundingDecisionFactory(cast=cast, round=first, organisation=two, status="funded")
    assert years(user=cast.manager, on=TODAY)[0].amount is None
    save_record(actor=cast.manager, row=other, at=AT, amount=Decimal("0.05"))
    assert years(user=cast.manager, on=TODAY)[0].amount == Decimal("10.15")


@pytest.mark.parametrize("year", ["2019", "2019/21", "19/20", "2019-20"])
def test_a_year_that_is_none_is_refused(cast: Cast, year: str) -> None:
    with pytest.raises(ValidationError) as refused:
        FundingRoundFactory(cast=cast, year=year)
    assert "like 2019/20" in str(refused.value)


def test_a_council_that_is_not_funded_has_no_amount(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        FundingDecisionFactory(cast=cast, amount=Decimal("1.00"))
    assert "Only an organisation that is funded" in str(refused.value)


def test_a_stated_total_is_shown_beside_the_itemised_sum(cast: Cast) -> None:
    fund = GrantFundFactory(cast=cast)
    GrantLimitFactory(cast=cast, fund=fund)
    StatedTotalFactory(cast=cast, fund=fund, as_at=date(2018, 6, 19))
    StatedTotalFactory(cast=cast, fund=fund)
    (line,) = reconciled(user=cast.manager, on=TODAY)
    assert (line.itemised, line.difference) == (Decimal(0), Decimal("82058.98"))
    assert (line.mean, line.fewest, line.is_possible) == (Decimal("4102.95"), 14, True)
    assert line.repeat is not None
    assert line.repeat.days == 476
    GrantFactory(cast=cast, fund=fund)
    (line,) = reconciled(user=cast.manager, on=TODAY)
    assert (line.itemised, line.difference) == (Decimal("4102.95"), Decimal("77956.03"))


def test_a_new_figure_repeats_nothing(cast: Cast) -> None:
    fund = GrantFundFactory(cast=cast)
    StatedTotalFactory(cast=cast, fund=fund, as_at=date(2018, 6, 19), amount=Decimal("80000.00"))
    StatedTotalFactory(cast=cast, fund=fund)
    assert reconciled(user=cast.manager, on=TODAY)[0].repeat is None


def test_the_page_says_what_is_not_itemised_and_that_the_figure_is_old(cast: Cast, signed_in: Any) -> None:
    fund = GrantFundFactory(cast=cast)
    StatedTotalFactory(cast=cast, fund=fund, as_at=date(2018, 6, 19))
    StatedTotalFactory(cast=cast, fund=fund)
    page = signed_in("gold").get(reverse("programme:room", args=["funding"])).content.decode()
    assert "Not itemised in this record" in page
    assert "unchanged since 19 June 2018, 476 days before" in page


@pytest.mark.parametrize(
    ("awarded_on", "amount", "fits"),
    [
        (date(2019, 5, 1), "6000.00", True),
        (date(2019, 5, 1), "6000.01", False),
        (date(2018, 3, 31), "6000.01", True),
    ],
)
def test_a_grant_is_within_the_limit_of_its_day(
    cast: Cast, awarded_on: date, amount: str, fits: bool
) -> None:
    limit = GrantLimitFactory(cast=cast, valid_from=date(2018, 4, 1))
    fields = {"fund": limit.fund, "awarded_on": awarded_on, "amount": Decimal(amount)}
    if fits:
        assert GrantFactory(cast=cast, **fields).amount == Decimal(amount)
        return
    with pytest.raises(ValidationError) as refused:
        GrantFactory(cast=cast, **fields)
    assert "can be up to £6,000.00 on this day" in str(refused.value)


def test_a_later_limit_replaces_one_whose_end_nobody_entered(cast: Cast) -> None:
    first = GrantLimitFactory(cast=cast, valid_from=date(2018, 4, 1))
    fields = {"fund": first.fund, "valid_from": date(2020, 4, 1), "amount": Decimal("8000.00")}
    GrantLimitFactory(cast=cast, **fields)
    (line,) = reconciled(user=cast.manager, on=TODAY)
    assert line.limit is not None
    assert line.limit.amount == Decimal("8000.00")
    late = {"awarded_on": date(2020, 4, 1), "amount": Decimal("8000.00"), "fund": first.fund}
    GrantFactory(cast=cast, **late)
    with pytest.raises(ValidationError, match="up to £6,000.00 on this day"):
        GrantFactory(cast=cast, **late | {"awarded_on": date(2020, 3, 31)}, identifier="360G-example-0002")


def test_a_limit_below_a_grant_of_its_days_is_refused(cast: Cast) -> None:
    limit = GrantLimitFactory(cast=cast)
    GrantFactory(cast=cast, fund=limit.fund, amount=Decimal("6000.00"), awarded_on=date(2019, 5, 1))
    with pytest.raises(ValidationError, match="of £6,000.00 is over this limit on its day") as refused:
        save_record(actor=cast.manager, row=limit, at=AT, amount=Decimal("5999.99"))
    assert list(refused.value.error_dict) == ["amount"]
    lower = {"fund": limit.fund, "amount": Decimal("5000.00")}
    with pytest.raises(ValidationError, match="is over this limit"):
        GrantLimitFactory(cast=cast, **lower, valid_from=date(2019, 5, 1))
    assert GrantLimitFactory(cast=cast, **lower, valid_from=date(2019, 5, 2)).is_current


@pytest.mark.parametrize(
    ("qualifier", "words", "possible"),
    [("exactly", "10", False), ("up_to", "up to 10", False), ("at_least", "at least 10", True)],
)
def test_a_stated_number_is_as_exact_as_its_paper(
    cast: Cast, signed_in: Any, qualifier: str, words: str, possible: bool
) -> None:
    limit = GrantLimitFactory(cast=cast)
    StatedTotalFactory(cast=cast, fund=limit.fund, number=10, number_qualifier=qualifier)
    (line,) = reconciled(user=cast.manager, on=TODAY)
    assert line.is_possible is possible
    page = signed_in("manager").get(reverse("programme:room", args=["funding"])).content.decode()
    assert f" to {words} projects since" in page


def test_commas_quotation_marks_and_line_ends_stay_in_their_cell(cast: Cast, signed_in: Any) -> None:
    texts = {"recipient": 'Hope, "Faith" & Charity', "purpose": "Meetings,\ntravel; and rent."}
    GrantFactory(cast=cast, **texts)
    (row,) = grants_file(signed_in("manager"))
    assert (row["Recipient Org:Name"], row["Purpose"]) == tuple(texts.values())


def grants_file(browser: Any) -> list[dict[str, str]]:
    response = browser.get(reverse("programme:grants-csv"))
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(response.content.decode())))


def test_the_grants_file_is_as_360giving_asks(cast: Cast, signed_in: Any) -> None:
    first = GrantFactory(cast=cast)
    GrantFactory(cast=cast, identifier="360G-example-0002", fund=first.fund, area=cast.bradford)
    rows = grants_file(signed_in("manager"))
    titles = [title for title, *_ in giving.FIELDS]
    for row in rows:
        assert sorted(row) == sorted((*titles, *giving.OWN))
        Draft202012Validator(giving.schema()).validate(giving.as_json(row))
        assert (row["Purpose"], row["Conditions"], row["Reasons"]) == (
            "Meetings and travel.",
            "Report by March 2020.",
            "It meets the aims of the fund.",
        )
    assert giving.as_json(rows[0])["amountAwarded"] == 4102.95
    assert len({row["Identifier"] for row in rows}) == 2


@pytest.mark.parametrize("title", [title for title, _, _, required in giving.FIELDS if required])
def test_a_grant_without_a_required_field_is_not_as_360giving_asks(title: str) -> None:
    row = dict.fromkeys([title for title, *_ in giving.FIELDS], "x")
    row |= {"Currency": "GBP", "Amount Awarded": "1.00", "Award Date": "2019-05-01"}
    row["Last modified"] = "2019-05-01T00:00:00Z"
    validator = Draft202012Validator(giving.schema())
    assert validator.is_valid(giving.as_json(row))
    assert not validator.is_valid(giving.as_json(row | {title: ""}))


def test_a_grant_is_published_only_with_the_identifier_of_its_funder(cast: Cast) -> None:
    fund = GrantFundFactory(cast=cast, funder_identifier="")
    with pytest.raises(ValidationError) as refused:
        GrantFactory(cast=cast, fund=fund)
    assert "Enter the funder identifier on the page of the fund first" in str(refused.value)
    save_record(actor=cast.manager, row=fund, at=AT, funder_identifier="GB-PUB-OPCC")
    GrantFactory(cast=cast, fund=GrantFund.objects.get())
    with pytest.raises(ValidationError) as refused:
        save_record(actor=cast.manager, row=fund, at=AT, funder_identifier="")
    assert "A published grant of this fund needs it" in str(refused.value)


@pytest.mark.parametrize(
    "fields",
    [
        {"publication": "undecided"},
        {"publication": "withhold", "exemption": "s40", "withheld_reason": "It would name a person."},
        {"state": "applied", "awarded_on": None},
        {"state": "declined"},
        {"basis": "illustrative"},
    ],
    ids=lambda fields: str(next(iter(fields.values()))),
)
def test_only_awarded_grants_decided_for_publication_are_in_the_file(
    cast: Cast, signed_in: Any, fields: dict[str, Any]
) -> None:
    GrantFactory(cast=cast, **fields)
    assert grants_file(signed_in("manager")) == []


def test_no_cell_of_the_grants_file_is_a_formula(cast: Cast, signed_in: Any) -> None:
    GrantFactory(cast=cast, recipient="=HYPERLINK(1)")
    assert grants_file(signed_in("manager"))[0]["Recipient Org:Name"] == "'=HYPERLINK(1)"


def test_the_page_groups_the_digits_of_amounts(cast: Cast, signed_in: Any) -> None:
    fund = GrantFundFactory(cast=cast)
    StatedTotalFactory(cast=cast, fund=fund)
    text = signed_in("manager").get(reverse("programme:room", args=["funding"])).content.decode()
    assert "£82,058.98" in text
    assert "£4,102.95" in text
