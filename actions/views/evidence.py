import logging

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from actions import policies
from actions.forms.evidence import EvidenceForm
from actions.models import Evidence
from actions.services import add_evidence
from actions.services.progress import NOT_YOURS
from actions.states import REPORTABLE, State
from actions.views import change
from audit import clock
from web.uploads import attachment_response, sha256

logger = logging.getLogger(__name__)
MISSING, ALTERED = 404, 409


@change.PAGE_OR_FORM
def evidence_add(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Attach a file or a link to an action."""
    action = change.found(request, pk)
    allowed = policies.may_report(change.rights(request), action, change.supporting_ids(action))
    change.require(allowed, NOT_YOURS)
    if request.method != "POST" and action.state not in (*REPORTABLE, State.AWAITING_ASSURANCE):
        return change.out_of_state(request, action, "given evidence")
    return change.answer(
        request,
        EvidenceForm(
            request.POST or None,
            request.FILES or None,
            initial={"version": action.version},
            on=clock.today(),
        ),
        action=action,
        service=add_evidence,
        template="actions/evidence_form.html",
        done="The evidence is added.",
        evidence=action.evidence.select_related("added_by"),
    )


@require_safe
def evidence_download(request: HttpRequest, pk: int, evidence_pk: int) -> HttpResponseBase:
    """Hand out a file to those who see its action, once it is what the record says it is."""
    action = change.found(request, pk)
    files = Evidence.objects.visible_to(request.user, clock.today()).filter(kind=Evidence.Kind.FILE)
    evidence = get_object_or_404(files, action=action, pk=evidence_pk)
    try:
        file = evidence.file.open("rb")
    except OSError:
        logger.exception("The file of evidence %s cannot be read.", evidence.pk)
        text = f"The file “{evidence.filename}” is on record and cannot be found. Tell your administrator."
        heading = "The file is missing"
        return change.refused(request, action, heading=heading, text=text, status=MISSING)
    if sha256(file) != evidence.sha256:
        file.close()
        logger.error("The file of evidence %s does not match its recorded hash.", evidence.pk)
        text = (
            f"The file “{evidence.filename}” does not match its recorded hash, so it was altered after it was "
            "added. It is not handed out. Tell your auditor."
        )
        heading = "The file was altered"
        return change.refused(request, action, heading=heading, text=text, status=ALTERED)
    return attachment_response(file, evidence.filename, evidence.content_type)
