"""The rows of the permission matrix for templates and papers, and the papers in play.

A paper is OFFICIAL-SENSITIVE or not issued, so nobody sees it but those who see everything of the partnership. Who sees
an issued one is in tests/reports/papers. Public pages are switched off here; tests/reports/publications reads them.
"""

from collections.abc import Callable
from typing import Any

from actions.disclosure.services import decide_publication
from actions.models import Action
from reports.models import Paper
from reports.papers.files import FORMS
from reports.papers.services.drafting import write_section
from reports.papers.services.issuing import reconcile_paper
from reports.publications.services.publishing import approve_edition
from tests.cast import AT, Cast
from tests.reports.factories import (
    PaperFactory,
    TemplateFactory,
    drafted_edition,
    issued_paper,
    published_edition,
    template_of,
)
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
reports:edition-create             GET   302 404 403 404 404 404 404 : 404 403 403 200 403 403
reports:edition-create             POST  302 404 403 404 404 404 404 : 404 403 403 302 403 403
reports:edition-create             OTHER 302 405
reports:edition-list               GET   302 403 403 403 403 200 403 : 403 403 403 200 200 200 op=200
reports:edition-list               POST  302 405
reports:edition-list               OTHER 302 405
reports:edition                    GET   302 404 404 404 404 404 404 : 404 404 404 200 200 200 op=200
reports:edition                    POST  302 405
reports:edition                    OTHER 302 405
reports:edition-preview            GET   302 404 404 404 404 404 404 : 404 404 404 200 200 200 op=200
reports:edition-preview            POST  302 405
reports:edition-preview            OTHER 302 405
reports:edition-preview-file       GET   302 404 404 404 404 404 404 : 404 404 404 200 200 200 op=200
reports:edition-preview-file       POST  302 405
reports:edition-preview-file       OTHER 302 405
reports:edition-section            GET   302 404 404 404 404 404 404 : 404 404 404 200 403 403 op=403
reports:edition-section            POST  302 404 404 404 404 404 404 : 404 404 404 422 403 403 op=403
reports:edition-section            OTHER 302 405
reports:edition-wording            GET   302 404 404 404 404 404 404 : 404 404 404 200 403 403 op=403
reports:edition-wording            POST  302 404 404 404 404 404 404 : 404 404 404 302 403 403 op=403
reports:edition-wording            OTHER 302 405
reports:edition-approve            GET   302 404 404 404 404 404 404 : 404 404 404 403 200 403 op=200
reports:edition-approve            POST  302 404 404 404 404 404 404 : 404 404 404 403 422 403 op=422
reports:edition-approve            OTHER 302 405
reports:edition-publish            GET   302 404 404 404 404 404 404 : 404 404 404 403 200 403 op=200
reports:edition-publish            POST  302 404 404 404 404 404 404 : 404 404 404 403 422 403 op=422
reports:edition-publish            OTHER 302 405
reports:edition-correct            GET   302 404 404 404 404 404 404 : 404 404 404 200 403 403 op=403
reports:edition-correct            POST  302 404 404 404 404 404 404 : 404 404 404 422 403 403 op=403
reports:edition-correct            OTHER 302 405
reports:edition-withdraw           GET   302 404 404 404 404 404 404 : 404 404 404 200 200 403 op=200
reports:edition-withdraw           POST  302 404 404 404 404 404 404 : 404 404 404 422 422 403 op=422
reports:edition-withdraw           OTHER 302 405
reports:edition-abandon            GET   302 404 404 404 404 404 404 : 404 404 404 200 403 403 op=403
reports:edition-abandon            POST  302 404 404 404 404 404 404 : 404 404 404 422 403 403 op=403
reports:edition-abandon            OTHER 302 405
reports:publication-list           GET   404 404
reports:publication-list           POST  405 405
reports:publication-list           OTHER 405 405
reports:publication-feed           GET   404 404
reports:publication-feed           POST  405 405
reports:publication-feed           OTHER 405 405
reports:publication                GET   404 404
reports:publication                POST  405 405
reports:publication                OTHER 405 405
reports:publication-file           GET   404 404
reports:publication-file           POST  405 405
reports:publication-file           OTHER 405 405
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


def published_paper(cast: Cast, action: Action) -> dict[str, Any]:
    """An issued OFFICIAL paper, which SPOCs and observers view too."""
    return {"pk": issued_paper(cast).pk}


def edition(cast: Cast, action: Action) -> dict[str, Any]:
    return {"pk": drafted_edition(cast, issued_paper(cast)).pk}


def edition_section(cast: Cast, action: Action) -> dict[str, Any]:
    return _part(drafted_edition(cast, issued_paper(cast)), "sections")


def edition_action(cast: Cast, action: Action) -> dict[str, Any]:
    decide_publication(
        actor=cast.manager, action=action, publication="publish", reason="For the public edition.", at=AT
    )
    return edition(cast, action) | {"kind": "action", "part": action.pk}


def edition_file(cast: Cast, action: Action) -> dict[str, Any]:
    return edition(cast, action) | {"file_type": "csv"}


def approved_edition(cast: Cast, action: Action) -> dict[str, Any]:
    draft_ = drafted_edition(cast, issued_paper(cast))
    return {"pk": approve_edition(actor=cast.opcc_director, edition=draft_, at=AT).pk}


def published(cast: Cast, action: Action) -> dict[str, Any]:
    return {"pk": published_edition(cast, issued_paper(cast)).pk}


def public_file(cast: Cast, action: Action) -> dict[str, Any]:
    return published(cast, action) | {"file_type": "csv"}


def _committee(cast: Cast) -> Paper:
    paper: Paper = PaperFactory(cast=cast, template=TemplateFactory(cast=cast, layout="committee"))
    return paper


def _reconciled(cast: Cast, paper: Paper) -> dict[str, Any]:
    for row_ in paper.sections.all():
        write_section(actor=cast.manager, section=row_, text="Nil.", at=AT)
    return {"pk": reconcile_paper(actor=cast.manager, paper=paper, at=AT).pk}


def _part(paper: Any, name: str) -> dict[str, Any]:
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
    "reports:edition-create": published_paper,
    **dict.fromkeys(
        (
            "reports:edition",
            "reports:edition-preview",
            "reports:edition-approve",
            "reports:edition-abandon",
        ),
        edition,
    ),
    "reports:edition-preview-file": edition_file,
    "reports:edition-section": edition_section,
    "reports:edition-wording": edition_action,
    "reports:edition-publish": approved_edition,
    "reports:edition-correct": published,
    "reports:edition-withdraw": published,
    "reports:publication": published,
    "reports:publication-file": public_file,
}
