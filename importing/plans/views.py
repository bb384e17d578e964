from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from actions.core import policies
from actions.models import Plan
from audit import clock
from audit.policies import forbid
from importing.engine.views.imports import ImportPages
from importing.plans.services.importer import PlanImporter
from importing.plans.tasks import import_actions
from partners.policies import rights_of
from web.bodies import takes_files


@takes_files("IMPORT_MAX_BYTES")
@require_http_methods(["GET", "HEAD", "POST"])
def plan_import(request: HttpRequest, pk: int) -> HttpResponse:
    return _pages(request, pk).upload()


@require_POST
def plan_import_confirm(request: HttpRequest, pk: int) -> HttpResponse:
    return _pages(request, pk).confirm()


def _pages(request: HttpRequest, pk: int) -> ImportPages:
    plan = _managed_plan(request, pk)
    return ImportPages(
        request=request,
        importer=PlanImporter(partnership=plan.partnership, plan_title=plan.title),
        target=plan,
        noun=gettext("actions"),
        guide="importing/plans/_guide.html",
        upload_url=reverse("importing:plan-import", args=[pk]),
        confirm_url=reverse("importing:plan-import-confirm", args=[pk]),
        target_url=reverse("actions:plan", args=[pk]),
        target_noun="plan",
        partnership=plan.partnership,
        task=import_actions,
    )


def _managed_plan(request: HttpRequest, pk: int) -> Plan:
    on = clock.today()
    plans = Plan.objects.visible_to(request.user, on).select_related("partnership")
    plan = get_object_or_404(plans, pk=pk)
    forbid(policies.why_not_manage(rights_of(request.user, on), plan.partnership_id, "plan"))
    return plan
