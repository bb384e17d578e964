import logging
from datetime import date
from functools import partial
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from actions.core.models import Action
from actions.evidence.forms import EvidenceForm
from actions.evidence.models import EXPIRING, Evidence
from actions.evidence.services import (
    TAKES_EVIDENCE,
    Line,
    add_evidence,
    evidence_of,
    expiry_of,
    replaced_by,
)
from actions.history import views as change
from actions.history.queries import Children
from actions.lists.views.of_plan import PlanList, plan_of
from actions.progress import policies
from audit import clock
from audit.actors import Reader
from partners.policies import Rights
from web.bodies import takes_files
from web.filters import without_empty_parameters
from web.language import lazy_text
from web.pages import PAGE_OR_FORM
from web.previews import preview_response
from web.quick import RowGroup
from web.uploads import attachment_response, sha256

logger = logging.getLogger(__name__)
MISSING, ALTERED = 404, 409


@takes_files("EVIDENCE_MAX_BYTES")
@PAGE_OR_FORM
def evidence_add(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Attach a file or a link to an action."""
    action = _reported_on(request, pk)
    if request.method != "POST" and action.state not in TAKES_EVIDENCE:
        return change.out_of_state(request, action, gettext("given evidence"))
    return change.answer(
        request,
        _form(request, version=action.version),
        action=action,
        service=add_evidence,
        template="actions/evidence/form.html",
        done=gettext("Evidence added."),
        evidence=evidence_of(action=action, on=clock.today()),
    )


@takes_files("EVIDENCE_MAX_BYTES")
@PAGE_OR_FORM
def evidence_replace(request: HttpRequest, pk: int, evidence_pk: int) -> HttpResponseBase:
    """Add a new version of a piece of evidence; the earlier one stays on record."""
    action = _reported_on(request, pk)
    visible_evidence = Evidence.objects.visible_to(request.user, clock.today()).select_related("added_by")
    replaced = get_object_or_404(visible_evidence, action=action, pk=evidence_pk)
    if request.method != "POST" and action.state not in TAKES_EVIDENCE:
        return change.out_of_state(request, action, gettext("given evidence"))
    later = Evidence.objects.filter(supersedes=replaced).select_related("added_by").first()
    if request.method != "POST" and later is not None:
        text = replaced_by(later=later)
        return change.refused(
            request, action, heading=gettext("Already replaced"), text=text, status=change.CONFLICT
        )
    return change.answer(
        request,
        _form(request, version=action.version, title=replaced.title),
        action=action,
        service=partial(add_evidence, supersedes=replaced),
        template="actions/evidence/replace_form.html",
        done=gettext("New version added. The earlier version stays on record."),
        replaced=replaced,
    )


def section(action: Action, *, user: Reader, on: date, rights: Rights, children: Children) -> dict[str, Any]:
    """Return an action's evidence, what assurance still needs of it, and whether the reader may add to it."""
    lines = evidence_of(action=action, on=on) if Evidence in children else []
    takes = action.state in TAKES_EVIDENCE and not action.by_districts
    counts = any(line.status not in ("expired", "quarantine") for line in lines)
    return {
        "lines": lines,
        "lacking": takes and action.plan.evidence_required and not counts,
        "adds": takes and not policies.why_not_report(rights, action, change.supporting_ids(action)),
    }


@require_safe
def evidence_download(request: HttpRequest, pk: int, evidence_pk: int) -> HttpResponseBase:
    """Send a file to a user who can view its action, after comparing it with its checksum."""
    action, evidence = _file_of(request, pk, evidence_pk)
    framed = "preview" in request.GET and evidence.has_preview
    if evidence.is_quarantined:
        text = gettext(
            "A scan found malware in the file “{filename}”, so it is not handed out and does not "
            "count as evidence. Add the evidence again from a clean file, and tell your IT team."
        ).format(filename=evidence.filename)
        return change.refused(
            request, action, heading=gettext("The file is in quarantine"), text=text, status=ALTERED
        )
    try:
        file = evidence.file.open("rb")
    except OSError:
        logger.exception("The file of evidence %s cannot be read.", evidence.pk)
        text = gettext(
            "The file “{filename}” is on record and cannot be found. Tell your administrator."
        ).format(filename=evidence.filename)
        heading = gettext("The file is missing")
        return change.refused(request, action, heading=heading, text=text, status=MISSING)
    if sha256(file) != evidence.sha256:
        file.close()
        logger.error("The file of evidence %s does not match its recorded hash.", evidence.pk)
        text = gettext(
            "The file “{filename}” does not match its recorded hash, so it was altered after it "
            "was added. It is not handed out. Tell your auditor."
        ).format(filename=evidence.filename)
        heading = gettext("The file was altered")
        return change.refused(request, action, heading=heading, text=text, status=ALTERED)
    if framed:
        with file:
            return preview_response(file=file, content_type=evidence.content_type, name=evidence.filename)
    return attachment_response(file, evidence.filename, evidence.content_type)


@require_safe
def evidence_preview(request: HttpRequest, pk: int, evidence_pk: int) -> HttpResponseBase:
    """Show a PDF or a picture in a frame of its own, with how to check the file."""
    action, evidence = _file_of(request, pk, evidence_pk)
    context = {
        "action": action,
        "evidence": evidence,
        "page_marking": action.marking,
        "page_handling": action.handling_instruction,
    }
    return render(request, "actions/evidence/preview.html", context)


PLAN_LIST = PlanList(
    route="actions:plan-evidence",
    template="actions/evidence/plan_evidence.html",
    heading=lazy_text("Evidence"),
    noun=lazy_text("pieces of evidence"),
    empty=lazy_text("Files and links appear here when owners add them to their actions."),
    searched=("title", "filename", "action__ref", "action__title"),
    ordering=("-added_at",),
    default="newest",
)


@require_safe
@without_empty_parameters
def plan_evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """List the evidence of a plan's actions that the user may see."""
    plan, on = plan_of(request, pk), clock.today()
    rows = Evidence.objects.visible_to(request.user, on).filter(action__plan=plan)
    newest = Q(superseded_by=None)
    groups = [
        RowGroup("newest", gettext("Not replaced"), newest),
        RowGroup(
            "expiring",
            gettext("Expires within 28 days"),
            newest & Q(expires_on__gte=on, expires_on__lte=on + EXPIRING),
        ),
        RowGroup("expired", gettext("Expired"), newest & Q(expires_on__lt=on)),
        RowGroup("quarantine", gettext("In quarantine"), newest & Q(quarantined_at__isnull=False)),
    ]
    return PLAN_LIST.page(
        request,
        plan,
        rows=rows.select_related("action", "added_by", "superseded_by"),
        groups=groups,
        lines=lambda rows: [Line(row, [], expiry_of(evidence=row, on=on)) for row in rows],
        marking_of=lambda row: row.action.marking,
    )


def _file_of(request: HttpRequest, pk: int, evidence_pk: int) -> tuple[Action, Evidence]:
    """Return a file that the user may view, with its action, or answer 404."""
    action = change.get_action(request, pk)
    files = Evidence.objects.visible_to(request.user, clock.today()).filter(kind=Evidence.Kind.FILE)
    return action, get_object_or_404(files.select_related("added_by"), action=action, pk=evidence_pk)


def _reported_on(request: HttpRequest, pk: int) -> Action:
    action = change.get_action(request, pk)
    supporting_ids = change.supporting_ids(action)
    change.forbid(policies.why_not_report(change.rights(request), action, supporting_ids))
    return action


def _form(request: HttpRequest, **initial: Any) -> EvidenceForm:
    return EvidenceForm(request.POST or None, request.FILES or None, initial=initial, on=clock.today())
