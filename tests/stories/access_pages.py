"""The pages of API clients and personal tokens, who opens them, and how they are reached; walked with the others."""

from datetime import date, timedelta

from playwright.sync_api import Page

from audit import clock
from audit.actors import SYSTEM
from partners.access_reviews.services.deciding import Decision, decide_access
from partners.access_reviews.services.schedule import review_access
from partners.approvals.services import reject_change
from partners.clients.services.clients import create_client, deactivate_client
from partners.clients.services.link_mail import link_path
from partners.clients.services.links import send_link
from partners.models import AccessReview, ApiClient, ChangeRequest, Membership, SecretLink
from tests.api.clients import replace_secret
from tests.cast import AT
from tests.permissions.setup import change_request
from tests.stories.pages import Visit, World, press


def add_access(world: World) -> None:
    """A client with two secrets, and one that was stopped."""
    cast = world.cast
    arguments = {"actor": cast.manager, "organisation": cast.wakefield_council, "at": AT}
    client, _ = create_client(name="Case system", scopes=["actions:read", "updates:write"], **arguments)
    # The pages are opened today, and both secrets still work then.
    now = clock.now()
    until = clock.today() + timedelta(days=20)
    replace_secret(actor=cast.manager, client=client, former_until=until, at=now, note="The yearly change.")
    figures, _ = create_client(name="Figures for the council", scopes=["actions:read"], **arguments)
    send_link(
        actor=cast.manager, client=figures, email=cast.wakefield_contact.email, former_until=until, at=now
    )
    stopped, _ = create_client(name="Old-case-system-" * 6, scopes=["actions:read"], **arguments)
    deactivate_client(actor=cast.manager, client=stopped, at=AT, note="Replaced.")
    review_access(actor=SYSTEM, at=AT)
    review = AccessReview.objects.get(partnership=cast.yorkshire)
    gold = Decision(Membership.objects.get(user=cast.gold).pk, "confirmed", "Chairs the board.")
    decide_access(actor=cast.manager, review=review, decisions=[gold], at=AT)
    change_request(cast)
    rejected = ChangeRequest.objects.get(pk=change_request(cast, role="auditor")["pk"])
    reject_change(actor=cast.administrator, change=rejected, at=now, reason="Two auditors are enough.")


def access_review(world: World) -> tuple[int]:
    return (AccessReview.objects.get(partnership=world.cast.yorkshire).pk,)


def case_system(world: World) -> tuple[int]:
    return (ApiClient.objects.get(name="Case system").pk,)


def open_link(world: World) -> tuple[str]:
    """The token of a link that nobody has used, of a system without a secret."""
    return (token_of(SecretLink.objects.open().get(client__name="Figures for the council")),)


def used_link(world: World) -> tuple[str]:
    return (token_of(SecretLink.objects.get(client__name="Case system", claimed_at__isnull=False)),)


def token_of(link: SecretLink) -> str:
    return link_path(link=link).rstrip("/").rpartition("/")[2]


def waiting(world: World) -> tuple[int]:
    return (ChangeRequest.objects.get(state="waiting").pk,)


def stopped(world: World) -> tuple[int]:
    return (ApiClient.objects.get(is_active=False).pk,)


def register(page: Page) -> None:
    page.get_by_label("Organisation", exact=True).select_option(label="Wakefield Council")
    page.get_by_label("Name of the system").fill("Figures")
    page.get_by_label("actions:read").check()
    press("Register system")(page)


def another_address(page: Page) -> None:
    page.get_by_label("Another address").check()
    page.get_by_label("Other email address").fill("systems@supplier.example")
    page.get_by_label("Now, because someone else may know it").check()
    press("Send link")(page)


def make_a_token(page: Page) -> None:
    page.get_by_label("Name of the token").fill("Figures")
    page.get_by_label("actions:read").check()
    last: date = clock.today() + timedelta(days=30)
    for label, part in (("Day", last.day), ("Month", last.month), ("Year", last.year)):
        page.get_by_label(label, exact=True).fill(str(part))
    press("Create token")(page)


ACCESS_VISITS = [
    Visit("partners:contact", ""),
    Visit("partners:contact", "bradford_spoc"),
    Visit("account_change_password", "bradford_spoc"),
    Visit("account_reauthenticate", "bradford_spoc"),
    Visit("mfa_index", "bradford_spoc"),
    Visit("partners:reads", "auditor"),
    Visit("partners:approval-list", "administrator"),
    Visit("partners:approval-list", "auditor"),
    Visit("partners:approval-list", "leicestershire_manager", name="no request yet"),
    Visit("partners:approval", "auditor", waiting),
    Visit(
        *("partners:approval", "administrator", waiting),
        then=press("Save decision"),
        name="no decision",
        status=422,
    ),
    Visit("partners:approval-add", "administrator"),
    Visit(
        "partners:approval-add",
        "administrator",
        then=press("Send request"),
        name="an empty request",
        status=422,
    ),
    Visit("partners:client-list", "manager"),
    Visit("partners:client-list", "auditor"),
    Visit("partners:client-list", "leicestershire_manager", name="no client yet"),
    Visit("partners:client-register", "manager"),
    Visit(
        "partners:client-register",
        "manager",
        then=press("Register system"),
        name="a system without a name",
        status=422,
    ),
    Visit("partners:client-register", "manager", then=register, name="a system without a secret"),
    Visit("partners:client", "manager", case_system),
    Visit("partners:client", "auditor", case_system),
    Visit("partners:client", "manager", stopped, name="a client that was stopped"),
    Visit("partners:client-scopes", "manager", case_system),
    Visit("partners:client-secret", "manager", case_system),
    Visit(
        *("partners:client-secret", "manager", case_system),
        then=press("Send link"),
        name="a link to nobody",
        status=422,
    ),
    Visit("partners:client-secret", "manager", case_system, then=another_address, name="a link sent"),
    Visit("partners:client-secret-claim", "", open_link),
    Visit(
        *("partners:client-secret-claim", "", open_link),
        then=press("Show the secret"),
        name="a secret shown once",
    ),
    Visit("partners:client-secret-claim", "", used_link, name="a link that was used", status=410),
    Visit("partners:client-secret", "manager", stopped, name="no secret for a stopped client", status=409),
    Visit("partners:client-stop", "manager", case_system),
    Visit("partners:access-review-list", "manager"),
    Visit("partners:access-review", "manager", access_review),
    Visit("partners:access-review", "auditor", access_review),
    Visit(
        *("partners:access-review", "administrator", access_review),
        then=press("Save decisions"),
        name="nothing decided",
        status=422,
    ),
    Visit("partners:token-list", "bradford_spoc"),
    Visit(
        "partners:token-list",
        "bradford_spoc",
        then=press("Create token"),
        name="a token for nothing",
        status=422,
    ),
    Visit("partners:token-list", "bradford_spoc", then=make_a_token, name="a token just made"),
    Visit(
        *("partners:token-list", "bradford_spoc"),
        then=press("Revoke the token “Figures”"),
        name="partners:token-revoke",
    ),
]
ACCESS_EXCUSED = {
    **dict.fromkeys(
        (
            *("mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp"),
            *("mfa_add_webauthn", "mfa_remove_webauthn", "mfa_reauthenticate_webauthn"),
            "mfa_generate_recovery_codes",
        ),
        "walked in test_second_factor.py",
    ),
    "partners:approval-withdraw": "leads back to the request",
    "partners:client-secret-end": "leads back to the client",
    "partners:client-link-withdraw": "leads back to the client",
    "partners:access-review-export": "a file",
    **dict.fromkeys(
        ("sign_on", "sign_on_callback", "sign_on_link", "sign_on_unlink", "sign_on_confirm"),
        "walked in test_single_sign_on.py",
    ),
    "partners:session-end": "leads back to My security",
    "partners:sessions-end-others": "leads back to My security",
}
