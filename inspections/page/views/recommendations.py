from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from audit import clock
from inspections.findings.models.recommendations import Recommendation
from inspections.findings.views import links
from inspections.history import views as change
from inspections.history.services import Event, timeline_of
from inspections.page.abilities import abilities, why_not_judge
from inspections.responses.views import responses
from partners.ledger.queries import readable_ledger
from partners.policies import rights_to_act
from web.language import day_text


@require_safe
def recommendation_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a finding with both its histories, its actions and the steps the user may take."""
    on, rights = clock.today(), change.rights(request)
    acting = rights_to_act(request.user, on)
    row = change.find(request, Recommendation, pk)
    visible = Recommendation.objects.visible_to(request.user, on)
    flags = visible.for_list(request.user, on).get(pk=row.pk)
    own = list(row.own_statuses.select_related("set_by"))
    register = list(row.register_statuses.select_related("recorded_by"))
    lines = links.section(row, user=request.user, on=on, rights=acting)
    context = {
        "row": row,
        "flags": flags,
        "register_state": register[0] if register else None,
        "cause": visible.filter(pk=row.cause_id).first() if row.cause_id else None,
        "under": visible.filter(cause=row).order_by("pk"),
        "overdue": row.due is not None and row.due < on and row.is_open,
        "own_history": [
            Event(status.get_state_display(), str(status.set_by), status.set_at, status.reason)
            for status in own
        ],
        "register_history": [
            Event(
                status.get_state_display(),
                str(status.recorded_by),
                status.on,
                status.comment,
                [
                    gettext("Recorded on {recorded_at}").format(
                        recorded_at=day_text(clock.london_date(status.recorded_at))
                    )
                ],
            )
            for status in register
        ],
        "links": lines,
        "may_unlink": any(line.removable for line in lines),
        "abilities": abilities(acting, row),
        "why_not_judge": why_not_judge(acting, row),
        "response": responses.section(row, user=request.user, on=on, rights=rights),
        "timeline": timeline_of(row=row),
        "ledger": readable_ledger(rights=rights, partnership_id=row.inspection.partnership_id),
    }
    return render(request, "inspections/page/recommendation.html", context | change.marking(row))
