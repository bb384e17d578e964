"""Signing in at an identity provider: what links a person, and every answer that must not sign anybody in."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from audit.actors import SYSTEM
from audit.models import Entry
from partners.models import Identity, User
from partners.single_sign_on.services import link_identity, unlink_identity
from tests.cast import AT, Cast
from tests.support.identity_provider import CLIENT_SECRET, IdentityProvider, use_provider
from tests.support.task_queue import run_tasks

PASSWORD = "correct horse battery staple"
SIGN_IN, START = "/accounts/login/", "/accounts/login/single-sign-on/"
ACCOUNT, SECURITY = "/accounts/single-sign-on/", "/accounts/security/"
CALLBACK, CONFIRM = f"{ACCOUNT}callback/", f"{ACCOUNT}confirm/"


@pytest.fixture
def provider(settings: Any) -> Iterator[IdentityProvider]:
    cache.clear()
    provider = IdentityProvider()
    use_provider(settings, provider)
    yield provider
    provider.stop()


@pytest.fixture
def holder(cast: Cast, provider: IdentityProvider) -> User:
    """The manager, whose account is linked."""
    link_identity(actor=SYSTEM, user=cast.manager, issuer=provider.issuer, subject=provider.subject, at=AT)
    return cast.manager


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


def go(client: Client, provider: IdentityProvider, start: str = START, **form: str) -> Any:
    """Start at the service, sign in at the provider and come back."""
    response = client.post(start, form)
    return client.get(provider.authorize(response["Location"]), follow=True)


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_a_linked_person_signs_in_and_reaches_the_page_they_wanted(
    holder: User, provider: IdentityProvider
) -> None:
    client = Client()
    page = text_of(client.get(SIGN_IN, {"next": "/actions/"}))
    assert "Sign in with Microsoft" in page
    response = go(client, provider, next="/actions/")
    assert response.request["PATH_INFO"] == "/actions/"
    assert client.session["_auth_user_id"] == str(holder.pk)
    request = provider.requests[0]
    assert (request["scope"], request["response_type"], request["code_challenge_method"]) == (
        *("openid", "code", "S256"),
    )


def test_an_email_address_links_nobody_and_no_account_is_created(
    cast: Cast, provider: IdentityProvider
) -> None:
    """The attack: an account at the provider with the address of somebody here."""
    provider.claims = {
        "email": cast.manager.email,
        "email_verified": True,
        "preferred_username": cast.manager.email,
    }
    accounts, client = User.objects.count(), Client()
    page = text_of(go(client, provider))
    assert "No account here is linked to your account at Microsoft" in page
    assert not is_signed_in(client)
    assert User.objects.count() == accounts
    assert not Identity.objects.exists()


def claims_of(minutes: int) -> dict[str, int]:
    """What a provider whose clock differs by so many minutes says now, not when the tests were collected."""
    issued = int(time.time()) + minutes * 60
    return {"iat": issued, "exp": issued + 300}


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({"iss": "https://other.example.org"}, "InvalidIssuerError"),
        ({"aud": "another-service"}, "InvalidAudienceError"),
        ({"aud": ["prevent-tracker", "another-service"]}, "is for another service"),
        ({"azp": "another-service"}, "is for another service"),
        ({"nonce": "of another sign-in"}, "belongs to another sign-in"),
        ({"nonce": None}, "MissingRequiredClaimError"),
        ({"exp": None}, "MissingRequiredClaimError"),
        ({"sub": ""}, "names nobody"),
    ],
)
def test_a_wrong_claim_signs_nobody_in(
    holder: User, provider: IdentityProvider, claims: dict[str, Any], words: str
) -> None:
    provider.claims = claims
    client = Client()
    response = go(client, provider)
    assert response.request["PATH_INFO"] == SIGN_IN
    assert words in text_of(response)
    assert not is_signed_in(client)


@pytest.mark.parametrize("minutes", [-15, 10])
def test_a_clock_that_is_wrong_by_minutes_signs_nobody_in(
    holder: User, provider: IdentityProvider, minutes: int
) -> None:
    provider.claims = claims_of(minutes)
    client = Client()
    response = go(client, provider)
    assert response.request["PATH_INFO"] == SIGN_IN
    assert "The clocks of this service and of Microsoft differ" in text_of(response)
    assert not is_signed_in(client)


def test_a_clock_that_is_wrong_by_seconds_does_no_harm(holder: User, provider: IdentityProvider) -> None:
    provider.claims = {"iat": int(time.time()) + 30}
    client = Client()
    go(client, provider)
    assert is_signed_in(client)


@pytest.mark.parametrize("case", ["another key", "the client's secret", "no signature", "an unknown key"])
def test_a_wrong_signature_signs_nobody_in(holder: User, provider: IdentityProvider, case: str) -> None:
    if case == "another key":
        provider.signing_key = generate_private_key(SECP256R1())
    elif case == "the client's secret":
        provider.signing_key, provider.algorithm = CLIENT_SECRET.ljust(32), "HS256"
    elif case == "no signature":
        provider.signing_key, provider.algorithm = "", "none"
    else:
        provider.kid = "second"
    client = Client()
    assert "in the answer of Microsoft" in text_of(go(client, provider))
    assert not is_signed_in(client)


def test_neither_a_code_nor_a_state_works_twice_or_elsewhere(
    holder: User, provider: IdentityProvider
) -> None:
    client, thief = Client(), Client()
    back = provider.authorize(client.post(START)["Location"])
    # Whoever caught the address cannot use it in another browser, and the state is still unused in this one.
    assert "was started in another browser" in text_of(thief.get(back, follow=True))
    client.get(back)
    assert is_signed_in(client)
    client.post("/accounts/logout/")
    assert "has been used" in text_of(client.get(back, follow=True))
    # The same code with a new state: the provider refuses the code.
    used = provider.authorize(client.post(START)["Location"])
    provider.codes.clear()
    assert "refused to complete this sign-in" in text_of(client.get(used, follow=True))
    assert not is_signed_in(client)


def test_a_description_of_another_issuer_is_refused(holder: User, provider: IdentityProvider) -> None:
    provider.describe = {"issuer": f"{provider.issuer}/"}
    response = Client().post(START, follow=True)
    assert "names another issuer" in text_of(response)
    provider.describe = {"token_endpoint": "ftp://127.0.0.1/token"}
    assert "does not describe itself in full" in text_of(Client().post(START, follow=True))


def test_a_refusal_of_the_provider_is_shown_in_words(holder: User, provider: IdentityProvider) -> None:
    client = Client()
    for error, words in (("access_denied", "You did not sign in"), ("server_error", "refused this sign-in")):
        state = dict(pair.split("=") for pair in client.post(START)["Location"].split("?")[1].split("&"))[
            "state"
        ]
        response = client.get(CALLBACK, {"error": error, "state": state}, follow=True)
        assert words in text_of(response)


def test_a_provider_that_is_down_is_named_and_the_emergency_account_signs_in(
    cast: Cast, holder: User, provider: IdentityProvider, settings: Any
) -> None:
    settings.SIGN_IN, settings.EMERGENCY_ACCOUNTS = "oidc", [cast.administrator.email]
    with_password(cast.administrator)
    client = Client()
    started = client.post(START)["Location"]
    provider.stop()
    assert "Microsoft does not answer" in text_of(client.post(START, {"next": "/actions/"}, follow=True))
    assert "Microsoft does not answer" in text_of(client.get(provider.authorize(started), follow=True))
    client.post(SIGN_IN, {"login": cast.administrator.email, "password": PASSWORD})
    assert is_signed_in(client)


def test_passwords_are_left_to_emergency_accounts(
    cast: Cast, provider: IdentityProvider, settings: Any
) -> None:
    settings.SIGN_IN, settings.EMERGENCY_ACCOUNTS = "oidc", [cast.administrator.email]
    client = Client()
    with_password(cast.gold)
    response = client.post(SIGN_IN, {"login": cast.gold.email, "password": PASSWORD})
    assert not is_signed_in(client)
    wrong = client.post(SIGN_IN, {"login": cast.administrator.email, "password": "wrong"})
    assert response.context["form"].errors == wrong.context["form"].errors
    assert "A password works only for accounts that are kept for the days" in text_of(response)
    for user in (cast.gold, cast.administrator):
        client.post("/accounts/password/reset/", {"email": user.email})
    run_tasks()
    assert [message.to for message in mail.outbox] == [[cast.administrator.email]]


def test_a_person_links_and_unlinks_their_own_account(cast: Cast, provider: IdentityProvider) -> None:
    user = with_password(cast.bradford_spoc)
    client, elsewhere = Client(), Client()
    for browser in (client, elsewhere):
        browser.post(SIGN_IN, {"login": user.email, "password": PASSWORD})
    assert "Link your Microsoft account" in text_of(client.get(SECURITY))
    page = text_of(go(client, provider, f"{ACCOUNT}link/"))
    assert "You can sign in with Microsoft now" in page
    assert "Remove the link" in page
    assert elsewhere.get("/").status_code == 302  # what could be somebody else's session ended
    assert user.identity.subject == provider.subject
    client.post(f"{ACCOUNT}unlink/")
    assert not Identity.objects.exists()
    verbs = Entry.objects.filter(target_type="partners.identity").values_list("verb", flat=True)
    assert sorted(verbs) == ["identity.linked", "identity.removed"]
    run_tasks()
    subjects = [message.subject for message in mail.outbox]
    assert subjects.count("Prevent Tracker: your single sign-on was changed") == 2


def test_an_account_of_the_provider_belongs_to_one_person(
    cast: Cast, holder: User, provider: IdentityProvider
) -> None:
    user = with_password(cast.bradford_spoc)
    client = Client()
    client.post(SIGN_IN, {"login": user.email, "password": PASSWORD})
    assert "linked to somebody else already" in text_of(go(client, provider, f"{ACCOUNT}link/"))
    with pytest.raises(ValidationError, match="linked already"):
        link_identity(actor=SYSTEM, user=holder, issuer=provider.issuer, subject="other", at=AT)
    with pytest.raises(PermissionDenied, match="Another administrator must approve"):
        link_identity(actor=cast.administrator, user=user, issuer=provider.issuer, subject="other", at=AT)
    with pytest.raises(PermissionDenied, match="only link your own"):
        unlink_identity(actor=cast.administrator, user=holder, at=AT)


def test_a_closed_account_stays_out(holder: User, provider: IdentityProvider) -> None:
    User.objects.filter(pk=holder.pk).update(is_active=False)
    client = Client()
    assert go(client, provider).request["PATH_INFO"] == "/accounts/inactive/"
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("demand", "claims", "accepted"),
    [
        ({"OIDC_AMR": ["mfa"]}, {"amr": ["pwd", "mfa"]}, True),
        ({"OIDC_AMR": ["mfa"]}, {"amr": ["pwd"]}, False),
        ({"OIDC_AMR": ["mfa"]}, {}, False),
        ({"OIDC_ACR": ["c1"]}, {"acrs": ["c1"]}, True),
        ({"OIDC_ACR": ["high", "c1"]}, {"acr": "high"}, True),
        ({"OIDC_ACR": ["c1"]}, {"acr": "1"}, False),
    ],
)
def test_what_the_provider_must_have_checked(  # noqa: PLR0917  fixtures
    holder: User,
    provider: IdentityProvider,
    settings: Any,
    demand: dict[str, list[str]],
    claims: dict[str, Any],
    accepted: bool,
) -> None:
    use_provider(settings, provider, MFA_REQUIRED="all", **demand)
    provider.claims = claims
    client = Client()
    response = go(client, provider)
    assert is_signed_in(client) == accepted
    # A factor that the provider checked counts as ours; what it did not check signs nobody in.
    assert response.request["PATH_INFO"] == ("/" if accepted else SIGN_IN)
    assert provider.requests[0].get("acr_values", "") == " ".join(demand.get("OIDC_ACR", []))


def test_without_a_demand_our_own_factor_is_asked_for(
    holder: User, provider: IdentityProvider, settings: Any
) -> None:
    settings.MFA_REQUIRED = "all"
    assert go(Client(), provider).request["PATH_INFO"] == "/accounts/security/app/add/"
    TOTP.activate(holder, generate_totp_secret())
    client = Client()
    assert go(client, provider).request["PATH_INFO"] == "/accounts/code/"
    assert not is_signed_in(client)
    settings.OIDC_AMR, provider.claims = ["mfa"], {"amr": ["mfa"]}
    go(client, provider)
    assert is_signed_in(client)


def test_who_they_are_is_confirmed_by_signing_in_again(holder: User, provider: IdentityProvider) -> None:
    client = Client()
    go(client, provider)
    session = client.session
    session["account_authentication_methods"][0]["at"] -= 360
    session.save()
    response = client.get("/api-clients/register/", follow=True)
    assert response.request["PATH_INFO"] == CONFIRM
    assert "Sign in with Microsoft again" in text_of(response)
    provider.claims = {"auth_time": int(time.time()) - 3600}
    assert "did not ask you to sign in again" in text_of(
        go(client, provider, CONFIRM, next="/api-clients/register/")
    )
    provider.claims, provider.subject = {}, "somebody else"
    assert "No account here is linked" in text_of(
        go(client, provider, CONFIRM, next="/api-clients/register/")
    )
    provider.subject = "subject-of-the-manager"
    response = go(client, provider, CONFIRM, next="/api-clients/register/")
    assert response.request["PATH_INFO"] == "/api-clients/register/"
    assert provider.requests[-1]["prompt"] == "login"


def test_without_a_provider_there_is_nothing_to_see(cast: Cast, settings: Any) -> None:
    client = Client()
    assert "Sign in with a password" not in text_of(client.get(SIGN_IN))
    assert (client.post(START).status_code, client.get(CALLBACK).status_code) == (404, 404)
