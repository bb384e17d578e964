"""What leaves of rows that are no action: findings, inspections, training, funding and Channel panels."""

import json
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from inspections.models import Recommendation
from programme.records.services.records import save_record
from reports.figures.public_checks import public_differences
from reports.publications.queries import compose, full, rows_of
from reports.publications.rendering import numbers_in_words
from reports.publications.services.preparing import word_row
from reports.publications.services.publishing import approve_edition, publish_edition
from tests.cast import AT, Cast
from tests.inspections.factories import RecommendationFactory
from tests.programme.factories import (
    ChannelPanelFactory,
    PanelMonthFactory,
    TrainingEventFactory,
)
from tests.reports.factories import drafted_edition, issued_paper, published_edition, template_of
from tests.reports.publications.test_editions import published_counts, table


def test_channel_panels_are_published_together_or_not_at_all(cast: Cast) -> None:
    """A month with one meeting of one panel would tell that there was a case."""
    recorded = {"basis": "recorded", "publication": "publish", "as_at": date(2020, 4, 1)}
    first = PanelMonthFactory(cast=cast, held=7, both=7, local_only=0, **recorded)
    april = {"panel": first.panel, "month": date(2020, 2, 1), "as_at": date(2020, 3, 1), "basis": "recorded"}
    PanelMonthFactory(cast=cast, held=9, both=9, local_only=0, **april)
    leeds = ChannelPanelFactory(cast=cast, council=cast.opcc, monitored_by=cast.leeds_district)
    PanelMonthFactory(cast=cast, panel=leeds, held=8, both=8, local_only=0, **recorded)
    PanelMonthFactory(
        cast=cast, held=9, both=9, local_only=0, **april | {"panel": leeds, "publication": "publish"}
    )
    paper = issued_paper(cast)
    internal = [row["label"] for row in table(paper.content, "channel")["rows"]]
    assert len(internal) == 4
    edition = published_edition(cast, paper)
    shown = {row["label"]: row["cells"][0]["text"] for row in table(edition.content, "channel")["rows"]}
    assert shown == {"March 2020": "15", "All": "15"}
    assert not any(str(panel) in json.dumps(edition.content) for panel in (first.panel, leeds))


@pytest.fixture
def findings(cast: Cast) -> list[Recommendation]:
    """Three recommendations of a published report."""
    first = RecommendationFactory(cast=cast)
    others = [RecommendationFactory(cast=cast, inspection=first.inspection, number=n) for n in ("2", "3")]
    return [first, *others]


def test_findings_leave_once_decided_in_their_public_wording(
    cast: Cast, findings: list[Recommendation]
) -> None:
    first, second, _ = findings
    edition = drafted_edition(cast, issued_paper(cast, template=template_of(cast, "gold")))
    made, basis = compose(full(edition.pk))
    assert table(made.content, "recommendations")["rows"] == []
    assert "CT4" not in json.dumps(made.content)
    assert {(row.kind, row.decides) for row in rows_of(edition, basis)} == {
        ("inspection", True),
        ("recommendation", True),
    }
    word = partial(word_row, actor=cast.manager, at=AT)
    word(row=first.inspection, publication="publish", text="The report of March 2020")
    word(row=first, publication="publish", text="Share referrals better")
    with pytest.raises(ValidationError, match="Choose the exemption"):
        word(row=second, publication="withhold", text="")
    word(row=second, publication="withhold", exemption="s31", text="")
    approved = approve_edition(actor=cast.opcc_officer, edition=edition, at=AT)
    listed = [(row["label"], row["cells"][0]["text"]) for row in table(approved.content, "findings")["rows"]]
    assert listed == [("The report of March 2020: Recommendation 1", "Share referrals better")]
    counted = {
        row["label"]: row["cells"][0]["n"] for row in table(approved.content, "recommendations")["rows"]
    }
    assert counted == {"The report of March 2020: recommendations": 1, "All": 1}
    assert numbers_in_words(approved.content).endswith(
        "1 of the paper's 3 recommendations and areas for improvement is published here. "
        "Not published: 1 withheld under s.31 Law enforcement, 1 not decided."
    )
    assert "CT4" not in json.dumps(approved.content)
    word(row=first, publication="publish", text="Another wording")
    with pytest.raises(ValidationError) as caught:
        publish_edition(actor=cast.opcc_director, edition=approved, at=AT)
    assert caught.value.code == "changed"


def test_a_finding_is_decided_and_worded_on_its_page(
    cast: Cast, findings: list[Recommendation], signed_in: Any
) -> None:
    edition = drafted_edition(cast, issued_paper(cast, template=template_of(cast, "gold")))
    client, kind = signed_in("manager"), ("recommendation", findings[0].pk)
    address = reverse("reports:edition-wording", args=[edition.pk, *kind])
    assert address in client.get(reverse("reports:edition", args=[edition.pk])).text
    assert client.post(address, {"publication": "withhold", "text": "Kept as typed"}).status_code == 422
    sent = {"publication": "publish", "exemption": "", "text": "Share referrals better"}
    assert client.post(address, sent).status_code == 302
    assert "Share referrals better" in client.get(reverse("reports:edition", args=[edition.pk])).text
    for kind in (("action", findings[0].pk), ("entry", 1)):
        missing = reverse("reports:edition-wording", args=[edition.pk, *kind])
        assert client.get(missing).status_code == 404


def test_facts_leave_in_their_public_wording(cast: Cast) -> None:
    event = TrainingEventFactory(cast=cast, publication="publish")
    word_row(actor=cast.manager, row=event, text="A conference", at=AT)
    edition = published_edition(cast, issued_paper(cast))
    assert [row["label"] for row in table(edition.content, "training")["rows"]] == ["A conference"]
    with pytest.raises(ValidationError, match="decision on publication of its own"):
        word_row(actor=cast.manager, row=event, text="", publication="publish", at=AT)


def test_a_fact_leaves_only_while_its_last_correction_is_published(cast: Cast) -> None:
    facts = published_counts(cast, bradford_district=30, leeds_district=120)
    edition = drafted_edition(cast, issued_paper(cast))
    keys = [f"programme.championscount:{fact.pk}" for fact in facts]
    save = partial(save_record, actor=cast.manager, at=AT)
    corrected = save(row=facts[0], people=31)
    assert compose(full(edition.pk))[1].facts.keys() == {*keys}
    save(row=corrected, publication="undecided")
    assert compose(full(edition.pk))[1].facts.keys() == {keys[1]}


def test_a_count_that_could_be_worked_out_is_named_with_the_facts_on_both_sides(
    cast: Cast, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = published_counts(cast, bradford_district=3, leeds_district=12)
    edition = drafted_edition(cast, issued_paper(cast))
    # A way to leave out counts that forgets that the total gives one away.
    monkeypatch.setattr(
        "reports.figures.public.left_out",
        lambda counts, sums, **options: frozenset(key for key, count in counts.items() if count == 3),
    )
    made, basis = compose(full(edition.pk))
    (difference,) = public_differences(made, basis)
    keys = tuple(f"programme.championscount:{fact.pk}" for fact in facts)
    assert (difference.number, difference.left, difference.right) == (10, keys[:1], keys[1:])
    page = signed_in("manager").get(reverse("reports:edition", args=[edition.pk])).text
    for fact in facts:
        assert f'href="/programme/training/champions/{fact.pk}/"' in page
