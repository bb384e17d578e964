"""A return filled in, submitted, and given back with a question: nothing lost, nothing doubled."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from actions.actions.services import allocate_action
from actions.assurance.services import submit_action
from actions.models import ProgressUpdate
from audit.actors import SYSTEM
from audit.models import Entry
from audit.services import verify
from partners.models import MouArea, User
from partners.organisations.services import save_reference
from returns.models import Return, ReturnRow
from returns.services.contents import visible_lines
from returns.services.drafting import CommentaryDraft, RowDraft
from returns.services.opening import close_returns
from tests.cast import LONDON, Cast
from tests.factories import ActionFactory, submit_progress
from tests.returns.returns import (
    CLOSES,
    GREEN,
    IN_TIME,
    MAY,
    OPENS,
    open_return,
    row,
    row_of,
    save,
    submit,
    submitted_return,
)

LATER = IN_TIME + timedelta(hours=1)
AMBER = {"rag": "amber", "reason": "Two trainers are ill.", "path_to_green": "Leeds lends one in July."}


def refs(cast: Cast, report: Return, actor: User | None = None) -> list[str]:
    lines = visible_lines(actor=actor or cast.bradford_spoc, report=report, on=IN_TIME.date())
    return [line.action.ref for line in lines]


def lacks(cast: Cast, report: Return, **changes: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refused:
        submit(cast, report, **changes)
    return refused.value.message_dict  # type: ignore[no-any-return]


# What it holds -------------------------------------------------------------------------------------------------


def test_its_rows_are_the_open_actions_of_the_day(cast: Cast) -> None:
    """One that was allocated meanwhile has joined; what was submitted for assurance or is another's is not in it."""
    first = ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    ends = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    ActionFactory(cast=cast, in_progress=True, ref="WY20-03", lead=cast.leeds_district, owner=cast.leeds_spoc)
    ActionFactory(cast=cast, unallocated=True, ref="WY20-04")
    ActionFactory(cast=cast, by_districts=True, ref="WY20-05")
    report = open_return(cast)
    assert refs(cast, report) == ["WY20-01", "WY20-02", "WY20-05-BRA"]
    save(cast, report, row(ends))
    submit_action(actor=cast.bradford_spoc, action=ends, note="Done.", at=IN_TIME)
    late = ActionFactory(cast=cast, unallocated=True, ref="WY20-06")
    allocate_action(
        actor=cast.manager,
        action=late,
        lead=cast.bradford_district,
        owner=cast.bradford_spoc,
        due=date(2020, 9, 30),
        at=IN_TIME,
    )
    assert refs(cast, report) == ["WY20-01", "WY20-05-BRA", "WY20-06"]
    assert set(save(cast, report, row(first), row(ends, narrative="More.")).problems) == {ends.pk}


def test_each_row_has_the_last_update_beside_it(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True)
    ActionFactory(cast=cast, allocated=True, ref="WY20-02")
    one, other = visible_lines(actor=cast.bradford_spoc, report=open_return(cast), on=IN_TIME.date())
    assert one.last_update is not None
    assert (one.last_update.narrative, one.is_editable, one.row) == (
        "Two of five teams are briefed.",
        True,
        None,
    )
    assert other.last_update is None


# Drafts --------------------------------------------------------------------------------------------------------


def test_one_bad_row_never_loses_the_others(cast: Cast) -> None:
    good = ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    long = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    foreign = ActionFactory(
        cast=cast, in_progress=True, ref="WY20-03", lead=cast.leeds_district, owner=cast.leeds_spoc
    )
    report = open_return(cast)
    saved = save(
        cast,
        report,
        row(long, narrative="x" * 4001),
        row(foreign),
        row(good),
        sections={"training": "Two courses.", "risks": "y" * 4001},
    )
    assert saved.rows == [good.pk]
    assert set(saved.problems[long.pk]) == {"narrative"}
    assert set(saved.problems[foreign.pk]) == {"action"}
    assert set(saved.text_problems) == {"risks"}
    assert not saved.is_whole
    report.refresh_from_db()
    assert (report.training, report.risks, report.version) == ("Two courses.", "", 2)
    assert row_of(report, good).narrative == GREEN["narrative"]
    assert not ProgressUpdate.objects.filter(action=good, narrative=GREEN["narrative"]).exists()


def test_an_incomplete_row_is_saved_as_a_draft(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    report = open_return(cast)
    assert save(cast, report, RowDraft(action=action.pk, rag="red", state="in_progress", percent=40)).is_whole
    assert lacks(cast, report) == {
        f"narrative_{action.pk}": ["Enter what was done, or select no change"],
        f"reason_{action.pk}": ["Enter why the action is red."],
        f"path_to_green_{action.pk}": ["Enter how the action will get back to green."],
    }


def test_a_row_that_only_repeats_the_last_update_is_not_saved(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    report = open_return(cast)
    again = RowDraft(action=action.pk, state="in_progress", rag="green", percent=40, version=0)
    saved = save(cast, report, again, version=1)
    assert (saved.rows, saved.report.version, saved.is_whole) == ([], 1, True)
    assert not ReturnRow.objects.exists()
    assert not Entry.objects.filter(verb="return.saved").exists()


def test_a_row_changed_by_another_user_is_a_conflict(cast: Cast) -> None:
    """Two people on the same page: rows that only one of them touched are both saved."""
    both, mine, theirs = (
        ActionFactory(cast=cast, in_progress=True, ref=f"WY20-0{number}") for number in (1, 2, 3)
    )
    report = open_return(cast)
    save(
        cast,
        report,
        row(both, 0),
        row(theirs, 0, narrative="Theirs."),
        sections={"risks": "None."},
        version=1,
    )
    blank = RowDraft(action=theirs.pk, state="in_progress", rag="green", percent=40, version=0)
    saved = save(
        cast,
        report,
        row(both, 0, narrative="Mine of it."),
        row(mine, 0, narrative="Mine."),
        blank,
        sections={"risks": "Some.", "training": "One course."},
        version=1,
        at=LATER,
    )
    assert saved.rows == [mine.pk]
    assert set(saved.conflicts) == {both.pk}
    assert "Bradford spoc changed this on 4 June 2020 at 10:00am" in saved.conflicts[both.pk]
    assert set(saved.text_conflicts) == {"risks"}
    report.refresh_from_db()
    assert (report.risks, report.training) == ("None.", "One course.")
    assert row_of(report, both).narrative == GREEN["narrative"]
    assert row_of(report, theirs).narrative == "Theirs."


def test_an_old_tab_does_not_undo_untouched_texts(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    report = open_return(cast)
    save(cast, report, row(action, 0), sections={"risks": "None."}, version=1)
    save(cast, report, row(action, 1, narrative="Newer."), sections={"risks": "One."}, version=2, at=LATER)
    saved = save(cast, report, row(action, 1), sections={"risks": "None."}, version=2, at=LATER)
    assert (saved.is_whole, saved.rows) == (True, [])
    report.refresh_from_db()
    assert (report.risks, row_of(report, action).narrative) == ("One.", "Newer.")


def test_commentaries_are_saved_by_mou_area(cast: Cast) -> None:
    ActionFactory(cast=cast, in_progress=True)
    areas = [
        save_reference(actor=SYSTEM, row=MouArea(partnership=partnership, name="Channel"), at=OPENS)
        for partnership in (cast.yorkshire, cast.leicestershire)
    ]
    report = open_return(cast)

    def comment(text: str, version: int, area: MouArea = areas[0]) -> Any:
        drafts = [CommentaryDraft(mou_area=area.pk, text=text, version=version)]
        return save(cast, report, commentaries=drafts)

    assert comment("Two panels.", 0).is_whole
    key = f"mou_area_{areas[0].pk}"
    assert set(comment("Three panels.", 0).text_conflicts) == {key}
    assert comment("Three panels.", 1).is_whole
    assert comment("", 0).is_whole  # an old tab with an empty box
    assert set(comment("Ours.", 0, areas[1]).text_problems) == {f"mou_area_{areas[1].pk}"}
    assert report.commentaries.get().text == "Three panels."


# Submitting ----------------------------------------------------------------------------------------------------


def test_each_row_becomes_an_update_like_any_other(cast: Cast) -> None:
    first = ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    fresh = ActionFactory(cast=cast, allocated=True, ref="WY20-02")
    report = open_return(cast)
    saved = save(cast, report, row(first, **AMBER), row(fresh, narrative="Teams are chosen."))
    report = submit(cast, report, version=saved.report.version)
    assert (report.state, report.submitted_by, report.submitted_at) == (
        "submitted",
        cast.bradford_spoc,
        IN_TIME,
    )
    update = row_of(report, first).update
    assert update is not None
    assert (update.period, update.rag, update.percent, update.author) == (
        MAY,
        "amber",
        80,
        cast.bradford_spoc,
    )
    first.refresh_from_db()
    fresh.refresh_from_db()
    assert (first.rag, first.percent, first.last_reported_on) == ("amber", 80, IN_TIME.date())
    assert fresh.state == "in_progress"
    verbs = Entry.objects.filter(at=IN_TIME).order_by("sequence").values_list("verb", flat=True)
    assert [verb for verb in verbs if not verb.endswith("saved")] == [
        *("progress.submitted", "action.reported", "progress.submitted", "action.started"),
        *("return_row.submitted", "return_row.submitted", "return.submitted"),
    ]
    assert verify(ledger=cast.yorkshire.ledger).problems == []


def test_no_change_repeats_the_last_update(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    submit_progress(
        actor=cast.bradford_spoc, action=action, narrative="Slower.", percent=45, at=OPENS, **AMBER
    )
    report = open_return(cast)
    save(cast, report, RowDraft(action=action.pk, unchanged=True))
    update = row_of(submit(cast, report), action).update
    assert update is not None
    assert update.narrative == "No change since 1 June 2020"
    assert (update.rag, update.percent, update.reason) == ("amber", 45, AMBER["reason"])


def test_no_change_twice_gives_the_date_of_the_first_update(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    submit_progress(
        actor=cast.bradford_spoc,
        action=action,
        narrative="No change since 3 March 2020",
        rag="green",
        at=OPENS,
    )
    report = open_return(cast)
    save(cast, report, RowDraft(action=action.pk, unchanged=True))
    update = row_of(submit(cast, report), action).update
    assert update is not None
    assert update.narrative == "No change since 3 March 2020"


def test_no_change_needs_an_earlier_update(cast: Cast) -> None:
    silent = ActionFactory(cast=cast, allocated=True, ref="WY20-01")
    spoken = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    two = ActionFactory(cast=cast, in_progress=True, ref="WY20-03")
    report = open_return(cast)
    save(
        cast,
        report,
        RowDraft(action=silent.pk, unchanged=True),
        RowDraft(action=spoken.pk, unchanged=True, percent=90),
        RowDraft(action=two.pk, unchanged=True, narrative="But we did."),
    )
    assert lacks(cast, report) == {
        f"unchanged_{silent.pk}": ["This action has no update yet. Enter what was done."],
        f"unchanged_{spoken.pk}": ["Enter what was done or select no change, not both"],
        f"unchanged_{two.pk}": ["Enter what was done or select no change, not both"],
    }


def test_incomplete_rows_are_named_and_nothing_is_submitted(cast: Cast) -> None:
    good, red, bare, none = (
        ActionFactory(cast=cast, in_progress=True, ref=f"WY20-0{number}") for number in (1, 2, 3, 4)
    )
    report = open_return(cast)
    save(cast, report, row(good), row(red, rag="red"), row(bare, rag="", percent=None))
    problems = lacks(cast, report)
    assert set(problems) == {
        *(f"reason_{red.pk}", f"path_to_green_{red.pk}", f"rag_{bare.pk}", f"percent_{bare.pk}"),
        f"narrative_{none.pk}",
    }
    report.refresh_from_db()
    assert (report.state, ProgressUpdate.objects.filter(submitted_at=IN_TIME).exists()) == ("open", False)


def test_a_return_without_actions_can_be_submitted(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    report = open_return(cast)
    submit_action(actor=cast.bradford_spoc, action=action, note="Done.", at=IN_TIME)
    assert submit(cast, report).state == "submitted"


def test_the_cadence_may_have_changed_since_it_opened(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    report = open_return(cast)
    cast.plan.cadence = "quarterly"
    cast.plan.save()
    update = row_of(submitted_return(cast, report, action), action).update
    assert update is not None
    assert update.period == MAY


# Refusals ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "who", ["leeds_spoc", "manager", "gold", "former_spoc", "stranger", "wakefield_contact"]
)
def test_only_its_own_people_fill_it_in(who: str, cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    report = open_return(cast)
    for act in (
        lambda: save(cast, report, row(action), actor=cast.person(who)),
        lambda: submit(cast, report, actor=cast.person(who)),
    ):
        with pytest.raises(PermissionDenied, match="Bradford District"):
            act()


def test_submitted_twice(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    report = submitted_return(cast, open_return(cast), action)
    with pytest.raises(ValidationError) as refused:
        submit(cast, report, version=1)
    assert refused.value.code == "state"
    assert "submitted by Bradford spoc on 4 June 2020 at 10:00am" in refused.value.message
    with pytest.raises(ValidationError, match="cannot be changed"):
        save(cast, report, row(action))
    assert ProgressUpdate.objects.filter(action=action, submitted_at=IN_TIME).count() == 1


def test_submitted_from_a_page_that_is_out_of_date(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    report = open_return(cast)
    version = save(cast, report, row(action)).report.version
    save(cast, report, row(action, narrative="Changed since."), at=LATER)
    with pytest.raises(ValidationError) as refused:
        submit(cast, report, version=version)
    assert refused.value.code == "conflict"


@pytest.mark.parametrize("closed", [False, True], ids=["before the command ran", "after"])
def test_a_closed_return_is_refused_with_its_date(cast: Cast, closed: bool) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    report = open_return(cast)
    last = datetime(CLOSES.year, CLOSES.month, CLOSES.day, 23, 59, tzinfo=LONDON)
    save(cast, report, row(action), at=last)
    after = last + timedelta(minutes=1)
    if closed:
        close_returns(actor=SYSTEM, plan=cast.plan, at=after)
    for act in (lambda: save(cast, report, row(action), at=after), lambda: submit(cast, report, at=after)):
        with pytest.raises(ValidationError) as refused:
            act()
        assert refused.value.code == "state"
        assert refused.value.message.startswith("This return closed on 12 June 2020")
