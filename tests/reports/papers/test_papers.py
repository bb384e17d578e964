"""A paper from draft to issued and corrected: who may, what is refused, and what is frozen."""

import hashlib
from datetime import date, datetime
from typing import Any

import pytest
import rfc8785
from django.core.exceptions import PermissionDenied, ValidationError

from audit.models import Entry
from audit.services import verify
from partners.models import Role
from partners.policies import rights_of
from reports.models import Paper, Passage
from reports.papers.policies import may_see
from reports.papers.queries import content_of, full
from reports.papers.services.drafting import (
    abandon_paper,
    answer_implication,
    change_cover,
    draft_paper,
    explain_appendix,
    treat_passage,
    write_section,
)
from reports.papers.services.issuing import approve_paper, correct_paper, issue_paper, reconcile_paper
from reports.templates.models import Template
from tests.cast import AT, LONDON, PEOPLE, TODAY, Cast
from tests.factories import ActionFactory, MembershipFactory
from tests.reports.factories import (
    PaperFactory,
    TemplateFactory,
    issued_paper,
    reconciled_paper,
    template_of,
)
from tests.returns.returns import open_return, row, save, submit

NEXT_WEEK = datetime(2020, 6, 19, 11, tzinfo=LONDON)


def refusal(service: Any, **arguments: Any) -> Any:
    with pytest.raises(ValidationError) as caught:
        service(**arguments)
    error = caught.value
    return error.message_dict if hasattr(error, "error_dict") else " ".join(error.messages)


def counts(paper: Paper, key: str, label: str = "All") -> list[int]:
    content = paper.content or content_of(full(paper.pk))
    tables = [table for section in content["sections"] for table in section["tables"]]
    lines = next(table["rows"] for table in tables if table["key"] == key)
    return [cell["n"] for cell in next(line["cells"] for line in lines if line["label"] == label)]


def test_figures_are_those_of_the_papers_day_and_the_next_paper_opens_with_them(cast: Cast) -> None:
    ActionFactory(cast=cast, ref="WY20-01", in_progress=True)
    ActionFactory(cast=cast, ref="WY20-02", complete=True)  # complete on 19 June
    first = issued_paper(cast, as_at=date(2020, 6, 12))
    assert counts(first, "state-by-pillar", "All")[-1] == 2
    assert counts(first, "roll-forward")[-1] == 2

    second = PaperFactory(cast=cast, as_at=TODAY, at=NEXT_WEEK)
    assert second.previous == first
    opening, *changes, closing = counts(second, "roll-forward")
    assert (opening, sum(changes), closing) == (2, 1, 1)
    assert counts(first, "state-by-pillar", "All")[4] == 0
    assert counts(second, "state-by-pillar", "All")[4] == 1


def test_issuing_freezes_the_content_with_its_digest_and_the_ledgers_head(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True)
    paper = issued_paper(cast)
    paper.refresh_from_db()
    assert paper.sha256 == hashlib.sha256(rfc8785.dumps(paper.content)).hexdigest()
    head = Entry.objects.filter(ledger=cast.yorkshire.ledger, at__lte=paper.as_at).order_by("sequence").last()
    assert head is not None
    assert (paper.ledger_sequence, paper.ledger_digest) == (head.sequence, head.digest)
    before = paper.content
    section = paper.sections.first()
    assert section is not None
    for service, rows in (
        (change_cover, {"paper": paper, "title": "Another"}),
        (write_section, {"section": section, "text": "Later."}),
        (reconcile_paper, {"paper": paper}),
        (abandon_paper, {"paper": paper, "reason": "Late."}),
    ):
        assert "issued" in refusal(service, actor=cast.manager, at=AT, **rows)
    paper.refresh_from_db()
    assert paper.content == before
    assert verify(ledger=cast.yorkshire.ledger).ok


def test_whoever_wrote_a_paper_does_not_issue_it(cast: Cast) -> None:
    paper = reconciled_paper(cast)
    MembershipFactory(user=cast.manager, organisation=cast.police, role=Role.BOARD_MEMBER)
    with pytest.raises(PermissionDenied, match="You wrote part of this paper"):
        issue_paper(actor=cast.manager, paper=paper, at=AT)
    assert issue_paper(actor=cast.gold, paper=paper, at=AT).state == Paper.State.ISSUED


@pytest.mark.parametrize("person", sorted(PEOPLE.keys() - {"manager"}))
def test_only_the_manager_prepares_papers(cast: Cast, person: str) -> None:
    actor, paper = cast.person(person), PaperFactory(cast=cast)
    arguments: tuple[tuple[Any, dict[str, Any]], ...] = (
        (draft_paper, {"template": paper.template, "plan": cast.plan, "as_at": paper.on}),
        (change_cover, {"paper": paper, "title": "Another"}),
        (write_section, {"section": paper.sections.all()[0], "text": "Mine."}),
        (reconcile_paper, {"paper": paper}),
        (abandon_paper, {"paper": paper, "reason": "No."}),
    )
    for service, rows in arguments:
        with pytest.raises(PermissionDenied):
            service(actor=actor, at=AT, **rows)


def test_a_draft_that_does_not_reconcile_is_refused_with_the_difference(cast: Cast) -> None:
    """A reopened past would do it; here the last paper counted an action that nothing accounts for now."""
    ActionFactory(cast=cast, ref="WY20-01", in_progress=True)
    first = issued_paper(cast)
    lost = dict(first.content["rows"][0], ref="WY20-99", id=0)
    Paper.objects.filter(pk=first.pk).update(content=first.content | {"rows": [*first.content["rows"], lost]})
    second = PaperFactory(cast=cast, as_at=TODAY, at=NEXT_WEEK)
    problem = refusal(reconcile_paper, actor=cast.manager, paper=second, at=NEXT_WEEK)
    assert "(1) All: opening and changes do not come to closing: 2 and 1" in problem
    second.refresh_from_db()
    assert second.state == Paper.State.DRAFT


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2020, 6, 20), "in the future"),
        (date(2020, 3, 31), "The record began on 1 April 2020"),
    ],
)
def test_a_day_without_a_record_is_refused(cast: Cast, day: date, words: str) -> None:
    problem = refusal(
        draft_paper,
        actor=cast.manager,
        template=template_of(cast),
        plan=cast.plan,
        as_at=day,
        at=AT,
    )
    assert words in problem["as_at"][0]


def test_two_people_who_write_one_section_lose_nothing(cast: Cast) -> None:
    paper = PaperFactory(cast=cast)
    section, other = paper.sections.all()[:2]
    write_section(actor=cast.manager, section=section, text="The first.", version=1, at=AT)
    with pytest.raises(ValidationError, match="changed since you opened it"):
        write_section(actor=cast.manager, section=section, text="The second.", version=1, at=AT)
    write_section(actor=cast.manager, section=other, text="Beside it.", version=1, at=AT)
    assert [row.text for row in paper.sections.all()[:2]] == ["The first.", "Beside it."]


def test_text_that_changes_makes_a_reconciled_paper_a_draft_again(cast: Cast) -> None:
    paper = reconciled_paper(cast)
    write_section(actor=cast.manager, section=paper.sections.all()[0], text="One more word.", at=AT)
    paper.refresh_from_db()
    assert (paper.state, paper.reconciled_by) == (Paper.State.DRAFT, None)
    assert "draft" in refusal(issue_paper, actor=cast.gold, paper=paper, at=AT)


def test_text_later_than_the_paper_is_refused(cast: Cast) -> None:
    paper = PaperFactory(cast=cast)
    section = paper.sections.all()[0]
    late = date(2020, 6, 13)
    problem = refusal(write_section, actor=cast.manager, section=section, text="x", facts_on=late, at=AT)
    assert "12 June 2020" in problem["facts_on"][0]


def test_a_committee_paper_needs_every_implication_and_its_appendix(cast: Cast) -> None:
    template = TemplateFactory(cast=cast, layout="committee")
    paper = reconciled_paper(cast, template=template)
    problem = refusal(issue_paper, actor=cast.gold, paper=paper, at=AT)
    assert 'Legal: enter the implication. "Nil" is an answer.' in problem
    assert "Appendix A: say whether it is attached, or why not." in problem
    for implication in paper.implications.all():
        answer_implication(actor=cast.manager, implication=implication, text="Nil", at=AT)
    appendix = paper.appendices.get()
    problem = refusal(explain_appendix, actor=cast.manager, appendix=appendix, status="not_supplied", at=AT)
    assert "Enter why the appendix is not attached." in str(problem)
    explain_appendix(
        actor=cast.manager, appendix=appendix, status="not_supplied", reason="Not in the pack.", at=AT
    )
    reconcile_paper(actor=cast.manager, paper=paper, at=AT)
    issued = issue_paper(actor=cast.gold, paper=paper, at=AT)
    assert [row["text"] for row in issued.content["implications"]] == ["Nil"] * 6
    assert issued.content["appendices"][0]["reason"] == "Not in the pack."


def test_two_voices_need_two_approvals_by_others_than_their_writers(cast: Cast) -> None:
    paper = reconciled_paper(cast, template=TemplateFactory(cast=cast, layout="outcomes"))
    problem = refusal(issue_paper, actor=cast.gold, paper=paper, at=AT)
    assert problem.count("is not approved yet") == 2
    with pytest.raises(PermissionDenied):
        approve_paper(actor=cast.gold, paper=paper, voice=Template.Voice.OPCC, at=AT)
    with pytest.raises(PermissionDenied):
        approve_paper(actor=cast.opcc_officer, paper=paper, voice=Template.Voice.CHIEF, at=AT)
    approve_paper(actor=cast.gold, paper=paper, voice=Template.Voice.CHIEF, at=AT)
    approve_paper(actor=cast.opcc_officer, paper=paper, voice=Template.Voice.OPCC, at=AT)
    assert issue_paper(actor=cast.gold, paper=paper, at=AT).state == Paper.State.ISSUED


def test_the_commissioners_office_writes_its_own_part_and_does_not_approve_it(cast: Cast) -> None:
    paper = PaperFactory(cast=cast, template=TemplateFactory(cast=cast, layout="outcomes"))
    theirs = paper.sections.get(heading="Partnership contribution")
    write_section(actor=cast.opcc_officer, section=theirs, text="Grants since 2014.", at=AT)
    with pytest.raises(PermissionDenied):
        write_section(
            actor=cast.opcc_officer, section=paper.sections.get(heading="Summary"), text="No.", at=AT
        )
    with pytest.raises(PermissionDenied, match="You wrote part"):
        approve_paper(actor=cast.opcc_officer, paper=paper, voice=Template.Voice.OPCC, at=AT)


def test_a_correction_is_a_new_version_that_says_what_changed(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True)
    first = issued_paper(cast)
    assert refusal(correct_paper, actor=cast.manager, paper=first, correction=" ", at=AT)["correction"]
    draft = correct_paper(actor=cast.manager, paper=first, correction="Leeds was left out.", at=AT)
    assert (draft.number, draft.as_at, draft.previous) == (2, first.as_at, None)
    first.refresh_from_db()
    assert first.state == Paper.State.ISSUED
    following = PaperFactory(cast=cast, as_at=TODAY, at=NEXT_WEEK)
    reconcile_paper(actor=cast.manager, paper=draft, at=NEXT_WEEK)
    second = issue_paper(actor=cast.gold, paper=draft, at=NEXT_WEEK)
    first.refresh_from_db()
    assert (first.state, second.content["paper"]["correction"]) == ("corrected", "Leeds was left out.")
    # The paper that opened from the first one opens from its correction, and shows both.
    following = reconcile_paper(actor=cast.manager, paper=following, at=NEXT_WEEK)
    assert following.previous == second
    assert content_of(full(following.pk))["previous"]["corrected"]["sha256"] == first.sha256


def test_text_of_returns_flows_up_and_what_is_left_out_is_seen(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    report = open_return(cast)
    texts = {"escalations": "Two posts are vacant.", "good_practice": "Theatre in schools."}
    save(cast, report, row(action), sections=texts)
    submit(cast, report)
    paper = PaperFactory(cast=cast, as_at=TODAY, at=NEXT_WEEK)
    assert {each.original for each in paper.passages.all()} == {
        "Two posts are vacant.",
        "Theatre in schools.",
    }
    escalation = Passage.objects.get(section__kind="escalations")
    practice = Passage.objects.get(section__kind="good_practice")
    reconciled = reconcile_paper(actor=cast.manager, paper=paper, at=NEXT_WEEK)
    assert "say what becomes of the escalation" in refusal(
        issue_paper, actor=cast.gold, paper=reconciled, at=NEXT_WEEK
    )
    treat_passage(actor=cast.manager, passage=escalation, disposition="taken", at=NEXT_WEEK)
    left_out = {"passage": practice, "treatment": "left_out", "at": NEXT_WEEK}
    assert "Enter why this is left out." in str(refusal(treat_passage, actor=cast.manager, **left_out))
    treat_passage(actor=cast.manager, reason="In the last paper.", **left_out)
    content = content_of(full(paper.pk))
    shown = {section["kind"]: section["passages"] for section in content["sections"]}
    assert shown["escalations"][0]["text"] == "Two posts are vacant."
    assert shown["escalations"][0]["disposition"] == "Taken by the board"
    assert (shown["good_practice"][0]["text"], shown["good_practice"][0]["reason"]) == (
        "",
        "In the last paper.",
    )


def test_the_marking_is_the_highest_of_the_rows_unless_those_are_left_out(cast: Cast) -> None:
    secret = {"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "Board members only."}
    ActionFactory(cast=cast, ref="WY20-01", in_progress=True, **secret)
    ActionFactory(cast=cast, ref="WY20-02", in_progress=True)
    assert PaperFactory(cast=cast).marking == "OFFICIAL-SENSITIVE"
    public = PaperFactory(cast=cast, template=TemplateFactory(cast=cast, layout="committee"))
    content = content_of(full(public.pk))
    assert (public.marking, content["left_out"]) == ("OFFICIAL", 1)
    assert [row["ref"] for row in content["rows"]] == ["WY20-02"]


def test_who_may_view_a_paper_is_the_same_for_a_list_and_for_one(cast: Cast) -> None:
    shared = TemplateFactory(cast=cast, layout="outcomes")
    papers = [PaperFactory(cast=cast), issued_paper(cast), PaperFactory(cast=cast, template=shared)]
    for name in PEOPLE:
        user = cast.person(name)
        rights = rights_of(user, TODAY)
        visible = set(Paper.objects.visible_to(user, TODAY))
        assert visible == {paper for paper in papers if may_see(rights, paper, set())}, name
    assert set(Paper.objects.visible_to(cast.observer, TODAY)) == {papers[1]}
    assert set(Paper.objects.visible_to(cast.opcc_officer, TODAY)) == set(papers[1:])


def test_a_draft_is_changed_and_abandoned_with_a_reason(cast: Cast) -> None:
    paper = PaperFactory(cast=cast)
    paper = change_cover(actor=cast.manager, paper=paper, title="Silver, June", paper_letter="B", at=AT)
    assert (paper.title, paper.marking) == ("Silver, June", "OFFICIAL")
    assert refusal(abandon_paper, actor=cast.manager, paper=paper, reason=" ", at=AT)["reason"]
    assert abandon_paper(actor=cast.manager, paper=paper, reason="Twice.", at=AT).state == "abandoned"
    assert Entry.objects.get(verb="paper.abandoned").note == "Twice."
