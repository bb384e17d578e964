"""Section 55 pages of an inspection: whether to respond, and the chief officer's comments."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from audit import clock
from audit.actors import Reader
from audit.policies import forbid
from inspections.core import policies
from inspections.findings.models.inspections import Inspection
from inspections.history import views as change
from inspections.responses.forms.section55 import (
    NOT_SUBJECT,
    OWED,
    THROUGH,
    CommentsForm,
    DutyForm,
    InviteForm,
    duty_initial,
)
from inspections.responses.models import PublishedResponse
from inspections.responses.services.section55 import (
    answer_through,
    clock_of,
    invite_comments,
    mark_not_subject,
    owe_response,
    record_comments,
)
from partners.policies import Rights, rights_to_act
from web.forms import GovukForm
from web.language import lazy_text
from web.pages import PAGE_OR_FORM

DECIDES: dict[str, Any] = {OWED: owe_response, NOT_SUBJECT: mark_not_subject, THROUGH: answer_through}
NOT_OWED = lazy_text(
    "No response is needed for this inspection, so the chief officer does not comment on it."
)


@PAGE_OR_FORM
def section55(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide whether a report of the police inspectorate needs a response."""
    inspection = _answered_by(request, pk)
    if inspection.body_kind != Inspection.BodyKind.INSPECTORATE:
        text = gettext("Section 55 applies only to reports of the police inspectorate.")
        return _refused(request, inspection, text)
    visible = Inspection.objects.visible_to(request.user, clock.today())
    others = visible.filter(partnership=inspection.partnership_id).owing().exclude(pk=inspection.pk)

    def decide(*, duty: str, other: Inspection | None, **values: Any) -> Inspection:
        through = {"other": other} if duty == THROUGH else {}
        return DECIDES[duty](inspection=inspection, **through, **values)

    form = DutyForm(request.POST or None, initial=duty_initial(inspection), others=others)
    return _answer(
        request, inspection, form, service=decide, template="section55_form", done=gettext("Decision saved.")
    )


@PAGE_OR_FORM
def comments_invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Record that the chief officer was invited to comment."""
    return _about_comments(
        request,
        pk,
        InviteForm,
        {"invited_on": "comments_invited_on", "due_on": "comments_due_on"},
        service=invite_comments,
        template="comments_invite_form",
        done=gettext("Invitation saved."),
    )


@PAGE_OR_FORM
def comments_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Record the chief officer's comments."""
    return _about_comments(
        request,
        pk,
        CommentsForm,
        {"received_on": "comments_received_on", "comments": "comments"},
        service=record_comments,
        template="comments_form",
        done=gettext("Comments saved."),
    )


def _about_comments(
    request: HttpRequest,
    pk: int,
    form: type[GovukForm],
    names: Mapping[str, str],
    *,
    service: Callable[..., Inspection],
    template: str,
    done: str,
) -> HttpResponse:
    """Answer a form about the chief officer's comments, where a response is owed.

    Args:
        names: the inspection's fields, by those of the form.
    """
    inspection = _answered_by(request, pk)
    if request.method != "POST" and not inspection.owes_response:
        return _refused(request, inspection, NOT_OWED)
    initial = {name: getattr(inspection, field) for name, field in names.items()}
    return _answer(
        request,
        inspection,
        form(request.POST or None, initial={"version": inspection.version, **initial}),
        service=_on(inspection, service),
        template=template,
        done=done,
    )


def section(inspection: Inspection, *, user: Reader, on: date, rights: Rights) -> dict[str, Any]:
    """Return the section 55 part of an inspection's page: deadline, letters and links.

    For templates/inspections/responses/_section55.html.
    """
    speaks = inspection.body_kind == Inspection.BodyKind.INSPECTORATE
    acting = rights_to_act(user, on)
    responds = speaks and not policies.why_not_respond(acting, inspection)
    drafts = speaks and not policies.why_not_draft(acting, inspection)
    letters = PublishedResponse.objects.visible_to(user, on).filter(inspection=inspection)
    through = inspection.answered_through
    visible_through = through and Inspection.objects.visible_to(user, on).filter(pk=through.pk).first()
    versions = list(letters.order_by("-number"))
    return {
        "speaks": speaks,
        "owed": inspection.owes_response,
        "clock": clock_of(inspection=inspection, on=on),
        "through": visible_through,
        "through_clock": clock_of(inspection=visible_through, on=on) if visible_through else None,
        "letters": versions,
        "responds": responds,
        "begins": drafts and inspection.owes_response and not versions,
        "sees_responses": policies.may_see_responses(rights, inspection),
    }


def _answered_by(request: HttpRequest, pk: int) -> Inspection:
    inspection: Inspection = change.find(request, Inspection, pk)
    forbid(policies.why_not_respond(change.rights(request), inspection))
    return inspection


def _on(inspection: Inspection, service: Any) -> Any:
    return lambda **values: service(inspection=inspection, **values)


def _answer(
    request: HttpRequest, inspection: Inspection, form: Any, *, service: Any, template: str, done: str
) -> HttpResponse:
    return change.answer(
        request,
        form,
        row=inspection,
        service=service,
        template=f"inspections/responses/{template}.html",
        done=done,
        back=address(inspection),
        back_text=gettext("Back to the inspection"),
        caption=str(inspection),
        clock=clock_of(inspection=inspection, on=clock.today()),
    )


def _refused(request: HttpRequest, inspection: Inspection, text: str) -> HttpResponse:
    return change.refused(
        request,
        inspection,
        heading=gettext("No response is needed"),
        text=text,
        back=address(inspection),
        back_text=gettext("Go to the inspection"),
    )


def address(inspection: Inspection) -> str:
    return reverse("inspections:inspection", args=[inspection.pk])
