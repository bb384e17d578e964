"""A return's row asks about personal data by itself, and what was kept in it is not asked about when it is submitted."""

from audit.models import Entry
from audit.screening import FOUND, keeping
from tests.cast import Cast, under_way
from tests.returns.returns import opened, row, row_of, save, submit

WORDS = "Parents ring 07700 900123."
WHY = "The public number of the course."


def test_a_row_that_asks_holds_up_no_other(cast: Cast) -> None:
    good, asks = under_way(cast, "WY20-01"), under_way(cast, "WY20-02")
    report = opened(cast)
    saved = save(cast, report, row(good), row(asks, narrative=WORDS))
    assert saved.rows == [good.pk]
    assert {name: [each.code for each in found] for name, found in saved.problems[asks.pk].items()} == {
        "narrative": [FOUND]
    }


def test_what_a_draft_keeps_goes_through_when_it_is_submitted(cast: Cast) -> None:
    action = under_way(cast)
    report = opened(cast)
    with keeping(lambda: WHY):
        save(cast, report, row(action, narrative=WORDS))
    kept = Entry.objects.get(note__startswith="Kept")
    assert kept.note == f"Kept a telephone number (12 characters) in what was done: {WHY}"
    submit(cast, report)
    update = row_of(report, action).update
    assert update is not None
    assert update.narrative == WORDS
    assert Entry.objects.filter(note__startswith="Kept").count() == 1
