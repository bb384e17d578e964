"""What every page of a paper, or of its public edition, shares: finding it, its address, and the answer to a form."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from audit import clock
from audit.models import Tracked
from audit.policies import forbid
from audit.state import model_of
from partners.policies import Rights, rights_of
from reports.papers.models import Paper
from reports.papers.queries import full
from reports.templates.policies import why_not_manage
from web import pages
from web.forms import GovukForm

Whole = TypeVar("Whole", bound=Any)


def rights(request: HttpRequest) -> Rights:
    return rights_of(request.user, clock.today())


@dataclass(frozen=True)
class Frame(Generic[Whole]):
    """The pages of one kind of row with parts.

    Attributes:
        full: returns a row with all its parts.
        name: what templates and links call it, such as "paper"; its page is the route of that name.
        describe: returns what every page about it shows besides, such as its marking.
    """

    model: type[Whole]
    full: Callable[[int], Whole]
    name: str
    describe: Callable[[Whole], dict[str, Any]] = lambda whole: {}

    def find(self, request: HttpRequest, pk: int) -> Whole:
        """Return a row that the user may view, with all its parts, or answer 404."""
        rows: Any = self.model._default_manager
        if not rows.visible_to(request.user, clock.today()).filter(pk=pk).exists():
            raise Http404
        return self.full(pk)

    def find_managed(self, request: HttpRequest, pk: int) -> Whole:
        """Return a row that the user may prepare, or answer 403 or 404."""
        whole = self.find(request, pk)
        forbid(why_not_manage(rights(request), whole.partnership_id))
        return whole

    def address(self, whole: Whole) -> str:
        return reverse(f"reports:{self.name}", args=[whole.pk])

    def refused(self, request: HttpRequest, whole: Whole, *, heading: str, text: str) -> HttpResponse:
        """Explain why a page about it cannot be shown."""
        return pages.refused(
            request,
            caption=str(whole),
            heading=heading,
            text=text,
            back=self.address(whole),
            back_text=gettext("Go to the {name}").format(name=self.name),
            **self.describe(whole),
        )

    def why_not_in(
        self,
        request: HttpRequest,
        whole: Whole,
        *states: str,
        text: str,
        heading: str = gettext_lazy("Not in this state"),
    ) -> HttpResponse | None:
        """Return the page that says why a step is not possible in this state; None where it is."""
        if request.method == "POST" or whole.state in states:
            return None
        return self.refused(request, whole, heading=heading, text=text)

    def answer(
        self,
        request: HttpRequest,
        form: GovukForm,
        *,
        whole: Whole,
        service: Callable[..., Any],
        done: str,
        row: Tracked | None = None,
        leads_to: Callable[[Any], str] | None = None,
        **context: Any,
    ) -> HttpResponse:
        """Answer as `web.pages.answer`, about the whole or a part of it, and lead back to the whole.

        Args:
            row: the part whose version the form carries; the whole by default.
        """
        subject = row or whole

        def catch_up(version: int) -> tuple[Any, list[Any]]:
            """Return the row as it is now; its text is shown beside what was typed."""
            return model_of(subject)._default_manager.get(pk=subject.pk), []

        def describe(current: Any) -> dict[str, Any]:
            return {self.name: whole, "part": current, "caption": str(whole), **self.describe(whole)}

        return pages.answer(
            request,
            form,
            row=subject,
            describe=describe,
            catch_up=catch_up,
            service=service,
            done=done,
            leads_to=leads_to or (lambda _: self.address(whole)),
            back=self.address(whole),
            back_text=gettext("Back to the {name}").format(name=self.name),
            **context,
        )

    def step(
        self,
        request: HttpRequest,
        whole: Whole,
        form: Callable[..., GovukForm],
        *,
        service: Callable[..., Any],
        refusal: HttpResponse | None,
        **context: Any,
    ) -> HttpResponse:
        """Answer the form of a step to another state, or with the page that refuses it.

        Args:
            form: its fields are the service's arguments, besides the whole.
        """
        if refusal:
            return refusal
        return self.answer(
            request,
            form(request.POST or None, initial={"version": whole.version}),
            whole=whole,
            service=partial(service, **{self.name: whole}),
            **context,
        )


def marking(paper: Paper) -> dict[str, Any]:
    return {"page_marking": paper.marking, "page_handling": paper.handling_instruction}


PAPERS = Frame(Paper, full, "paper", marking)


def find_part(paper: Paper, rows: Any, pk: int) -> Any:
    """Return a part of a paper, or answer 404."""
    part = get_object_or_404(rows.filter(paper=paper), pk=pk)
    part.paper = paper
    return part


def why_not_open(request: HttpRequest, paper: Paper) -> HttpResponse | None:
    """Return the page that says why a paper cannot change; None while it may."""
    if request.method == "POST" or paper.is_open:
        return None
    text = (
        gettext("This paper was issued, so its content is frozen. Correct it instead.")
        if paper.is_frozen
        else gettext("This paper was abandoned, so it cannot be changed.")
    )
    return PAPERS.refused(request, paper, heading=gettext("This paper cannot be changed"), text=text)
