"""Changes to somebody's access that one administrator requests and another approves."""

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from audit import clock
from audit.actors import SYSTEM
from audit.models import Entry
from partners.accounts.four_eyes import FACTOR, SIGN_ON, ApprovalRequired
from partners.accounts.services.users import change_user, create_user, record_password_change
from partners.approvals.models import ChangeRequest
from partners.approvals.services import (
    approve_change,
    reject_change,
    request_access,
    request_change,
    withdraw_change,
)
from partners.memberships.services import end_membership, grant_membership
from partners.models import Identity, Membership, Role, User
from partners.second_factor.services import reset_factor
from partners.single_sign_on.services import link_identity
from tests.cast import AT, EARLIER, TODAY, Cast
from tests.support.confirming import confirm
from tests.support.task_queue import run_tasks

LIST = "/approvals/"


def add_administrator(name: str) -> User:
    email = f"{name.lower().replace(' ', '.')}@example.org"
    return create_user(actor=SYSTEM, email=email, name=name, is_staff=True, at=EARLIER)


@pytest.fixture
def second(cast: Cast) -> User:
    """A second administrator, with whom the rule begins to bind."""
    return add_administrator("Second administrator")


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    confirm(client, user)
    return client


def membership(cast: Cast, **fields: Any) -> dict[str, Any]:
    values = {"user": cast.stranger, "partnership": cast.yorkshire, "organisation": cast.police}
    return values | {"role": Role.PROGRAMME_MANAGER, "starts_on": TODAY, "at": AT} | fields


def ask(actor: User, change: Any) -> ChangeRequest:
    """Try a change, which is refused, and request it."""
    with pytest.raises(ApprovalRequired) as refusal:
        change()
    return request_change(actor=actor, needed=refusal.value, at=AT)


def ask_address(actor: User, user: User, email: str = "new@example.org") -> ChangeRequest:
    return ask(actor, lambda: change_user(actor=actor, user=user, email=email, at=AT))


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


# Take-over by one administrator -------------------------------------------------------------------------------


def test_one_administrator_takes_nobody_over(cast: Cast, second: User) -> None:
    """The attack: every way in which an administrator could become a manager, alone."""
    actor, victim = cast.administrator, cast.manager
    for fields in ({"email": "mine@example.org"}, {"is_staff": True}):
        with pytest.raises(ApprovalRequired, match="Another administrator must approve"):
            change_user(actor=actor, user=victim, at=AT, **fields)
    with pytest.raises(ApprovalRequired):
        change_user(actor=actor, user=second, is_staff=False, at=AT)
    with pytest.raises(PermissionDenied, match="only change your own password"):
        record_password_change(actor=actor, user=victim, password="three random words", at=AT)
    with pytest.raises(PermissionDenied, match="Create the account first"):
        create_user(actor=actor, email="mine@example.org", name="Mine", is_staff=True, at=AT)
    with pytest.raises(ApprovalRequired):
        reset_factor(actor=actor, user=victim, at=AT)
    with pytest.raises(ApprovalRequired):
        link_identity(actor=actor, user=victim, issuer="https://login.example.org", subject="mine", at=AT)
    for role in (Role.PROGRAMME_MANAGER, Role.BOARD_MEMBER, Role.AUDITOR):
        with pytest.raises(ApprovalRequired):
            grant_membership(actor=actor, **membership(cast, role=role))
    with pytest.raises(ApprovalRequired):
        grant_membership(actor=actor, **membership(cast, role=Role.OBSERVER, starts_on=TODAY - timedelta(1)))
    assert not Membership.objects.filter(user=cast.stranger).exists()


def test_what_opens_little_needs_no_second_administrator(cast: Cast, second: User) -> None:
    grant_membership(actor=cast.administrator, **membership(cast, role=Role.OBSERVER))
    change_user(actor=cast.administrator, user=cast.manager, name="Prevent manager", at=AT)
    change_user(actor=cast.administrator, user=cast.gold, is_active=False, at=AT)


def test_the_rule_binds_from_the_second_administrator_on_for_good(cast: Cast) -> None:
    grant_membership(actor=cast.administrator, **membership(cast))
    other = add_administrator("Second administrator")
    change_user(actor=cast.administrator, user=other, is_active=False, at=AT)
    with pytest.raises(ApprovalRequired):
        change_user(actor=cast.administrator, user=cast.manager, email="mine@example.org", at=AT)


def test_a_later_last_day_of_a_manager_waits_and_an_earlier_one_does_not(cast: Cast, second: User) -> None:
    row = cast.manager.memberships.get()
    day = TODAY + timedelta(days=30)
    row = end_membership(actor=second, membership=row, ends_on=day, at=AT)
    for later in (day + timedelta(days=1), None):
        change = ask(
            cast.administrator,
            partial(end_membership, actor=cast.administrator, membership=row, ends_on=later, at=AT),
        )
        assert Membership.objects.get(pk=row.pk).ends_on == day
        approve_change(actor=second, change=change, at=AT)
        row = Membership.objects.get(pk=row.pk)
        assert row.ends_on == later
        row = end_membership(actor=second, membership=row, ends_on=day, at=AT)
    note = Entry.objects.filter(verb="membership.ended").order_by("sequence").values_list("note", flat=True)
    assert list(note) == ["", *["Approved by Second administrator", ""] * 2]
    spoc = end_membership(actor=second, membership=cast.bradford_spoc.memberships.get(), ends_on=day, at=AT)
    end_membership(actor=second, membership=spoc, ends_on=day + timedelta(days=1), at=AT)


def test_a_closed_account_is_opened_again_by_two(cast: Cast, second: User) -> None:
    closed = change_user(actor=second, user=cast.gold, is_active=False, at=AT)
    change = ask(
        cast.administrator,
        lambda: change_user(actor=cast.administrator, user=closed, is_active=True, at=AT),
    )
    assert not User.objects.get(pk=cast.gold.pk).is_active
    approve_change(actor=second, change=change, at=AT)
    assert User.objects.get(pk=cast.gold.pk).is_active


def test_a_lost_factor_takes_two_administrators_even_where_there_is_one(cast: Cast) -> None:
    with pytest.raises(ApprovalRequired):
        reset_factor(actor=cast.administrator, user=cast.manager, at=AT)


# Deciding -----------------------------------------------------------------------------------------------------


def test_an_approved_address_changes_and_the_ledger_shows_both(cast: Cast, second: User) -> None:
    change = ask_address(cast.administrator, cast.manager)
    assert User.objects.get(pk=cast.manager.pk).email == "manager@example.org"
    approve_change(actor=second, change=change, at=AT)
    assert User.objects.get(pk=cast.manager.pk).email == "new@example.org"
    entry = Entry.objects.get(verb="user.changed", target_id=str(cast.manager.pk))
    assert (entry.actor_label, entry.note) == ("Administrator", "Approved by Second administrator")
    verbs = Entry.objects.filter(target_type="partners.changerequest").order_by("sequence")
    assert list(verbs.values_list("verb", "actor_label")) == [
        ("change.requested", "Administrator"),
        ("change.approved", "Second administrator"),
    ]
    run_tasks()
    assert {message.to[0] for message in mail.outbox} == {"manager@example.org", "new@example.org"}


def test_an_approved_membership_begins(cast: Cast, second: User) -> None:
    change = ask(
        cast.manager, lambda: grant_membership(actor=cast.manager, **membership(cast, ends_on=TODAY))
    )
    approve_change(actor=second, change=change, at=AT)
    granted = Membership.objects.get(user=cast.stranger)
    assert (granted.role, granted.starts_on, granted.ends_on) == (Role.PROGRAMME_MANAGER, TODAY, TODAY)


def test_an_approved_reset_removes_every_factor_and_ends_access(cast: Cast, second: User) -> None:
    TOTP.activate(cast.manager, generate_totp_secret())
    client = browser(cast.manager)
    change = request_access(
        actor=cast.administrator, kind=FACTOR, email="Manager@example.org", reason="Lost phone", at=AT
    )
    assert Authenticator.objects.filter(user=cast.manager).exists()
    approve_change(actor=second, change=change, at=AT)
    assert not Authenticator.objects.filter(user=cast.manager).exists()
    assert client.get("/").status_code == 302
    run_tasks()
    assert [message.to for message in mail.outbox] == [["manager@example.org"]]


def test_an_approved_link_signs_in(cast: Cast, second: User, settings: Any) -> None:
    settings.OIDC_ISSUER = "https://login.example.org/tenant/v2.0"
    with pytest.raises(ValidationError, match="Enter the provider's id"):
        request_access(actor=second, kind=SIGN_ON, email="manager@example.org", reason="New", at=AT)
    change = request_access(
        actor=second, kind=SIGN_ON, email="manager@example.org", subject="s-1", reason="New", at=AT
    )
    approve_change(actor=cast.administrator, change=change, at=AT)
    assert Identity.objects.get(user=cast.manager).issuer == settings.OIDC_ISSUER


def test_nobody_decides_on_their_own_request_or_account(cast: Cast, second: User) -> None:
    about_second = ask_address(cast.administrator, second)
    with pytest.raises(PermissionDenied, match="You requested this yourself"):
        approve_change(actor=cast.administrator, change=about_second, at=AT)
    for decide in (approve_change, reject_change):
        with pytest.raises(PermissionDenied, match="about your own account"):
            decide(actor=second, change=about_second, at=AT, reason="No")
    for person in (cast.manager, cast.auditor):
        with pytest.raises(PermissionDenied, match="Only an administrator"):
            approve_change(actor=person, change=about_second, at=AT)
    for kind in (FACTOR, SIGN_ON):
        with pytest.raises(PermissionDenied, match="for your own account"):
            request_access(actor=second, kind=kind, email=second.email, subject="s", reason="Mine", at=AT)


def test_two_administrators_do_not_approve_each_others_changes_to_themselves(
    cast: Cast, second: User
) -> None:
    first_change = ask_address(cast.administrator, cast.administrator, "one@example.org")
    approve_change(actor=second, change=first_change, at=AT)
    returned = ask_address(second, second, "two@example.org")
    with pytest.raises(ValidationError, match="cannot approve each other's changes to themselves"):
        approve_change(actor=cast.administrator, change=returned, at=AT)
    returned.refresh_from_db()
    assert returned.state == ChangeRequest.State.WAITING
    approve_change(actor=add_administrator("Third administrator"), change=returned, at=AT)
    assert User.objects.get(pk=second.pk).email == "two@example.org"


def test_a_request_is_decided_once_within_its_time(cast: Cast, second: User) -> None:
    change = ask_address(cast.administrator, cast.manager)
    with pytest.raises(ValidationError, match="waiting for approval already"):
        ask_address(cast.administrator, cast.manager)
    late = AT + timedelta(days=15)
    with pytest.raises(ValidationError, match="lapsed after 3 July 2020"):
        approve_change(actor=second, change=change, at=late)
    with pytest.raises(ValidationError, match="Enter why you reject it"):
        reject_change(actor=second, change=change, at=AT, reason=" ")
    reject_change(actor=second, change=change, at=AT, reason="Call me first.")
    with pytest.raises(ValidationError, match="is rejected already"):
        approve_change(actor=second, change=change, at=AT)
    again = ask_address(cast.administrator, cast.manager)
    with pytest.raises(PermissionDenied, match="Only the person who requested"):
        withdraw_change(actor=second, change=again, at=AT)
    withdraw_change(actor=cast.administrator, change=again, at=AT)
    assert User.objects.get(pk=cast.manager.pk).email == "manager@example.org"


def test_a_request_of_somebody_who_is_no_longer_administrator_is_refused_in_words(
    cast: Cast, second: User
) -> None:
    change = ask_address(cast.administrator, cast.manager)
    change_user(actor=SYSTEM, user=cast.administrator, is_staff=False, at=AT)
    with pytest.raises(ValidationError, match="Only an administrator can"):
        approve_change(actor=second, change=change, at=AT)


def test_an_address_in_use_is_refused_at_once(cast: Cast, second: User) -> None:
    with pytest.raises(ValidationError, match="already an account"):
        change_user(actor=cast.administrator, user=cast.manager, email="gold@example.org", at=AT)


def test_nobody_is_auditor_beside_another_role(cast: Cast) -> None:
    for user, role in ((cast.auditor, Role.OBSERVER), (cast.bradford_spoc, Role.AUDITOR)):
        with pytest.raises(ValidationError, match="Nobody is auditor beside another role"):
            grant_membership(actor=cast.administrator, **membership(cast, user=user, role=role))
    # In another partnership, or after the other role has ended.
    fields = {"partnership": cast.leicestershire, "organisation": cast.city_council, "role": Role.OBSERVER}
    grant_membership(actor=cast.administrator, **membership(cast, user=cast.auditor, **fields))
    grant_membership(actor=cast.administrator, **membership(cast, user=cast.former_spoc, role=Role.AUDITOR))


# Pages --------------------------------------------------------------------------------------------------------


def test_an_administrator_decides_on_the_page_and_the_auditor_reads_it(cast: Cast, second: User) -> None:
    change = ask(second, lambda: grant_membership(actor=second, **membership(cast)))
    client = browser(cast.administrator)
    page = text_of(client.get(LIST))
    assert "Role: Programme manager" in page
    assert "Requested by Second administrator" in page
    assert "Approve, and make the change now" in text_of(client.get(f"{LIST}{change.pk}/"))
    reading = text_of(browser(cast.auditor).get(f"{LIST}{change.pk}/"))
    assert "Only an administrator can decide on this" in reading
    assert "Save decision" not in reading
    done = client.post(f"{LIST}{change.pk}/", {"decision": "approve"}, follow=True)
    assert "Request approved" in text_of(done)
    assert "Nothing is waiting" in text_of(done)


def test_a_rejection_needs_a_reason_on_the_page(cast: Cast, second: User) -> None:
    change = ask(second, lambda: grant_membership(actor=second, **membership(cast)))
    client = browser(cast.administrator)
    wrong = client.post(f"{LIST}{change.pk}/", {"decision": "reject", "reason": ""})
    assert (wrong.status_code, "Enter why you reject it" in text_of(wrong)) == (422, True)
    done = client.post(f"{LIST}{change.pk}/", {"decision": "reject", "reason": "Not agreed."}, follow=True)
    assert "Request rejected" in text_of(done)
    assert not Membership.objects.filter(user=cast.stranger).exists()


def test_nothing_of_another_partnership_is_seen(cast: Cast, second: User) -> None:
    ask_address(second, cast.leicestershire_manager)
    about_manager = ask_address(second, cast.manager, "newer@example.org")
    visible = ChangeRequest.objects.visible_to(cast.auditor, clock.today())
    assert list(visible) == [about_manager]
    assert not ChangeRequest.objects.visible_to(cast.gold, clock.today()).exists()


def test_a_request_is_a_task_of_the_other_administrators(cast: Cast, second: User) -> None:
    change = ask_address(second, cast.manager)
    words = "Approve or reject: Change of an account: Manager"
    assert words in text_of(browser(cast.administrator).get("/"))
    assert words not in text_of(browser(second).get("/"))
    assert f"{LIST}{change.pk}/" in text_of(browser(cast.administrator).get("/"))


def test_a_later_last_day_is_requested_on_the_page_of_people(cast: Cast, second: User) -> None:
    row = end_membership(actor=second, membership=cast.gold.memberships.get(), ends_on=TODAY, at=AT)
    client = browser(cast.manager)
    people = text_of(client.get(reverse("partners:people", args=[cast.yorkshire.pk])))
    address = reverse("partners:role-end", args=[cast.yorkshire.pk, row.pk])
    assert f'{address}">Change<' in people
    assert f"Review due {row.review_by:%-d %B %Y}" in people
    form = {"ends_on": "2020-09-30"}
    response = text_of(client.post(address, form, follow=True))
    assert "Nothing is changed yet. Another administrator must approve it." in response
    assert "New last day" in response
    assert "30 September 2020" in response
    assert "Approvals (1)" in response
    assert "Approvals (1)" in text_of(browser(second).get("/"))
    assert "Approvals (1)" in text_of(browser(cast.auditor).get("/"))
    for person in (cast.leicestershire_manager, cast.bradford_spoc):
        assert "Approvals (1)" not in text_of(browser(person).get("/"))
    assert "Approvals</a>" in text_of(browser(cast.leicestershire_manager).get("/"))


def test_a_reset_is_requested_on_the_page_and_withdrawn(cast: Cast, second: User) -> None:
    client = browser(cast.administrator)
    form = {"kind": "factor", "email": "nobody@example.org", "reason": "Lost phone"}
    assert "There is no active account" in text_of(client.post(f"{LIST}add/", form))
    response = client.post(f"{LIST}add/", form | {"email": cast.manager.email}, follow=True)
    assert "Request saved. Another administrator must approve it." in text_of(response)
    change = ChangeRequest.objects.get()
    assert "Request withdrawn" in text_of(client.post(f"{LIST}{change.pk}/withdraw/", follow=True))
    assert change.lapses_on - clock.today() == timedelta(days=14)
    assert isinstance(change.lapses_on, date)
