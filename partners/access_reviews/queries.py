"""Who has access to a partnership, and what a reviewer needs to know of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from allauth.mfa.models import Authenticator
from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext, ngettext

from audit.clock import london_date
from partners.access_reviews.models import AccessReview, AccessReviewLine
from partners.clients.models import ApiClient
from partners.memberships.models import Membership
from partners.scim.models import ProvisionedAccount
from partners.single_sign_on.models import Identity
from partners.tokens.models import PersonalToken
from web.language import lazy_text

FACTORS = {
    Authenticator.Type.TOTP: lazy_text("App"),
    Authenticator.Type.WEBAUTHN: lazy_text("Passkey"),
    Authenticator.Type.RECOVERY_CODES: lazy_text("Recovery codes"),
}


@dataclass(frozen=True)
class AccountFacts:
    """What opens an account, and when it was last used.

    Attributes:
        source: whether the account is managed here or by an identity provider, in words.
        last_used_on: by a person at a sign-in or with an access token, by a system with a secret; None for never.
        sign_in: the second factors, in words.
        programs: access tokens of a person, or scopes of an API client, in words.
    """

    source: str
    last_used_on: date | None
    sign_in: str
    programs: str


def memberships_to_decide(review: AccessReview, on: date) -> QuerySet[Membership]:
    """Return the memberships that nobody has decided on: they ran when the review was opened, and run on the day."""
    running = Membership.objects.running(on).filter(
        partnership=review.partnership_id, starts_on__lte=review.opened_on, user__is_active=True
    )
    rows = running.exclude(review_lines__review=review).select_related("user", "organisation", "partnership")
    return rows.order_by("user__name", "user", "pk")


def lines_of(review: AccessReview) -> QuerySet[AccessReviewLine]:
    """Return what was decided, by name."""
    rows = AccessReviewLine.objects.filter(review=review).order_by("membership__user__name", "membership")
    return rows.select_related("membership__user", "membership__organisation", "decided_by")


def facts_of(memberships: Sequence[Membership], on: date) -> dict[int, AccountFacts]:
    """Return the facts of each account by its id, in a fixed number of queries."""
    ids = {row.user_id for row in memberships}
    factors: dict[int, set[str]] = {}
    for user_id, kind in Authenticator.objects.filter(user__in=ids).values_list("user", "type"):
        factors.setdefault(user_id, set()).add(FACTORS[kind])
    for user_id in Identity.objects.filter(user__in=ids).values_list("user", flat=True):
        factors.setdefault(user_id, set()).add(gettext("Single sign-on"))
    tokens = PersonalToken.objects.filter(user__in=ids)
    token_numbers = dict(tokens.active(on).order_by().values_list("user").annotate(number=Count("pk")))
    token_days = dict(tokens.order_by().values_list("user").annotate(day=Max("uses__on")))
    provisioned = set(ProvisionedAccount.objects.filter(user__in=ids).values_list("user", flat=True))
    clients = {row.user_id: row for row in ApiClient.objects.filter(user__in=ids).with_last_use()}
    facts = {}
    for row in memberships:
        user, client = row.user, clients.get(row.user_id)
        moments = (user.last_login, client and client.last_used_at)
        days = [london_date(moment) for moment in moments if moment] + [token_days.get(user.pk)]
        number = token_numbers.get(user.pk, 0)
        programs = (
            ngettext("{number} access token", "{number} access tokens", number).format(number=number)
            if number
            else gettext("None")
        )
        facts[user.pk] = AccountFacts(
            source=gettext("Identity provider (SCIM)")
            if user.pk in provisioned
            else gettext("Prevent Tracker"),
            # Sign-ins have the machine's date, and a demonstration is on an earlier one.
            last_used_on=max((min(day, on) for day in days if day), default=None),
            sign_in=gettext("Client secret")
            if client
            else ", ".join(sorted(factors.get(user.pk, ()))) or gettext("Password only"),
            programs=gettext("API client: {scopes}").format(scopes=client.scopes) if client else programs,
        )
    return facts
