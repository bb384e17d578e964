"""Pages of templates: the list, one template, adding and arranging."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from audit import clock
from audit.policies import forbid
from partners.models import Board
from partners.policies import SEES_EVERYTHING, Rights, Role, rights_of
from reports.figures.catalogue import KINDS
from reports.templates import policies
from reports.templates.forms import ArrangeForm, TemplateForm
from reports.templates.models import Template
from reports.templates.services import add_template, arrange_template
from web import pages
from web.pages import PAGE_OR_FORM

NO_ACCESS = gettext_lazy("You do not have access to the templates of papers.")


@require_safe
def template_list(request: HttpRequest) -> HttpResponse:
    """List the templates of the boards."""
    rights = _rights(request)
    if not rights.partnerships(*SEES_EVERYTHING):
        raise PermissionDenied(NO_ACCESS)
    rows = Template.objects.visible_to(request.user, clock.today()).current().select_related("board")
    context = {"templates": rows, "may_manage": bool(rights.partnerships(Role.PROGRAMME_MANAGER))}
    return render(request, "reports/templates/template_list.html", context)


@require_safe
def template_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a template's sections in order, and its other versions."""
    template = _find(request, pk)
    versions = Template.objects.visible_to(request.user, clock.today()).filter(
        board=template.board, name=template.name
    )
    context = {
        "template": template,
        "sections": [(line, KINDS[line["kind"]]) for line in template.sections],
        "versions": versions,
        "may_manage": template.is_current
        and not policies.why_not_manage(_rights(request), template.partnership_id),
    }
    return render(request, "reports/templates/template.html", context)


@PAGE_OR_FORM
def template_create(request: HttpRequest) -> HttpResponse:
    """Add a template."""
    managed = _rights(request).partnerships(Role.PROGRAMME_MANAGER)
    if not managed:
        raise PermissionDenied(policies.MANAGERS_ONLY)
    boards = Board.objects.visible_to(request.user, clock.today()).filter(partnership__in=managed)
    return pages.answer(
        request,
        TemplateForm(request.POST or None, boards=boards.select_related("partnership")),
        service=add_template,
        done=gettext("Template added."),
        leads_to=_address,
        heading=gettext("Add a template"),
        back=reverse("reports:template-list"),
        back_text=gettext("All templates"),
    )


@PAGE_OR_FORM
def template_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Arrange a template; saving makes its next version."""
    template = _find(request, pk)
    forbid(policies.why_not_manage(_rights(request), template.partnership_id))
    if not template.is_current and request.method != "POST":
        return pages.refused(
            request,
            caption=str(template),
            heading=gettext("This version was replaced"),
            text=gettext("Arrange the newest version of the template."),
            back=_address(template),
            back_text=gettext("Go to the template"),
        )
    return pages.answer(
        request,
        ArrangeForm(request.POST or None, template=template),
        service=lambda **values: arrange_template(template=template, **values),
        done=gettext("Template saved as a new version."),
        leads_to=_address,
        row=template,
        describe=lambda row: {"caption": str(row)},
        heading=gettext("Arrange the template"),
        back=_address(template),
        back_text=gettext("Back to the template"),
    )


def _find(request: HttpRequest, pk: int) -> Template:
    rows = Template.objects.visible_to(request.user, clock.today())
    return get_object_or_404(rows.select_related("board__partnership"), pk=pk)


def _rights(request: HttpRequest) -> Rights:
    return rights_of(request.user, clock.today())


def _address(template: Template) -> str:
    return reverse("reports:template", args=[template.pk])
