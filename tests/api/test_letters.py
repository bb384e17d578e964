"""A partner's system reads the published letter about a finding of its own, and nothing before."""

from typing import Any

import pytest

from inspections.findings.services.links import link_action
from inspections.letters.services import correct_letter
from inspections.models import PublishedResponse
from tests.api.asking import cost, problem, results
from tests.api.clients import System, system_of
from tests.api.test_description import described, validate
from tests.cast import AT, Cast
from tests.factories import ActionFactory
from tests.inspections.letters import letters

__all__ = ["described"]


@pytest.fixture
def letter(cast: Cast) -> PublishedResponse:
    """A draft about the report whose first finding an action of the council answers."""
    row = letters.drafted(cast)
    action = ActionFactory(cast=cast, in_progress=True, supporting=[cast.wakefield_council])
    finding = letters.findings(row.inspection)[0]
    link_action(actor=cast.manager, recommendation=finding, action=action, at=AT)
    return row


@pytest.fixture
def system(cast: Cast) -> System:
    return system_of(cast, cast.wakefield_council, scopes=["recommendations:read"])


def published(cast: Cast, letter: PublishedResponse) -> PublishedResponse:
    return letters.published(cast, letters.approved(cast, letter))


def test_a_letter_is_read_once_it_is_published(
    cast: Cast, system: System, letter: PublishedResponse, described: dict[str, Any]
) -> None:
    where = f"/inspections/{letter.inspection_id}/letters/"
    assert results(system.get(where)) == []
    problem(system.get(f"/letters/{letter.pk}/"), 404, "not-found")
    problem(system.get(f"/letters/{letter.pk}/pdf/"), 404, "not-found")
    row = published(cast, letter)

    [letter_body] = results(system.get(where))
    assert (letter_body["state"], letter_body["published_on"], letter_body["sha256"]) == (
        "published",
        "2020-06-19",
        row.sha256,
    )
    assert letter_body["inspection"] == {"id": row.inspection_id, "title": row.inspection.title}
    whole = system.get(f"/letters/{row.pk}/").json()
    assert whole == letter_body | {"content": whole["content"]}
    assert [each["response"] for each in whole["content"]["recommendations"]] == [
        "Referrals are shared within the hour.",
        "Training runs until March.",
    ]
    validate(described, "WholeLetter", whole)
    page = cost(system, where)
    second = correct_letter(actor=cast.opcc_officer, letter=row, reason="A misprint.", at=AT)
    published(cast, second)
    assert [each["number"] for each in results(system.get(where))] == [2, 1]
    assert cost(system, where) == page


@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_a_letter_is_downloaded(
    cast: Cast, system: System, letter: PublishedResponse, kind: str, begins: bytes
) -> None:
    row = published(cast, letter)
    answer = system.get(f"/letters/{row.pk}/{kind}/")
    assert answer.status_code == 200
    assert b"".join(answer).startswith(begins)
    assert f".{kind}" in answer["Content-Disposition"]


def test_an_altered_letter_is_not_handed_out(cast: Cast, system: System, letter: PublishedResponse) -> None:
    row = published(cast, letter)
    PublishedResponse.objects.filter(pk=row.pk).update(content=row.content | {"closing": "Never."})
    for address in ("", "pdf/", "docx/"):
        problem(system.get(f"/letters/{row.pk}/{address}"), 409, "altered-letter")


def test_letters_of_others_are_not_there(cast: Cast, letter: PublishedResponse) -> None:
    row = published(cast, letter)
    foreign = system_of(cast, cast.city_council, scopes=["recommendations:read"])
    for address in (
        f"/letters/{row.pk}/",
        f"/letters/{row.pk}/docx/",
        f"/inspections/{row.inspection_id}/letters/",
    ):
        problem(foreign.get(address), 404, "not-found")
