"""What the returns of a period say, side by side."""

from typing import Any

from django.urls import reverse

from returns.models import Return
from tests.cast import Cast
from tests.factories import ActionFactory
from tests.permissions.returns import still_open
from tests.returns import returns


def test_submitted_texts_are_side_by_side_and_drafts_are_not_shown(cast: Cast, signed_in: Any) -> None:
    leeds = {"lead": cast.leeds_district, "owner": cast.leeds_spoc, "area": cast.leeds}
    ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    action = ActionFactory(cast=cast, in_progress=True, ref="WY20-02", **leeds)
    draft = still_open(cast)
    returns.save(cast, draft, sections={"risks": "A draft of Bradford's."})
    report = Return.objects.get(organisation=cast.leeds_district)
    texts = {"escalations": "No venue in July.", "decisions_sought": "Money for a venue."}
    returns.save(cast, report, returns.row(action), actor=cast.leeds_spoc, sections=texts)
    returns.submit(cast, report, actor=cast.leeds_spoc)
    address = reverse("returns:plan-returns", args=[cast.plan.pk])
    page = signed_in("manager").get(address)
    collation = page.context["collation"]
    assert [(title, [each.text for each in texts]) for title, texts, _ in collation.texts] == [
        ("Escalations to Silver", ["No venue in July."]),
        ("Decisions sought", ["Money for a venue."]),
        ("Risks", []),
        ("Good practice", []),
    ]
    assert collation.missing == [draft]
    body = page.content.decode()
    assert "A draft of Bradford" not in body
    assert "Nothing from Leeds District" in body
    # Bradford's SPOC sees no other organisation's return here, as in the list.
    own = signed_in("bradford_spoc").get(address)
    assert own.context["collation"].total == 1
    assert "No venue in July." not in own.content.decode()
    for wrong in ("2020-04-01", "May"):
        assert signed_in("manager").get(f"{address}?period={wrong}").status_code == 404


def test_a_plan_without_returns_says_so(cast: Cast, signed_in: Any) -> None:
    page = signed_in("manager").get(reverse("returns:plan-returns", args=[cast.plan.pk]))
    assert "A return opens for each organisation" in page.content.decode()
