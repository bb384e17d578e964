"""Each quarter, everybody's access is confirmed or ended; what nobody reviews for a year ends by itself."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from openpyxl import load_workbook

from audit.actors import SYSTEM
from audit.models import Entry
from audit.services import verify
from desk.my_work.services.lists import my_tasks
from partners.access_reviews.queries import facts_of, memberships_to_decide
from partners.access_reviews.services.deciding import Decision, decide_access
from partners.access_reviews.services.schedule import review_access
from partners.clients.services.clients import create_client
from partners.memberships.services import end_membership, grant_membership
from partners.models import AccessReview, Membership, Role, User
from partners.policies import rights_of
from tests.cast import AT, TODAY, Cast
from tests.support.task_queue import run_tasks

DAY = timedelta(days=1)
YEAR = timedelta(days=365)


@pytest.fixture
def review(cast: Cast) -> AccessReview:
    review_access(actor=SYSTEM, at=AT)
    return AccessReview.objects.get(partnership=cast.yorkshire)


def membership_of(user: User) -> Membership:
    return Membership.objects.get(user=user)


def confirm(user: User) -> Decision:
    return Decision(membership_of(user).pk, "confirmed")


def end(user: User, note: str = "") -> Decision:
    return Decision(membership_of(user).pk, "ended", note)


def names(review: AccessReview) -> list[str]:
    return [row.user.name for row in memberships_to_decide(review, TODAY)]


def page(review: AccessReview) -> str:
    return f"/access-reviews/{review.pk}/"


def test_the_schedule_opens_one_review_a_quarter_with_everybody_who_has_access(
    cast: Cast, review: AccessReview
) -> None:
    assert str(review) == "Access review, April to June 2020"
    assert review.due_on == date(2020, 6, 30)
    everybody = Membership.objects.running(TODAY).filter(partnership=cast.yorkshire)
    assert len(names(review)) == everybody.count() > 5
    assert "Former spoc" not in names(review)
    assert review_access(actor=SYSTEM, at=AT + DAY).opened == 0
    create_client(
        actor=cast.manager, organisation=cast.wakefield_council, name="Case", scopes=["actions:read"], at=AT
    )
    assert "Case (API client)" in names(review)


def test_a_decision_confirms_or_ends_and_the_last_one_completes_the_review(
    cast: Cast, review: AccessReview
) -> None:
    others = [
        row for row in memberships_to_decide(review, TODAY) if row.user not in (cast.manager, cast.gold)
    ]
    decisions = [Decision(row.pk, "confirmed") for row in others]
    gold = end(cast.gold, "Left the board in May")
    review = decide_access(actor=cast.manager, review=review, decisions=[*decisions, gold], at=AT)
    assert names(review) == ["Manager"]
    assert rights_of(cast.gold, TODAY).grants == ()
    spoc = membership_of(cast.bradford_spoc)
    assert (spoc.reviewed_on, spoc.review_by) == (TODAY, TODAY + YEAR)
    assert review.is_open
    review = decide_access(
        actor=cast.administrator, review=review, decisions=[confirm(cast.manager)], at=AT + DAY
    )
    assert (review.state, review.closed_on) == ("complete", TODAY + DAY)
    entries = Entry.objects.filter(ledger=cast.yorkshire.ledger_id, verb__startswith="access_review.")
    assert [entry.verb for entry in entries.order_by("sequence")] == [
        "access_review.opened",
        *["access_review.confirmed"] * len(others),
        "access_review.ended",
        "access_review.confirmed",
        "access_review.complete",
    ]
    assert verify(ledger=cast.yorkshire.ledger).ok


def test_nobody_decides_on_themselves_and_managers_are_the_administrators(
    cast: Cast, review: AccessReview
) -> None:
    other = grant_membership(
        actor=cast.administrator,
        user=cast.stranger,
        partnership=cast.yorkshire,
        organisation=cast.police,
        role=Role.PROGRAMME_MANAGER,
        starts_on=TODAY,
        at=AT,
    )
    of_other = [Decision(other.pk, outcome) for outcome in ("confirmed", "ended")]
    for decisions in ([confirm(cast.manager)], [end(cast.manager)], *([each] for each in of_other)):
        with pytest.raises(PermissionDenied):
            decide_access(actor=cast.manager, review=review, decisions=decisions, at=AT)
    for outsider in (cast.auditor, cast.gold, cast.leicestershire_manager):
        with pytest.raises(PermissionDenied):
            decide_access(actor=outsider, review=review, decisions=[confirm(cast.bradford_spoc)], at=AT)
    assert not review.lines.exists()


def test_what_is_settled_or_closed_is_refused_and_nothing_of_it_is_saved(
    cast: Cast, review: AccessReview
) -> None:
    decide_access(actor=cast.manager, review=review, decisions=[confirm(cast.gold)], at=AT)
    both = [confirm(cast.bradford_spoc), end(cast.gold)]
    with pytest.raises(ValidationError, match="in the meantime") as refusal:
        decide_access(actor=cast.administrator, review=review, decisions=both, at=AT)
    assert refusal.value.code == "conflict"
    assert review.lines.count() == 1
    review_access(actor=SYSTEM, at=AT + timedelta(days=15))
    with pytest.raises(ValidationError, match="closed"):
        decide_access(actor=cast.manager, review=review, decisions=both[:1], at=AT + timedelta(days=15))


def test_an_unfinished_review_is_closed_with_the_names_of_who_was_left(
    cast: Cast, review: AccessReview
) -> None:
    decide_access(actor=cast.manager, review=review, decisions=[confirm(cast.gold)], at=AT)
    left = len(names(review))
    july = AT + timedelta(days=12)
    assert review_access(actor=SYSTEM, at=july).opened == 2
    review.refresh_from_db()
    assert review.state == "unfinished"
    assert review.lines.filter(outcome="not_reviewed").count() == left
    assert AccessReview.objects.open().get(partnership=cast.yorkshire).quarter_start == date(2020, 7, 1)
    assert verify(ledger=cast.yorkshire.ledger).ok


def test_an_account_was_not_last_used_after_today(cast: Cast, signed_in: Any) -> None:
    """Sign-ins have the machine's date, and a demonstration is on an earlier one."""
    signed_in("gold")
    memberships = [membership_of(cast.gold), membership_of(cast.bradford_spoc)]
    facts = facts_of(memberships, TODAY)
    assert facts[cast.gold.pk].last_used_on == TODAY
    assert facts[cast.bradford_spoc.pk].last_used_on is None


def test_a_review_whose_last_people_leave_otherwise_is_completed(cast: Cast, review: AccessReview) -> None:
    rows = [row for row in memberships_to_decide(review, TODAY) if row.user != cast.manager]
    decisions = [Decision(row.pk, "confirmed") for row in rows]
    decide_access(actor=cast.manager, review=review, decisions=decisions, at=AT)
    end_membership(actor=cast.administrator, membership=membership_of(cast.manager), ends_on=TODAY, at=AT)
    review_access(actor=SYSTEM, at=AT + DAY)
    review.refresh_from_db()
    assert review.state == "complete"


def test_a_membership_that_nobody_reviews_is_announced_and_then_ends(cast: Cast) -> None:
    spoc = membership_of(cast.bradford_spoc)
    assert spoc.review_by == date(2021, 4, 1)
    early = AT.replace(year=2021, month=3, day=3)
    mail.outbox.clear()
    assert review_access(actor=SYSTEM, at=early).announced == 0
    assert review_access(actor=SYSTEM, at=early + DAY).announced > 5
    assert review_access(actor=SYSTEM, at=early + 2 * DAY).announced == 0
    run_tasks()
    (message,) = [each for each in mail.outbox if each.to == ["manager@example.org"]]
    assert "memberships of West Yorkshire to review" in message.subject
    assert "ends by itself 30 days after" in str(message.body)
    (message,) = [each for each in mail.outbox if "1 membership of West Yorkshire" in each.subject]
    assert message.to == ["administrator@example.org"]

    quarter = AccessReview.objects.open().get(partnership=cast.yorkshire)
    decide_access(actor=cast.manager, review=quarter, decisions=[confirm(cast.gold)], at=early + 2 * DAY)
    assert review_access(actor=SYSTEM, at=AT.replace(year=2021, month=5, day=1)).ended == 0
    mail.outbox.clear()
    end_day = AT.replace(year=2021, month=5, day=2)
    assert review_access(actor=SYSTEM, at=end_day).ended > 5
    spoc.refresh_from_db()
    assert spoc.ends_on == date(2021, 5, 1)
    assert rights_of(cast.bradford_spoc, end_day.date()).grants == ()
    assert rights_of(cast.gold, end_day.date()).grants
    run_tasks()
    (message,) = [each for each in mail.outbox if each.to == ["bradford.spoc@example.org"]]
    assert "Main SPOC, Bradford District" in str(message.body)
    entry = Entry.objects.get(verb="membership.ended", target_id=str(spoc.pk))
    assert entry.note == "Nobody reviewed it by 1 April 2021"
    assert verify(ledger=cast.yorkshire.ledger).ok


def test_nothing_ends_without_a_month_of_notice(cast: Cast) -> None:
    late = AT.replace(year=2022)
    assert review_access(actor=SYSTEM, at=late).ended == 0
    assert review_access(actor=SYSTEM, at=late + timedelta(days=29)).ended == 0
    assert review_access(actor=SYSTEM, at=late + timedelta(days=30)).ended > 5


def test_it_is_a_task_of_the_manager_and_managers_are_one_of_the_administrators(
    cast: Cast, review: AccessReview
) -> None:
    def tasks(user: User, on: date = TODAY) -> list[tuple[str, str]]:
        rows = my_tasks(actor=user, on=on)
        return [(row.title, row.reason) for row in rows if row.route == "partners:access-review"]

    title = "Complete the access review of April to June 2020"
    left = len(names(review)) - 1
    assert tasks(cast.manager) == [(title, f"{left} people and systems are left to confirm by 30 June 2020")]
    assert (title, "1 person or system is left to confirm by 30 June 2020") in tasks(cast.administrator)
    assert tasks(cast.auditor) == tasks(cast.bradford_spoc) == []
    Membership.objects.filter(user=cast.gold).update(review_by=TODAY - DAY)
    assert "by 18 June 2020" in tasks(cast.manager)[0][1]


def test_the_page_saves_some_decisions_and_keeps_what_was_typed(
    cast: Cast, review: AccessReview, signed_in: Any
) -> None:
    client = signed_in("manager")
    gold, spoc = membership_of(cast.gold).pk, membership_of(cast.bradford_spoc).pk
    shown = client.get(page(review)).content.decode()
    assert f'name="outcome_{gold}"' in shown
    assert f'name="outcome_{membership_of(cast.manager).pk}"' not in shown
    assert "Password only" in shown
    empty = client.post(page(review), {})
    assert empty.status_code == 422
    typed = {f"outcome_{gold}": "confirmed", f"note_{spoc}": "Covers for Leeds"}
    refused = client.post(page(review), typed)
    assert refused.status_code == 422
    assert "remove the note" in refused.content.decode()
    assert 'value="Covers for Leeds"' in refused.content.decode()
    assert not review.lines.exists()
    saved = client.post(page(review), typed | {f"outcome_{spoc}": "ended"}, follow=True)
    assert "Decisions saved" in saved.content.decode()
    assert "Covers for Leeds" in saved.content.decode()
    again = client.post(page(review), typed)
    assert again.status_code == 422
    assert "in the meantime" in again.content.decode()
    assert review.lines.count() == 2


def test_auditors_read_and_download_it(cast: Cast, review: AccessReview, signed_in: Any) -> None:
    gold = end(cast.gold, "=Left")
    decide_access(actor=cast.manager, review=review, decisions=[gold], at=AT)
    client = signed_in("auditor")
    assert "Save decisions" not in client.get(page(review)).content.decode()
    assert client.post(page(review), {}).status_code == 403
    lines = b"".join(client.get(f"{page(review)}export.csv")).decode().splitlines()  # type: ignore[arg-type]
    (line,) = [line for line in lines if line.startswith("Gold,")]
    assert "Ended,'=Left,Manager," in line
    assert len([line for line in lines if "Not decided yet" in line]) == len(names(review))
    book = load_workbook(BytesIO(b"".join(client.get(f"{page(review)}export.xlsx"))))  # type: ignore[arg-type]
    assert book.active is not None
    assert "Gold" in {row[0].value for row in book.active.iter_rows()}
    assert signed_in("gold").get(page(review)).status_code == 403
    assert signed_in("leicestershire_manager").get(page(review)).status_code == 404


def test_the_page_costs_the_same_for_more_people(
    cast: Cast, review: AccessReview, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    client = signed_in("manager")
    with django_assert_max_num_queries(100) as few:
        client.get(page(review))
    for number in range(5):
        create_client(
            actor=cast.manager,
            organisation=cast.wakefield_council,
            name=f"System {number}",
            scopes=["actions:read"],
            at=AT,
        )
    with django_assert_max_num_queries(len(few.captured_queries)):
        assert "System 4" in client.get(page(review)).content.decode()


def test_only_the_schedule_opens_reviews(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        review_access(actor=cast.administrator, at=AT)
