"""A public edition from draft to published, corrected and withdrawn: what leaves, who decides, and what is refused."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from actions.disclosure.services import decide_publication
from actions.models import Action
from audit.models import Entry
from audit.services import verify
from partners.policies import rights_of
from reports.models import Paper, PublicEdition
from reports.papers.services.issuing import correct_paper, issue_paper, reconcile_paper
from reports.publications.policies import may_see
from reports.publications.queries import compose, full
from reports.publications.services.preparing import (
    abandon_edition,
    correct_edition,
    draft_edition,
    treat_section,
    word_row,
)
from reports.publications.services.publishing import approve_edition, publish_edition, withdraw_edition
from tests.cast import AT, LONDON, PEOPLE, TODAY, Cast
from tests.factories import ActionFactory
from tests.programme.factories import ChampionsCountFactory, TrainingEventFactory
from tests.reports.factories import (
    drafted_edition,
    issued_paper,
    published_edition,
    template_of,
    write_every_text,
)

NEXT_WEEK = datetime(2020, 6, 26, 11, tzinfo=LONDON)


def decide(cast: Cast, action: Action, publication: str = "publish", exemption: str = "") -> None:
    decide_publication(
        actor=cast.manager,
        action=action,
        publication=publication,
        exemption=exemption,
        reason="Decided for the public edition.",
        at=AT,
    )


def three_actions(cast: Cast) -> list[Action]:
    """One action decided for publication, one withheld and one without a decision."""
    actions = [
        ActionFactory(cast=cast, ref=f"WY20-0{number}", title=f"Title {number}", in_progress=True)
        for number in (1, 2, 3)
    ]
    decide(cast, actions[0])
    decide(cast, actions[1], "withhold", "s31")
    return actions


def tables(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (table for section in content["sections"] for table in section["tables"])


def table(content: dict[str, Any], key: str) -> dict[str, Any]:
    return next(each for each in tables(content) if each["key"] == key)


def words_of(error: ValidationError) -> str:
    return " ".join(error.messages)


def test_only_rows_decided_for_publication_leave_in_their_public_wording(cast: Cast) -> None:
    first, *_ = three_actions(cast)
    word_row(actor=cast.manager, row=first, text="Work with schools", at=AT)
    edition = published_edition(cast, issued_paper(cast))
    content = edition.content
    assert [(row["ref"], row["title"]) for row in content["rows"]] == [("WY20-01", "Work with schools")]
    assert content["numbers"] == {
        "all": 3,
        "published": 1,
        "withheld": [["s.31 Law enforcement", 1]],
        "undecided": 1,
    }
    assert table(content, "state-by-pillar")["rows"][-1]["cells"][-1] == {"n": 1, "refs": ["WY20-01"]}
    text = json.dumps(content)
    for hidden in (
        "WY20-02",
        "WY20-03",
        "Title 1",
        "Title 2",
        "SENSITIVE",
        str(first.owner),
        first.owner.email,
    ):
        assert hidden not in text
    assert verify(ledger=cast.yorkshire.ledger).ok


def test_an_action_that_became_sensitive_is_neither_published_nor_counted(cast: Cast) -> None:
    actions = three_actions(cast)
    paper = issued_paper(cast)
    Action.objects.filter(pk=actions[0].pk).update(
        marking="OFFICIAL-SENSITIVE", handling_instruction="Board members only."
    )
    made, _ = compose(full(drafted_edition(cast, paper).pk))
    assert made.content["rows"] == []
    assert made.content["numbers"]["all"] == 2


def test_texts_leave_only_in_their_public_wording(cast: Cast) -> None:
    paper = issued_paper(cast, template=template_of(cast, "gold"))
    edition = draft_edition(actor=cast.manager, paper=paper, at=AT)
    assert "Nil." in json.dumps(paper.content)
    made, _ = compose(full(edition.pk))
    assert "Nil." not in json.dumps(made.content)
    section = edition.sections.get(kind="narrative")
    treat_section(actor=cast.manager, section=section, treatment="published", text="First.\n\nSecond.", at=AT)
    made, _ = compose(full(edition.pk))
    texts = [each["paragraphs"] for each in made.content["sections"] if each["paragraphs"]]
    assert texts == [[{"number": 1, "text": "First."}, {"number": 2, "text": "Second."}]]


def test_an_edition_with_an_undecided_text_is_not_approved(cast: Cast) -> None:
    paper = issued_paper(cast, template=template_of(cast, "gold"))
    edition = draft_edition(actor=cast.manager, paper=paper, at=AT)
    with pytest.raises(ValidationError) as caught:
        approve_edition(actor=cast.opcc_officer, edition=edition, at=AT)
    assert "Summary: decide whether the section is published." in caught.value.messages


def test_a_text_that_names_an_owner_or_another_action_does_not_leave(cast: Cast) -> None:
    first, *_ = three_actions(cast)
    edition = drafted_edition(cast, issued_paper(cast))
    section = edition.sections.all()[0]
    treat_section(
        actor=cast.manager, section=section, treatment="published", text=f"Ask {first.owner.name}.", at=AT
    )
    with pytest.raises(ValidationError, match=f"{first.owner.name} is named"):
        approve_edition(actor=cast.opcc_officer, edition=edition, at=AT)
    treat_section(actor=cast.manager, section=section, treatment="published", text="See WY20-02.", at=AT)
    with pytest.raises(ValidationError, match="WY20-02 is not published"):
        approve_edition(actor=cast.opcc_officer, edition=edition, at=AT)


def published_counts(cast: Cast, **people: int) -> list[Any]:
    """Record how many champions each of these organisations has, by its name in the cast, for publication."""
    return [
        ChampionsCountFactory(
            cast=cast,
            organisation=getattr(cast, organisation),
            people=number,
            publication="publish",
            as_at=date(2020, 3, 31),
        )
        for organisation, number in people.items()
    ]


def test_small_counts_of_people_leave_with_nothing_that_gives_them_away(cast: Cast) -> None:
    published_counts(cast, bradford_district=3, leeds_district=12, police=40)
    TrainingEventFactory(cast=cast, publication="publish")
    TrainingEventFactory(cast=cast, title="Not decided")
    edition = published_edition(cast, issued_paper(cast))
    lines = {(row["label"], row["cells"][0]["text"]) for row in table(edition.content, "training")["rows"]}
    assert lines == {
        ("Champions launch", "Held: at least 130 people"),
        ("Champions, delivery", "[c]"),
        ("Champions, delivery", "40"),
        ("Champions: all", "55"),
    }
    assert sorted(edition.counts["counts"].values()) == [3, 12, 40, 55, 130]
    assert "counts" not in Entry.objects.filter(verb="edition.published").get().state


def test_a_small_change_since_the_last_edition_is_left_out_too(cast: Cast) -> None:
    row = ChampionsCountFactory(cast=cast, people=40, publication="publish")
    first = published_edition(cast, issued_paper(cast))
    assert table(first.content, "training")["rows"][0]["cells"][0] == {"text": "40"}
    type(row).objects.filter(pk=row.pk).update(people=42)
    later = issued_paper(cast, as_at=TODAY, at=NEXT_WEEK)
    second = published_edition(cast, later, at=NEXT_WEEK)
    assert table(second.content, "training")["rows"][0]["cells"][0] == {"text": "[c]"}


def test_three_people_prepare_approve_and_publish(cast: Cast) -> None:
    edition = drafted_edition(cast, issued_paper(cast))
    for person in ("manager", "auditor", "leeds_spoc", "observer"):
        with pytest.raises(PermissionDenied):
            approve_edition(actor=cast.person(person), edition=edition, at=AT)
    edition = approve_edition(actor=cast.opcc_officer, edition=edition, at=AT)
    with pytest.raises(PermissionDenied, match="You approved this edition"):
        publish_edition(actor=cast.opcc_officer, edition=edition, at=AT)
    with pytest.raises(PermissionDenied):
        publish_edition(actor=cast.manager, edition=edition, at=AT)
    assert publish_edition(actor=cast.gold, edition=edition, at=AT).state == "published"
    verbs = Entry.objects.filter(target_type="reports.publicedition").order_by("sequence")
    assert [verb for verb in verbs.values_list("verb", flat=True) if verb != "edition.section_changed"] == [
        "edition.drafted",
        "edition.approved",
        "edition.published",
    ]


def test_what_is_published_is_what_was_approved(cast: Cast) -> None:
    first, *_ = three_actions(cast)
    edition = approve_edition(actor=cast.gold, edition=drafted_edition(cast, issued_paper(cast)), at=AT)
    decide(cast, first, "withhold", "s24")
    with pytest.raises(ValidationError) as caught:
        publish_edition(actor=cast.opcc_officer, edition=edition, at=AT)
    assert caught.value.code == "changed"
    section = edition.sections.all()[0]
    treat_section(actor=cast.manager, section=section, treatment="left_out", at=AT)
    edition.refresh_from_db()
    assert (edition.state, edition.sha256, edition.approved_by) == ("draft", "", None)


def test_a_correction_says_what_changed_and_replaces_the_edition_when_published(cast: Cast) -> None:
    three_actions(cast)
    paper = issued_paper(cast)
    edition = published_edition(cast, paper)
    draft = correct_paper(actor=cast.manager, paper=paper, correction="A text.", at=AT)
    write_every_text(cast, draft)
    draft = reconcile_paper(actor=cast.manager, paper=draft, at=AT)
    issue_paper(actor=cast.gold, paper=draft, at=AT)
    following = correct_edition(
        actor=cast.manager, edition=edition, correction="The text on training was wrong.", at=AT
    )
    assert following.paper == draft
    [was, now] = [[*each.sections.values_list("kind", "treatment")] for each in (edition, following)]
    assert was == now
    approve_edition(actor=cast.opcc_officer, edition=following, at=AT)
    edition.refresh_from_db()
    assert edition.state == "published"
    following = publish_edition(actor=cast.opcc_director, edition=following, at=AT)
    edition.refresh_from_db()
    assert edition.state == "corrected"
    assert (following.content["number"], following.content["correction"]) == (
        2,
        "The text on training was wrong.",
    )


def test_an_edition_is_withdrawn_and_abandoned_with_a_reason(cast: Cast) -> None:
    paper = issued_paper(cast)
    draft = drafted_edition(cast, paper)
    treat_section(actor=cast.manager, section=draft.sections.all()[0], treatment="left_out", at=AT)
    for service in (abandon_edition, withdraw_edition):
        with pytest.raises(ValidationError, match="Enter why"):
            service(actor=cast.manager, edition=draft, reason=" ", at=AT)
    assert abandon_edition(actor=cast.manager, edition=draft, reason="Too early.", at=AT).state == "abandoned"
    edition = published_edition(cast, paper)
    with pytest.raises(PermissionDenied):
        withdraw_edition(actor=cast.auditor, edition=edition, reason="No.", at=AT)
    edition = withdraw_edition(actor=cast.manager, edition=edition, reason="A figure was wrong.", at=AT)
    assert (edition.state, edition.withdrawal) == ("withdrawn", "A figure was wrong.")
    with pytest.raises(ValidationError, match="withdrawn"):
        withdraw_edition(actor=cast.manager, edition=edition, reason="Again.", at=AT)


def test_which_papers_have_an_edition(cast: Cast) -> None:
    paper = issued_paper(cast)
    drafted_edition(cast, paper)
    with pytest.raises(ValidationError, match="has a public edition already"):
        draft_edition(actor=cast.manager, paper=paper, at=AT)
    Paper.objects.filter(pk=paper.pk).update(marking="OFFICIAL-SENSITIVE", handling_instruction="Board only.")
    paper.refresh_from_db()
    with pytest.raises(ValidationError, match="Only an OFFICIAL paper"):
        draft_edition(actor=cast.manager, paper=paper, at=AT)


def test_list_and_object_rule_agree(cast: Cast) -> None:
    edition = drafted_edition(cast, issued_paper(cast))
    seen = {name for name in PEOPLE if may_see(rights_of(cast.person(name), TODAY), edition)}
    assert seen == {
        name for name in PEOPLE if PublicEdition.objects.visible_to(cast.person(name), TODAY).exists()
    }
    assert seen == {"manager", "silver", "gold", "auditor", "opcc_officer", "opcc_director"} & PEOPLE.keys()
