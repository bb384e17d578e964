"""The accounts of the service, for administrators: list, add, change, and end the sessions of people."""

from functools import partial

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from audit import clock
from audit.policies import forbid
from audit.versions import changes_since, recorded_version
from partners.accounts.four_eyes import is_bound
from partners.accounts.models import User
from partners.accounts.renewal import renew_session
from partners.accounts.services.access import end_sessions
from partners.accounts.services.users import create_user
from partners.approvals.models import ChangeRequest
from partners.memberships.models import Membership
from partners.people.forms import AccountForm, NewAccountForm, SignOutForm
from partners.people.services import change_account
from partners.people.views.people import WAITS
from partners.policies import why_not_administer
from web.callers import actor_of
from web.confirmation import confirm_first
from web.filters import keep_matching, without_empty_parameters
from web.language import lazy_text
from web.pages import PAGE_OR_FORM, answer
from web.paging import page_of
from web.quick import RowGroup, SearchForm, grouped_list

GROUPS = (
    RowGroup("open", lazy_text("Open"), Q(is_active=True)),
    RowGroup("administrators", lazy_text("Administrators"), Q(is_active=True, is_staff=True)),
    RowGroup("closed", lazy_text("Closed"), Q(is_active=False)),
)
FIELDS = ("email", "name", "is_active", "is_staff")


@require_safe
@confirm_first
@without_empty_parameters
def account_list(request: HttpRequest) -> HttpResponse:
    """List the accounts of people, the open ones first, with a search."""
    forbid(why_not_administer(request.user, gettext("manage accounts")))
    accounts = grouped_list(
        request.GET,
        rows=User.objects.filter(kind=User.Kind.USER),
        groups=GROUPS,
        default="open",
        address=reverse("partners:account-list"),
        form_type=SearchForm,
    )
    rows = keep_matching(accounts.rows, accounts.search, ("name", "email"))
    context = {
        **accounts.context,
        "search": accounts.search,
        "pages": page_of(request, rows.order_by("name", "pk")),
    }
    return render(request, "partners/people/accounts.html", context, status=accounts.status)


@PAGE_OR_FORM
@confirm_first
def account_add(request: HttpRequest) -> HttpResponse:
    """Open an account without a role, such as another administrator's."""
    forbid(why_not_administer(request.user, gettext("create an account")))
    return answer(
        request,
        NewAccountForm(request.POST or None, is_bound_by_two=is_bound()),
        service=create_user,
        done=lambda user: gettext("Account of {user} added").format(user=user),
        leads_to=lambda user: reverse("partners:account-edit", args=[user.pk]),
        heading=gettext("Add an account"),
        back=reverse("partners:account-list"),
        back_text=gettext("All accounts"),
    )


@PAGE_OR_FORM
@confirm_first
def account_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an account, and show its roles."""
    forbid(why_not_administer(request.user, gettext("manage accounts")))
    user = get_object_or_404(User, pk=pk, kind=User.Kind.USER)
    present = recorded_version(user)
    here = reverse("partners:account-edit", args=[pk])
    roles = Membership.objects.filter(user=user).select_related("organisation", "partnership")
    return answer(
        request,
        AccountForm(
            request.POST or None,
            initial={"version": present.version, **{name: getattr(user, name) for name in FIELDS}},
        ),
        service=partial(change_account, user=user),
        row=present,
        catch_up=lambda version: (recorded_version(user), changes_since(user, version)),
        template="partners/people/account.html",
        done=lambda outcome: WAITS if isinstance(outcome, ChangeRequest) else gettext("Account saved"),
        leads_to=lambda outcome: outcome.get_absolute_url() if isinstance(outcome, ChangeRequest) else here,
        account=user,
        today=clock.today(),
        roles=roles.order_by("-starts_on", "pk"),
        heading=gettext("Account"),
        caption=str(user),
        back=reverse("partners:account-list"),
        back_text=gettext("All accounts"),
    )


@require_POST
@confirm_first
def accounts_sign_out(request: HttpRequest) -> HttpResponse:
    """End the sessions of the selected people; an administrator among them stays signed in here."""
    forbid(why_not_administer(request.user, gettext("end the sessions of other people")))
    form = SignOutForm(request.POST)
    if not form.is_valid():
        messages.warning(request, gettext("Select the people whose sessions you want to end."))
        return redirect("partners:account-list")
    users = list(form.cleaned_data["accounts"])
    end_sessions(actor=actor_of(request), users=users, at=clock.now())
    if request.user.pk in {user.pk for user in users}:
        renew_session(request)
    one = len(users) == 1
    messages.success(
        request,
        (
            gettext("{user} signed out everywhere").format(user=users[0])
            if one
            else gettext("{number} people signed out everywhere").format(number=len(users))
        ),
    )
    return redirect("partners:account-edit", users[0].pk) if one else redirect("partners:account-list")
