"""Rules of papers that hold for every kind of row and every way in: markings, writers, links, and what is not new."""

from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from partners.models import Role
from reports.models import Paper
from reports.papers import queries
from reports.papers.files import FORMS
from reports.papers.outline import opening_of
from reports.papers.queries import content_of, contents_before, full
from reports.papers.services.drafting import answer_implication, explain_appendix, write_section
from reports.papers.services.issuing import issue_paper, reconcile_paper
from tests.cast import AT, LONDON, TODAY, Cast
from tests.factories import ActionFactory, MembershipFactory
from tests.inspections.factories import InspectionFactory, RecommendationFactory
from tests.programme.factories import ChampionsCountFactory, TrainingEventFactory
from tests.reports.factories import (
    PaperFactory,
    TemplateFactory,
    issued_paper,
    template_of,
    write_every_text,
)

NEXT_WEEK = datetime(2020, 6, 19, 11, tzinfo=LONDON)
SENSITIVE = {"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "Board members only."}


@pytest.mark.parametrize("make", [InspectionFactory, TrainingEventFactory])
def test_any_sensitive_row_raises_the_marking_or_is_left_out(cast: Cast, make: Any) -> None:
    make(cast=cast, title="Not for everybody", **SENSITIVE)
    layout = "gold" if make is InspectionFactory else "silver"
    paper = PaperFactory(cast=cast, template=template_of(cast, layout))
    content = content_of(full(paper.pk))
    assert (paper.marking, content["marking"]) == ("OFFICIAL-SENSITIVE",) * 2
    open_template = TemplateFactory(cast=cast, layout="outcomes")
    paper = PaperFactory(cast=cast, template=open_template)
    content = content_of(full(paper.pk))
    assert (paper.marking, content["marking"]) == ("OFFICIAL",) * 2
    assert "Not for everybody" not in str(content)


def test_whoever_wrote_any_part_does_not_issue_the_paper(cast: Cast) -> None:
    paper = PaperFactory(cast=cast, template=TemplateFactory(cast=cast, layout="committee"))
    MembershipFactory(user=cast.gold, organisation=cast.police, role=Role.PROGRAMME_MANAGER)
    MembershipFactory(user=cast.observer, organisation=cast.police, role=Role.BOARD_MEMBER)
    for implication in paper.implications.all():
        answer_implication(actor=cast.gold, implication=implication, text="Nil", at=AT)
    write_every_text(cast, paper)
    appendix = paper.appendices.get()
    explain_appendix(actor=cast.manager, appendix=appendix, status="attached", at=AT)
    reconcile_paper(actor=cast.manager, paper=paper, at=AT)
    with pytest.raises(PermissionDenied, match="You wrote part of this paper"):
        issue_paper(actor=cast.gold, paper=paper, at=AT)
    assert issue_paper(actor=cast.observer, paper=paper, at=AT).state == Paper.State.ISSUED


def test_a_figure_and_a_text_that_a_board_was_told_before_are_flagged(cast: Cast) -> None:
    count = ChampionsCountFactory(cast=cast, people=40, as_at=date(2020, 3, 31))
    changed = ChampionsCountFactory(
        cast=cast, organisation=cast.leeds_district, people=12, as_at=date(2020, 3, 31)
    )

    def write(paper: Paper, text: str) -> Any:
        section = paper.sections.get(kind="training")
        write_section(actor=cast.manager, section=section, text=text, at=NEXT_WEEK)
        content = content_of(full(paper.pk))
        return next(each for each in content["sections"] if each["kind"] == "training")

    first = PaperFactory(cast=cast)
    assert "unchanged since" not in str(write(first, "Over 130 people came."))
    issue_paper(
        actor=cast.gold,
        paper=reconcile_paper(actor=cast.manager, paper=first, at=NEXT_WEEK),
        at=NEXT_WEEK,
    )
    type(changed).objects.filter(pk=changed.pk).update(people=14)
    second = PaperFactory(cast=cast, as_at=TODAY, at=NEXT_WEEK)
    section = write(second, "Over 130 people came.")
    dated = {row["fact"]["key"]: row["cells"][1]["text"] for row in section["tables"][0]["rows"]}
    assert dated[f"programme.championscount:{count.pk}"] == "31 March 2020 (unchanged since the last paper)"
    assert dated[f"programme.championscount:{changed.pk}"] == "31 March 2020"
    assert section["unchanged"]
    assert not write(second, "Over 140 people came.")["unchanged"]


def test_papers_with_other_definitions_are_not_compared(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ActionFactory(cast=cast, in_progress=True)
    issued_paper(cast)
    paper = full(PaperFactory(cast=cast, as_at=TODAY, at=NEXT_WEEK).pk)
    assert len(contents_before(paper)) == 1
    monkeypatch.setattr(queries, "DEFINITIONS_VERSION", "2")
    assert "version 1 of the definitions" in opening_of(content_of(paper))
    assert contents_before(paper) == []


def test_a_record_without_data_makes_a_paper_that_says_so_in_every_form(cast: Cast, signed_in: Any) -> None:
    paper = issued_paper(cast, template=template_of(cast, "gold"))
    page = signed_in("gold").get(reverse("reports:paper", args=[paper.pk])).text
    for words in ("Recommendations by inspection: nothing in the record.", "Funding and grants: nothing in"):
        assert words in page
    whole = full(paper.pk)
    for kind, form in FORMS.items():
        assert form.write(whole, whole.content), kind


def test_two_people_who_write_one_text_on_the_page_lose_nothing(cast: Cast, signed_in: Any) -> None:
    paper = PaperFactory(cast=cast)
    section = paper.sections.all()[0]
    address = reverse("reports:section-edit", args=[paper.pk, section.pk])
    client = signed_in("manager")
    assert client.post(address, {"version": 1, "text": "The first."}).status_code == 302
    response = client.post(address, {"version": 1, "text": "The second."})
    assert response.status_code == 409
    assert "The first." in response.text
    assert "The second." in response.text
    assert client.post(address, {"version": 2, "text": "Both."}).status_code == 302


def test_rows_on_both_sides_are_links(cast: Cast, signed_in: Any) -> None:
    """An action that the last paper counted and nothing accounts for, and a finding behind a count."""
    ActionFactory(cast=cast, in_progress=True)
    other = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    finding = RecommendationFactory(cast=cast)
    template = template_of(cast, "gold")
    first = issued_paper(cast, template=template)
    paper = PaperFactory(cast=cast, template=template, as_at=TODAY, at=NEXT_WEEK)
    lost = dict(first.content["rows"][0], ref="WY20-99", id=other.pk)
    Paper.objects.filter(pk=first.pk).update(content=first.content | {"rows": [*first.content["rows"], lost]})
    client = signed_in("manager")
    for route in ("reports:paper", "reports:paper-reconcile"):
        page = client.get(reverse(route, args=[paper.pk])).text
        assert f'<a class="govuk-link" href="/actions/{other.pk}/">WY20-99</a>' in page
    rows = client.get(reverse("reports:paper-rows", args=[paper.pk, "recommendations", 0, 0])).text
    assert f'href="/recommendations/{finding.pk}/"' in rows
