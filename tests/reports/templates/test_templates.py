"""Templates of a board's papers: shipped, arranged, versioned."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from reports.models import Template
from reports.templates.services import add_template, arrange_template
from reports.templates.shipped import COMMITTEE_IMPLICATIONS, LAYOUTS
from tests.cast import AT, Cast
from tests.meetings.factories import steering_board
from tests.reports.factories import PaperFactory, TemplateFactory


def test_five_layouts_are_shipped_and_each_makes_a_template(cast: Cast) -> None:
    for layout in LAYOUTS:
        TemplateFactory(cast=cast, layout=layout)
    names = set(Template.objects.values_list("name", flat=True))
    assert names == {
        "Bronze report",
        "Silver paper",
        "Steering board paper",
        "Community Outcomes paper",
        "Committee paper",
    }
    assert Template.objects.get(name="Committee paper").implications == list(COMMITTEE_IMPLICATIONS)


def test_arranging_makes_a_new_version_and_papers_keep_theirs(cast: Cast) -> None:
    paper = PaperFactory(cast=cast)
    first = paper.template
    second = arrange_template(
        actor=cast.manager, template=first, sections=first.sections[:3], version=first.version, at=AT
    )
    first.refresh_from_db()
    assert (second.number, second.is_current, first.is_current) == (2, True, False)
    assert paper.sections.count() == len(first.sections)
    assert PaperFactory(cast=cast, template=second).sections.count() == 3
    with pytest.raises(ValidationError, match="newest version"):
        PaperFactory(cast=cast, template=first)
    with pytest.raises(ValidationError, match="changed since"):
        arrange_template(actor=cast.manager, template=first, sections=first.sections, version=1, at=AT)


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (["overdue"], "needs a cover"),
        (["overdue", "cover"], "The cover comes first"),
        (["cover", "overdue", "overdue"], "twice"),
        (["cover", "implications"], "Enter the implications"),
    ],
)
def test_a_template_that_makes_no_paper_is_refused(cast: Cast, kinds: list[str], words: str) -> None:
    template = TemplateFactory(cast=cast)
    sections = [{"kind": kind, "heading": kind, "voice": "chief"} for kind in kinds]
    with pytest.raises(ValidationError, match=words):
        arrange_template(actor=cast.manager, template=template, sections=sections, at=AT)
    template.refresh_from_db()
    assert template.is_current


def test_only_the_manager_arranges_templates(cast: Cast) -> None:
    template = TemplateFactory(cast=cast)
    for actor in (cast.gold, cast.auditor, cast.leicestershire_manager):
        with pytest.raises(PermissionDenied):
            add_template(actor=actor, board=steering_board(cast), layout="gold", at=AT)
        with pytest.raises(PermissionDenied):
            arrange_template(actor=actor, template=template, purpose="Mine.", at=AT)


def test_the_manager_moves_adds_and_removes_sections_on_the_page(cast: Cast, signed_in: Any) -> None:
    template = TemplateFactory(cast=cast, layout="bronze")
    client = signed_in("manager")
    page = client.get(reverse("reports:template-edit", args=[template.pk]))
    form = page.context["form"]
    values = {name: form[name].value() or "" for name in form.fields}
    places = {line["heading"]: place for place, (line, _) in enumerate(form.entries)}
    values[f"position_{places['Risks']}"] = ""
    values[f"position_{places['Cover']}"] = "3"
    values[f"position_{places['Overdue actions']}"] = "1"
    values[f"position_{places['Funding']}"] = "99"
    del values["includes_sensitive"]
    answer = client.post(reverse("reports:template-edit", args=[template.pk]), values)
    assert "The cover comes first" in answer.content.decode()
    values[f"position_{places['Cover']}"] = "1"
    values[f"position_{places['Overdue actions']}"] = "2"
    client.post(reverse("reports:template-edit", args=[template.pk]), values)
    following = Template.objects.get(name="Bronze report", is_current=True)
    headings = [line["heading"] for line in following.sections]
    assert headings[0] == "Cover"
    assert headings.index("Overdue actions") in (1, 2)
    assert headings[-1] == "Funding"
    assert "Risks" not in headings
    assert not following.includes_sensitive
