"""A return's row asks about personal data by itself, and what was kept in it is not asked about when it is submitted."""

from audit.models import Entry
from audit.screening import PERSONAL_DATA_CODE, keeping
from tests.cast import Cast
from tests.factories import ActionFactory
from tests.returns.returns import open_return, row, row_of, save, submit

WORDS = "Parents ring 07700 900123."
WHY = "The public number of the course."


def test_a_row_with_personal_data_does_not_block_others(cast: Cast) -> None:
    good = ActionFactory(cast=cast, in_progress=True, ref="WY20-01")
    asks = ActionFactory(cast=cast, in_progress=True, ref="WY20-02")
    report = open_return(cast)
    saved = save(cast, report, row(good), row(asks, narrative=WORDS))
    assert saved.rows == [good.pk]
    assert {name: [each.code for each in errors] for name, errors in saved.problems[asks.pk].items()} == {
        "narrative": [PERSONAL_DATA_CODE]
    }


def test_personal_data_kept_in_a_draft_is_submitted(cast: Cast) -> None:
    action = ActionFactory(cast=cast, in_progress=True)
    report = open_return(cast)
    with keeping(lambda: WHY):
        save(cast, report, row(action, narrative=WORDS))
    entry = Entry.objects.get(note__startswith="Kept")
    assert entry.note == f"Kept a telephone number (12 characters) in what was done: {WHY}"
    submit(cast, report)
    update = row_of(report, action).update
    assert update is not None
    assert update.narrative == WORDS
    assert Entry.objects.filter(note__startswith="Kept").count() == 1
