"""Which findings are covered by which actions: numbers that add up and open their rows, and the gaps."""

from typing import Any
from urllib.parse import urlsplit

from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from actions.models import Action
from inspections.coverage.filters import CoverageFilter
from inspections.models import Recommendation
from partners.policies import reading_rights_once
from tests.cast import TODAY, Cast
from tests.factories import ActionFactory, close_action
from tests.inspections.factories import InspectionFactory, RecommendationFactory
from tests.inspections.findings import stage
from tests.support.rendering import without_content
from tests.support.snapshots import reuse_snapshot

PAGE = reverse("inspections:coverage")
LIST = reverse("inspections:coverage-actions")
SENSITIVE = {"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "Gold only."}


@reuse_snapshot
def of_every_kind(cast: Cast) -> None:
    """Two inspections; actions of two pillars, of districts, of none, of partners, live and not; every gap."""
    ct4 = InspectionFactory(cast=cast)
    cause = RecommendationFactory(cast=cast, inspection=ct4, kind="cause_of_concern")
    under = RecommendationFactory(cast=cast, inspection=ct4, number="2", cause=cause)
    bradford = ActionFactory(cast=cast, in_progress=True, ref="C-1")
    council = ActionFactory(
        cast=cast,
        allocated=True,
        ref="C-2",
        pillar=cast.safeguard,
        area=None,
        lead=cast.wakefield_council,
        owner=cast.gold,
    )
    for row, action in ((cause, bradford), (under, bradford), (under, council)):
        stage.linked(cast, row, action)
    stage.linked(cast, under, ActionFactory(cast=cast, unallocated=True, ref="C-3"))  # not live yet
    divided = ActionFactory(cast=cast, by_districts=True, ref="C-4")
    stage.linked(cast, cause, divided)
    audit = InspectionFactory(
        cast=cast, title="Audit", short_title="", kind="audit", body_kind="internal_audit"
    )
    RecommendationFactory(cast=cast, inspection=audit, kind="audit")  # nothing answers it
    stage.in_progress(cast, stage.complete(cast, "C-5"), inspection=audit, number="2")
    closed = stage.closed(cast, inspection=audit, number="3", action=stage.complete(cast, "C-6"))
    stage.reopened_action(cast, closed.links.get().action)
    ActionFactory(cast=cast, in_progress=True, ref="C-7", source="The plan of 2019")
    ActionFactory(cast=cast, in_progress=True, ref="C-8")  # nobody knows why
    secret = InspectionFactory(cast=cast, title="Secret", short_title="", **SENSITIVE)
    stage.linked(cast, RecommendationFactory(cast=cast, inspection=secret), bradford)


def rows_of(cast: Cast, who: str, href: str) -> set[str]:
    """The references, or the numbers of findings, behind an address."""
    url = urlsplit(href)
    if url.path != LIST:
        response = Recommendation.objects.visible_to(cast.person(who), TODAY)
        return {str(row.pk) for row in response}
    with reading_rights_once():
        visible = Action.objects.visible_to(cast.person(who), TODAY)
        narrowed = CoverageFilter(QueryDict(url.query), visible, user=cast.person(who), on=TODAY)
        assert narrowed.is_valid(), narrowed.errors
        return set(narrowed.qs.values_list("ref", flat=True))


def line(response: Any, number: str, inspection: str = "CT4") -> dict[str, int]:
    """A finding's numbers by the names of the columns."""
    names = [column.label for column in response.context["columns"]] + ["Total"]
    for each in response.context["lines"]:
        if each.finding and (each.finding.number, str(each.finding.inspection)) == (number, inspection):
            return dict(zip(names, [count.number for count in each.counts], strict=True))
    raise AssertionError(number)


def gap_numbers(response: Any) -> list[int]:
    return [gap.number for gap in response.context["gaps"]]


def test_a_finding_has_its_live_actions_by_pillar_district_and_organisation(
    cast: Cast, signed_in: Any
) -> None:
    of_every_kind(cast)
    manager = signed_in("manager")
    by_pillar = manager.get(PAGE)
    # A cause of concern has what is linked to it and to its recommendation, each once, and a district's parts apart.
    assert line(by_pillar, "1") == {"Identify": 3, "Safeguard": 1, "Total": 4}
    assert line(by_pillar, "2") == {"Identify": 1, "Safeguard": 1, "Total": 2}
    assert line(by_pillar, "1", "Audit") == {"Identify": 0, "Safeguard": 0, "Total": 0}
    assert "No live action" in by_pillar.content.decode()
    by_district = manager.get(PAGE, {"by": "district"})
    assert line(by_district, "1") == {"Bradford": 2, "Leeds": 1, "No district": 1, "Total": 4}
    by_lead = manager.get(PAGE, {"by": "organisation"})
    assert line(by_lead, "2") == {
        "Bradford District": 1,
        "Leeds District": 0,
        "Wakefield Council": 1,
        "Total": 2,
    }


def test_every_number_opens_exactly_its_rows_and_rows_add_up(cast: Cast, signed_in: Any) -> None:
    of_every_kind(cast)
    of_ct4 = Recommendation.objects.filter(number="2").earliest("pk").inspection_id
    for who in ("manager", "bradford_spoc", "wakefield_contact"):
        client = signed_in(who)
        for query in (
            {},
            {"by": "district", "inspection": of_ct4},
            {"by": "organisation", "plan": cast.plan.pk},
        ):
            response = client.get(PAGE, query)
            assert response.status_code == 200
            matrix = [each.counts for each in response.context["lines"]] + [response.context["totals"]]
            assert len(matrix) > 1
            for counts in matrix:
                assert sum(count.number for count in counts[:-1]) == counts[-1].number
                for count in counts:
                    assert bool(count.href) >= bool(count.number), count
                    if count.href:
                        assert len(rows_of(cast, who, count.href)) == count.number, count
            unanswered, *others = response.context["gaps"]
            for count in others:
                assert len(rows_of(cast, who, count.href)) == count.number, count
            # What the links open is what they count, on the pages too.
            for count in (unanswered, *([] if query else [matrix[-1][-1], *others])):
                with without_content():
                    opened = client.get(count.href)
                assert (opened.status_code, opened.context["pages"].total) == (200, count.number), count


def test_the_totals_count_an_action_once(cast: Cast, signed_in: Any) -> None:
    of_every_kind(cast)
    response = signed_in("manager").get(PAGE)
    assert response.context["totals"][-1].number == len({"C-1", "C-2", "C-5", "C-6", "part", "part 2"})
    assert rows_of(cast, "manager", LIST) >= {"C-1", "C-2", "C-5", "C-6"}
    assert not {"C-3", "C-4", "C-8"} & rows_of(cast, "manager", LIST)


def test_the_gaps_hold_what_does_not_fit(cast: Cast, signed_in: Any) -> None:
    of_every_kind(cast)
    response = signed_in("manager").get(PAGE)
    unanswered, no_source, early, late = response.context["gaps"]
    assert unanswered.number == 1
    assert rows_of(cast, "manager", no_source.href) == {"C-8"}
    assert rows_of(cast, "manager", early.href) == {"C-5"}
    assert rows_of(cast, "manager", late.href) == {"C-6"}
    assert "C-6" in signed_in("manager").get(late.href).content.decode()


def test_an_action_open_under_a_closed_cause_of_concern_is_a_gap(cast: Cast, signed_in: Any) -> None:
    inspection = InspectionFactory(cast=cast)
    cause = stage.closed(cast, inspection=inspection, kind="cause_of_concern", action=stage.complete(cast))
    under = RecommendationFactory(cast=cast, inspection=inspection, number="2", cause=cause)
    stage.linked(cast, under, ActionFactory(cast=cast, in_progress=True, ref="C-2"))
    assert rows_of(cast, "manager", f"{LIST}?gap=open_late") == {"C-2"}


def test_the_plan_and_the_inspection_narrow(cast: Cast, signed_in: Any) -> None:
    of_every_kind(cast)
    manager = signed_in("manager")
    audit = Recommendation.objects.filter(kind="audit").get().inspection_id
    narrowed = manager.get(PAGE, {"inspection": audit})
    assert {each.finding.inspection_id for each in narrowed.context["lines"] if each.finding} == {audit}
    assert narrowed.context["totals"][-1].number == len({"C-5", "C-6"})
    assert rows_of(cast, "manager", f"{LIST}?inspection={audit}") == {"C-5", "C-6"}
    assert rows_of(cast, "manager", f"{LIST}?inspection={audit}&gap=open_late") == {"C-6"}
    assert rows_of(cast, "manager", f"{LIST}?inspection={audit}&gap=no_source") == set()


def test_a_withdrawn_action_answers_nothing_and_lacks_nothing(cast: Cast, signed_in: Any) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    stage.linked(cast, RecommendationFactory(cast=cast), action)
    ActionFactory(cast=cast, withdrawn=True, ref="WY20-02")
    close_action(cast, action)
    response = signed_in("manager").get(PAGE)
    assert response.context["totals"][-1].number == 0
    assert gap_numbers(response) == [1, 0, 0, 0]


def test_a_finding_that_is_not_seen_lends_no_source_and_no_number(cast: Cast, signed_in: Any) -> None:
    secret = InspectionFactory(cast=cast, **SENSITIVE)
    row = RecommendationFactory(cast=cast, inspection=secret)
    action = ActionFactory(cast=cast, in_progress=True)
    stage.linked(cast, row, action)
    spoc = signed_in("bradford_spoc")
    response = spoc.get(PAGE)
    assert response.context["lines"] == []
    assert gap_numbers(response) == [0, 1, 0, 0]
    assert "CT4" not in response.content.decode()
    for query in (f"recommendation={row.pk}", f"inspection={secret.pk}"):
        foreign = spoc.get(f"{LIST}?{query}")
        assert foreign.status_code == 422
        assert "CT4" not in foreign.content.decode()
    assert "CT4" not in spoc.get(f"{LIST}?gap=no_source").content.decode()
    assert gap_numbers(signed_in("manager").get(PAGE)) == [0, 0, 0, 0]


def test_an_action_that_is_not_seen_is_not_counted(cast: Cast, signed_in: Any) -> None:
    row = RecommendationFactory(cast=cast)
    hidden = ActionFactory(cast=cast, in_progress=True, lead=cast.police, owner=cast.gold, **SENSITIVE)
    stage.linked(cast, row, hidden)
    assert signed_in("leeds_spoc").get(PAGE).context["totals"][-1].number == 0
    assert signed_in("manager").get(PAGE).context["totals"][-1].number == 1
    assert hidden.ref not in signed_in("leeds_spoc").get(LIST).content.decode()


def test_a_reader_without_rows_sees_an_empty_page(cast: Cast, signed_in: Any) -> None:
    of_every_kind(cast)
    for who in ("administrator", "leicestershire_manager", "observer", "former_spoc", "stranger"):
        response = signed_in(who).get(PAGE)
        assert response.context["lines"] == []
        assert gap_numbers(response) == [0, 0, 0, 0]
        assert signed_in(who).get(LIST).context["pages"].total == 0


def test_an_invalid_filter_is_refused_and_shows_nothing(cast: Cast, signed_in: Any) -> None:
    stage.linked(cast, RecommendationFactory(cast=cast), ActionFactory(cast=cast, in_progress=True))
    wrong = [f"{PAGE}?{query}" for query in ("by=phase", "plan=0", "inspection=x")]
    wrong += [f"{LIST}?{query}" for query in ("recommendation=99999999999999999999", "sort=x", "gap=x")]
    for address in wrong:
        response = signed_in("manager").get(address)
        assert response.status_code == 422, address
        body = response.content.decode()
        assert "No figures are shown" in body or "No actions are shown" in body
        assert "WY20-01" not in body


def test_more_rows_cost_no_more_queries(cast: Cast, signed_in: Any) -> None:
    of_every_kind(cast)
    client = signed_in("manager")

    def queries() -> list[int]:
        counts = []
        for address in (
            PAGE,
            f"{PAGE}?by=district",
            f"{PAGE}?by=organisation",
            LIST,
            f"{LIST}?gap=open_late",
        ):
            with CaptureQueriesContext(
                connection,
            ) as captured:
                client.get(address)
            counts.append(len(captured))
        return counts

    few = queries()
    inspection = InspectionFactory(cast=cast, title="Another", short_title="")
    for number in range(4):
        row = RecommendationFactory(cast=cast, inspection=inspection, number=f"{number}")
        stage.linked(cast, row, ActionFactory(cast=cast, in_progress=True, ref=f"N-{number}"))
    stage.linked(cast, row, ActionFactory(cast=cast, by_districts=True, ref="N-9"))
    late = stage.closed(cast, inspection=inspection, number="9", action=stage.complete(cast, "N-10"))
    stage.reopened_action(cast, late.links.get().action)
    assert queries() == few


def test_the_list_names_the_findings_and_leads_on(cast: Cast, signed_in: Any) -> None:
    of_every_kind(cast)
    body = signed_in("manager").get(f"{LIST}?area={cast.leeds.pk}").content.decode()
    # Leeds's part answers what the whole is linked to.
    assert "CT4: Cause of concern 1" in body
    listed = signed_in("manager").get(reverse("inspections:inspection-list")).content.decode()
    assert f'href="{PAGE}"' in listed
