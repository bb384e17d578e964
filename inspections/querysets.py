"""Which inspections and recommendations a user may see, and the questions lists ask of them."""

from datetime import date
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db.models import (
    BooleanField,
    Case,
    Count,
    Exists,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from actions.models import Action
from actions.states import OPEN as OPEN_ACTION
from actions.states import REPORTABLE
from actions.states import State as ActionState
from inspections import policies
from inspections.states import CLOSED, OPEN, REGISTER_CLOSED, REGISTER_OPEN, State
from partners.policies import rights_of

if TYPE_CHECKING:
    from inspections.models import (  # noqa: F401  named in the bases below
        ActionLink,
        Inspection,
        PublishedResponse,
        Recommendation,
        Response,
    )

# An action that is being done, or was done: withdrawn and superseded ones answer nothing.
LIVE_ACTION = (*REPORTABLE, ActionState.AWAITING_ASSURANCE, ActionState.COMPLETE)


def _links(model: type[Model]) -> Any:
    return model._meta.apps.get_model("inspections", "ActionLink")._default_manager


def _answers() -> Q:
    """What answers the row outside: a cause of concern is answered through the recommendations under it too."""
    return Q(recommendation=OuterRef("pk")) | Q(recommendation__cause=OuterRef("pk"))


def _seen_links(model: type[Model], user: Any, on: date) -> Any:
    return _links(model).filter(action__in=Action.objects.visible_to(user, on))


class InspectionQuerySet(QuerySet["Inspection"]):
    def visible_to(self, user: Any, on: date) -> Self:
        recommendations: Any = self.model._meta.apps.get_model(
            "inspections", "Recommendation"
        )._default_manager
        return self.filter(
            policies.visible_inspections(rights_of(user, on), recommendations.visible_to(user, on))
        )

    def owing(self) -> Self:
        """Keep the published reports that section 55 asks for a response to."""
        return self.filter(
            body_kind="inspectorate",
            published_on__isnull=False,
            force_is_subject=True,
            answered_through=None,
        )

    def with_answer(self) -> Self:
        """Give each row `answered_on`, the day on which the first letter about it was published."""
        letters: Any = self.model._meta.apps.get_model("inspections", "PublishedResponse")._default_manager
        published = letters.filter(inspection=OuterRef("pk"), published_on__isnull=False)
        first = published.order_by("published_on").values("published_on")[:1]
        return self.annotate(answered_on=Subquery(first))


class RecommendationQuerySet(QuerySet["Recommendation"]):
    def visible_to(self, user: Any, on: date) -> Self:
        linked = _seen_links(self.model, user, on)
        return self.filter(policies.visible_recommendations(rights_of(user, on), linked))

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def overdue(self, on: date) -> Self:
        return self.filter(due__lt=on, state__in=OPEN)

    def with_register(self) -> Self:
        """Give each row `register_state`, the latest that the register was seen to say; none where it says nothing."""
        statuses: Any = self.model._meta.apps.get_model("inspections", "RegisterStatus")._default_manager
        latest = statuses.filter(recommendation=OuterRef("pk")).order_by("-on", "-pk")
        return self.annotate(register_state=Subquery(latest.values("state")[:1]))

    def in_disagreement(self) -> Self:
        """Keep those that one of the two counts as closed and the other does not; `register_state` is annotated."""
        return self.with_register().filter(_DISAGREEMENT)

    def without_live_action(self) -> Self:
        """Keep those still to be answered, begun or done that no live action answers."""
        return self.filter(_without_live_action(self.model))

    def in_question(self) -> Self:
        """Keep those said to be implemented, or proposed for closure, while an action of theirs is open again."""
        return self.filter(_in_question(self.model))

    def closable(self) -> Self:
        """Keep those under way whose actions are complete: their closure can be proposed."""
        links = _links(self.model).filter(_answers())
        return self.filter(
            Exists(links.filter(action__state=ActionState.COMPLETE)),
            ~Exists(links.filter(action__state__in=OPEN_ACTION)),
            state__in=(State.IN_PROGRESS, State.REOPENED),
        )

    def for_list(self, user: Any, on: date) -> Self:
        """Fetch what a list says of each row, as annotations.

        `register_state`; `disagrees`; `unanswered`, no live action answers it; `questioned`, an action of it is open
        again; `number_of_actions`, those that the user sees.
        """
        seen = _seen_links(self.model, user, on).filter(_answers()).order_by().values(every=Value(1))
        number = seen.annotate(number=Count("action", distinct=True)).values("number")
        return (
            self.with_register()
            .annotate(
                disagrees=_flag(_DISAGREEMENT),
                unanswered=_flag(_without_live_action(self.model)),
                questioned=_flag(_in_question(self.model)),
                number_of_actions=Coalesce(Subquery(number), 0),
            )
            .select_related("inspection", "lead", "cause")
        )

    def tally(self, on: date) -> list[dict[str, Any]]:
        """Count by inspection and state: `number` of rows, and how many of them are `late`."""
        late = Count("pk", filter=Q(due__lt=on, state__in=OPEN))
        counted: Any = self.order_by().values("inspection", "state").annotate(number=Count("pk"), late=late)
        return list(counted)


# Of rows with `register_state`, which is empty where the register says nothing.
_DISAGREEMENT = Q(state__in=CLOSED, register_state__in=REGISTER_OPEN) | Q(
    state__in=OPEN, register_state__in=REGISTER_CLOSED
)
_TO_BE_DONE = (State.REGISTERED, State.ACCEPTED, State.PARTLY_ACCEPTED, State.IN_PROGRESS, State.REOPENED)


def _without_live_action(model: type[Model]) -> Q:
    answering = _links(model).filter(_answers(), action__state__in=LIVE_ACTION)
    return Q(~Exists(answering), state__in=_TO_BE_DONE)


def _in_question(model: type[Model]) -> Q:
    reopened = _links(model).filter(_answers(), action__state__in=OPEN_ACTION)
    return Q(Exists(reopened), state__in=(State.PROPOSED, State.IMPLEMENTED))


def _flag(condition: Q) -> Case:
    """Say yes or no: a condition on a column without a value is no, and not unknown."""
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


Row_co = TypeVar("Row_co", bound=Model, covariant=True)


class OfRecommendation(QuerySet[Row_co]):
    """Statuses: seen by those who see their recommendation."""

    def visible_to(self, user: Any, on: date) -> Self:
        model: Any = self.model._meta.get_field("recommendation").related_model
        return self.filter(recommendation__in=model.objects.visible_to(user, on))


class LinkQuerySet(QuerySet["ActionLink"]):
    """Links: seen by those who see both ends."""

    def visible_to(self, user: Any, on: date) -> Self:
        model: Any = self.model._meta.get_field("recommendation").related_model
        seen = model.objects.visible_to(user, on)
        return self.filter(recommendation__in=seen, action__in=Action.objects.visible_to(user, on))


class ResponseQuerySet(QuerySet["Response"]):
    def visible_to(self, user: Any, on: date) -> Self:
        return self.filter(policies.visible_responses(rights_of(user, on)))


class LetterQuerySet(QuerySet["PublishedResponse"]):
    def visible_to(self, user: Any, on: date) -> Self:
        inspections: Any = self.model._meta.get_field("inspection").related_model
        return self.filter(
            policies.visible_letters(rights_of(user, on), inspections.objects.visible_to(user, on))
        )
