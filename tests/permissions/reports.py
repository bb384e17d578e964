"""The rows of the permission matrix for templates and papers, and the papers in play.

A paper is OFFICIAL-SENSITIVE or not issued, so nobody sees it but those who see everything of the partnership. Who sees
an issued one is in tests/reports/papers.
"""

from collections.abc import Callable
from typing import Any

from actions.models import Action
from reports.models import Paper
from reports.papers.files import FORMS
from reports.papers.services.drafting import write_section
from reports.papers.services.issuing import reconcile_paper
from tests.cast import AT, Cast
from tests.reports.factories import PaperFactory, TemplateFactory, issued_paper, template_of
from tests.returns.returns import open_return, row, save, submit

PAGES = """
#                                  an  st  ob  fs  ad  lm  wc : su  bs  ls  ma  go  au
reports:paper-list                 GET   302 200
reports:paper-list                 POST  302 405
reports:paper-list                 OTHER 302 405
reports:paper-create               GET   302 403 403 403 403 200 403 : 403 403 403 200 403 403
reports:paper-create               POST  302 403 403 403 403 422 403 : 403 403 403 422 403 403
reports:paper-create               OTHER 302 405
reports:paper                      GET   302 404 404 404 404 404 404 : 404 404 404 200 200 200
reports:paper                      POST  302 405
reports:paper                      OTHER 302 405
reports:paper-rows                 GET   302 404 404 404 404 404 404 : 404 404 404 200 200 200
reports:paper-rows                 POST  302 405
reports:paper-rows                 OTHER 302 405
reports:paper-file                 GET   302 404 404 404 404 404 404 : 404 404 404 200 200 200
reports:paper-file                 POST  302 405
reports:paper-file                 OTHER 302 405
reports:paper-edit                 GET   302 404 404 404 404 404 404 : 404 404 404 200 403 403
reports:paper-edit                 POST  302 404 404 404 404 404 404 : 404 404 404 422 403 403
reports:paper-edit                 OTHER 302 405
reports:passage-edit               GET   302 404 404 404 404 404 404 : 404 404 404 200 403 403
reports:passage-edit               POST  302 404 404 404 404 404 404 : 404 404 404 422 403 403
reports:passage-edit               OTHER 302 405
reports:implication-edit           GET   302 404 404 404 404 404 404 : 404 404 404 200 403 403
reports:implication-edit           POST  302 404 404 404 404 404 404 : 404 404 404 422 403 403
reports:implication-edit           OTHER 302 405
reports:appendix-edit              GET   302 404 404 404 404 404 404 : 404 404 404 200 403 403
reports:appendix-edit              POST  302 404 404 404 404 404 404 : 404 404 404 422 403 403
reports:appendix-edit              OTHER 302 405
reports:section-edit               GET   302 404 404 404 404 404 404 : 404 404 404 200 403 403
reports:section-edit               POST  302 404 404 404 404 404 404 : 404 404 404 422 403 403
reports:section-edit               OTHER 302 405
reports:paper-reconcile            GET   302 404 404 404 404 404 404 : 404 404 404 200 403 403
reports:paper-reconcile            POST  302 404 404 404 404 404 404 : 404 404 404 422 403 403
reports:paper-reconcile            OTHER 302 405
reports:paper-abandon              GET   302 404 404 404 404 404 404 : 404 404 404 200 403 403
reports:paper-abandon              POST  302 404 404 404 404 404 404 : 404 404 404 422 403 403
reports:paper-abandon              OTHER 302 405
reports:paper-approve              GET   302 404 404 404 404 404 404 : 404 404 404 403 200 403 op=403
reports:paper-approve              POST  302 404 404 404 404 404 404 : 404 404 404 403 422 403 op=403
reports:paper-approve              OTHER 302 405
reports:paper-issue                GET   302 404 404 404 404 404 404 : 404 404 404 403 200 403
reports:paper-issue                POST  302 404 404 404 404 404 404 : 404 404 404 403 422 403
reports:paper-issue                OTHER 302 405
reports:paper-correct              GET   302 404 404 404 404 404 404 : 404 404 404 200 403 403
reports:paper-correct              POST  302 404 404 404 404 404 404 : 404 404 404 422 403 403
reports:paper-correct              OTHER 302 405
reports:compare                    GET   302 200
reports:compare                    POST  302 405
reports:compare                    OTHER 302 405
reports:template-list              GET   302 403 403 403 403 200 403 : 403 403 403 200 200 200
reports:template-list              POST  302 405
reports:template-list              OTHER 302 405
reports:template-create            GET   302 403 403 403 403 200 403 : 403 403 403 200 403 403
reports:template-create            POST  302 403 403 403 403 422 403 : 403 403 403 422 403 403
reports:template-create            OTHER 302 405
reports:template                   GET   302 404 404 404 404 404 404 : 404 404 404 200 200 200
reports:template                   POST  302 405
reports:template                   OTHER 302 405
reports:template-edit              GET   302 404 404 404 404 404 404 : 404 404 404 200 403 403
reports:template-edit              POST  302 404 404 404 404 404 404 : 404 404 404 422 403 403
reports:template-edit              OTHER 302 405
"""
API = """
#                       an  st  ob  fs  ad  lm  wc : su  bs  ls  ma  go  au : reader writer reviewer foreign
api:comparison     GET   401 400 400 400 400 400 400 : 400 400 400 400 400 400 : 400 403 403 400
api:comparison     POST  401 405
api:comparison     OTHER 401 405
api:paper-list     GET   401 200 200 200 200 200 200 : 200 200 200 200 200 200 : 403 403 403 200
api:paper-list     POST  401 405
api:paper-list     OTHER 401 405
api:paper          GET   401 404 404 404 404 404 404 : 404 404 404 200 200 200 : 403 403 403 404
api:paper          POST  401 405
api:paper          OTHER 401 405
api:paper-figures  GET   401 404 404 404 404 404 404 : 404 404 404 200 200 200 : 403 403 403 404
api:paper-figures  POST  401 405
api:paper-figures  OTHER 401 405
api:paper-content  GET   401 404 404 404 404 404 404 : 404 404 404 200 200 200 : 403 403 403 404
api:paper-content  POST  401 405
api:paper-content  OTHER 401 405
"""
SENSITIVE = {"marking": "OFFICIAL-SENSITIVE", "handling_instruction": "Board members only."}


def template(cast: Cast, action: Action) -> dict[str, Any]:
    return {"pk": template_of(cast).pk}


def draft(cast: Cast, action: Action) -> dict[str, Any]:
    return {"pk": PaperFactory(cast=cast).pk}


def counted(cast: Cast, action: Action) -> dict[str, Any]:
    """A count of actions: the first line of the table of districts."""
    return draft(cast, action) | {"table": "districts", "line": 0, "column": 0}


def filed(cast: Cast, action: Action) -> dict[str, Any]:
    paper = PaperFactory(cast=cast)
    return {"pk": paper.pk, "file": FORMS["csv"].name(paper)}


def section(cast: Cast, action: Action) -> dict[str, Any]:
    return _part(PaperFactory(cast=cast), "sections")


def implication(cast: Cast, action: Action) -> dict[str, Any]:
    return _part(_committee(cast), "implications")


def appendix(cast: Cast, action: Action) -> dict[str, Any]:
    return _part(_committee(cast), "appendices")


def passage(cast: Cast, action: Action) -> dict[str, Any]:
    """A paper with a text from Bradford's return."""
    report = open_return(cast)
    save(cast, report, row(action), sections={"good_practice": "Theatre in schools."})
    submit(cast, report)
    return _part(PaperFactory(cast=cast, as_at=AT.date()), "passages")


def approvable(cast: Cast, action: Action) -> dict[str, Any]:
    """A reconciled paper with two voices, whose police part is to be approved."""
    paper = PaperFactory(cast=cast, template=TemplateFactory(cast=cast, layout="outcomes"))
    return _reconciled(cast, paper) | {"voice": "chief"}


def reconciled(cast: Cast, action: Action) -> dict[str, Any]:
    return _reconciled(cast, PaperFactory(cast=cast))


def issued(cast: Cast, action: Action) -> dict[str, Any]:
    """An issued paper whose marking keeps it from SPOCs and observers."""
    paper = issued_paper(cast)
    Paper.objects.filter(pk=paper.pk).update(**SENSITIVE)
    return {"pk": paper.pk}


def _committee(cast: Cast) -> Paper:
    paper: Paper = PaperFactory(cast=cast, template=TemplateFactory(cast=cast, layout="committee"))
    return paper


def _reconciled(cast: Cast, paper: Paper) -> dict[str, Any]:
    for row_ in paper.sections.all():
        write_section(actor=cast.manager, section=row_, text="Nil.", at=AT)
    return {"pk": reconcile_paper(actor=cast.manager, paper=paper, at=AT).pk}


def _part(paper: Paper, name: str) -> dict[str, Any]:
    return {"pk": paper.pk, "part": getattr(paper, name).first().pk}


FOUND: dict[str, Callable[[Cast, Action], dict[str, Any]]] = {
    **dict.fromkeys(
        ("reports:paper", "reports:paper-edit", "reports:paper-reconcile", "reports:paper-abandon"), draft
    ),
    **dict.fromkeys(("reports:template", "reports:template-edit"), template),
    "reports:paper-rows": counted,
    "reports:paper-file": filed,
    **dict.fromkeys(("api:paper", "api:paper-figures"), draft),
    "api:paper-content": issued,
    "reports:section-edit": section,
    "reports:passage-edit": passage,
    "reports:implication-edit": implication,
    "reports:appendix-edit": appendix,
    "reports:paper-approve": approvable,
    "reports:paper-issue": reconciled,
    "reports:paper-correct": issued,
}
