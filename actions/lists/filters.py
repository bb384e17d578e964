"""How lists of actions are narrowed and put in order: the same for pages, exports and the API."""

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any

import django_filters
from django import forms
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Combinable
from django.http import QueryDict
from django.utils.translation import gettext, gettext_lazy

from actions.core.filters import GONE, ME, NONE
from actions.core.models import Action
from actions.core.querysets import ActionQuerySet, overdue_on
from actions.core.states import CLOSED, OPEN, State
from actions.evidence.queries import evidenced
from actions.plans.models import Pillar, Plan
from actions.saved_views.models import SavedView
from actions.update_requests.queries import awaiting_update
from actions.waits.queries import waiting
from audit.actors import Reader
from partners.models import Area, MouArea, Organisation, User
from standards import marking, rag
from standards.references import plain_reference
from web.filters import GovukDateFilter, VisibleFilterSet, rank_of, sort_rows
from web.forms import GovukForm
from web.language import lazy_text
from web.wording import RATING_CHOICES

SOURCE_LENGTH = 300
RATINGS = RATING_CHOICES
GROUPS: dict[str, tuple[State, ...]] = {"open": OPEN, "closed": CLOSED}
# The plans under way, as a value of the filter by plan.
LIVE = Plan.State.LIVE.value
STATE_CHOICES = [("open", lazy_text("All open")), ("closed", lazy_text("All closed")), *State.choices]
SMALL_BOXES = forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"})


class ActionFilterForm(GovukForm):
    mark_optional = False

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        first, last = cleaned.get("due_from"), cleaned.get("due_to")
        if first and last and last < first:
            self.add_error("due_to", gettext("Due to must be the same day as due from, or later"))
        return cleaned


class ActionFilter(VisibleFilterSet):
    """Narrow actions; `owner=me` is the user."""

    q = django_filters.CharFilter(
        label=gettext_lazy("Search"),
        help_text=gettext_lazy("Words in the reference, title or description"),
        max_length=100,
        method="filter_words",
    )
    plan = django_filters.ChoiceFilter(
        label=gettext_lazy("Plan"), empty_label=gettext_lazy("Any"), method="filter_plan"
    )
    pillar = django_filters.ChoiceFilter(
        label=gettext_lazy("Pillar"), field_name="pillar__name", empty_label=gettext_lazy("Any")
    )
    area = django_filters.ChoiceFilter(
        label=gettext_lazy("District"),
        empty_label=gettext_lazy("Any"),
        null_value=NONE,
        null_label=gettext_lazy("No district"),
    )
    lead = django_filters.ChoiceFilter(
        label=gettext_lazy("Lead organisation"),
        empty_label=gettext_lazy("Any"),
        null_value=NONE,
        null_label=gettext_lazy("No lead organisation"),
    )
    owner = django_filters.ChoiceFilter(
        label=gettext_lazy("Owner"), empty_label=gettext_lazy("Any"), method="filter_owner"
    )
    mou_area = django_filters.ChoiceFilter(
        label=gettext_lazy("MOU area"),
        empty_label=gettext_lazy("Any"),
        null_value=NONE,
        null_label=gettext_lazy("No MOU area"),
    )
    source = django_filters.CharFilter(
        label=gettext_lazy("Source"),
        help_text=gettext_lazy("Words in the source; between quotation marks, the whole of it; or “none”"),
        max_length=SOURCE_LENGTH + 2,
        method="filter_source",
    )
    part = django_filters.ChoiceFilter(
        label=gettext_lazy("Joint or district action"),
        choices=[
            ("parents", gettext_lazy("Joint action")),
            ("parts", gettext_lazy("District action")),
            ("whole", gettext_lazy("Neither")),
            ("leaves", gettext_lazy("Not a joint action")),
        ],
        empty_label=gettext_lazy("Any"),
        method="filter_part",
    )
    overdue = django_filters.ChoiceFilter(
        label=gettext_lazy("Overdue"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))],
        empty_label=gettext_lazy("Any"),
        method="filter_overdue",
    )
    stale = django_filters.ChoiceFilter(
        label=gettext_lazy("Update missing"),
        choices=[("yes", gettext_lazy("Yes"))],
        empty_label=gettext_lazy("Any"),
        method="filter_stale",
    )
    update_requested = django_filters.ChoiceFilter(
        label=gettext_lazy("Update requested"),
        choices=[("yes", gettext_lazy("Yes, not answered yet"))],
        empty_label=gettext_lazy("Any"),
        method="filter_update_requested",
    )
    evidence = django_filters.ChoiceFilter(
        label=gettext_lazy("Evidence"),
        choices=[
            ("expiring", gettext_lazy("Expires within 28 days")),
            ("expired", gettext_lazy("Expired")),
            (NONE, gettext_lazy("None added")),
        ],
        empty_label=gettext_lazy("Any"),
        method="filter_evidence",
    )
    retest = django_filters.ChoiceFilter(
        label=gettext_lazy("Re-test"),
        choices=[("due", gettext_lazy("Due")), ("set", gettext_lazy("Date set"))],
        empty_label=gettext_lazy("Any"),
        method="filter_retest",
    )
    publication = django_filters.ChoiceFilter(
        label=gettext_lazy("Publication decision"),
        choices=Action.Publication.choices,
        empty_label=gettext_lazy("Any"),
    )
    waiting = django_filters.ChoiceFilter(
        label=gettext_lazy("Waiting on a partner"),
        choices=[
            ("yes", gettext_lazy("Yes")),
            ("unanswered", gettext_lazy("Not acknowledged")),
            ("late", gettext_lazy("Past the needed-by date")),
            ("declined", gettext_lazy("Declined and not followed up")),
            ("no", gettext_lazy("No")),
        ],
        empty_label=gettext_lazy("Any"),
        method="filter_waiting",
    )
    waiting_on = django_filters.ChoiceFilter(
        label=gettext_lazy("Partner waited on"), empty_label=gettext_lazy("Any"), method="filter_waiting_on"
    )
    moved = django_filters.ChoiceFilter(
        label=gettext_lazy("Due date changes"),
        choices=[
            ("any", gettext_lazy("Any number, joint actions left out")),
            ("no", gettext_lazy("None")),
            ("yes", gettext_lazy("One or more")),
            ("again", gettext_lazy("More than once")),
            ("later", gettext_lazy("Later than the original date")),
        ],
        empty_label=gettext_lazy("Any"),
        method="filter_moved",
    )
    rag_differs = django_filters.ChoiceFilter(
        label=gettext_lazy("RAG mismatch"),
        choices=[
            ("better", gettext_lazy("Declared better than the dates show")),
            ("worse", gettext_lazy("Declared worse than the dates show")),
            ("any", gettext_lazy("Better or worse")),
        ],
        empty_label=gettext_lazy("Any"),
        method="filter_rag_mismatch",
    )
    due_from = GovukDateFilter(label=gettext_lazy("Due from"), field_name="due", lookup_expr="gte")
    due_to = GovukDateFilter(label=gettext_lazy("Due to"), field_name="due", lookup_expr="lte")
    marking = django_filters.ChoiceFilter(
        label=gettext_lazy("Marking"), choices=marking.CHOICES, empty_label=gettext_lazy("Any")
    )
    state = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Status"), choices=STATE_CHOICES, widget=SMALL_BOXES, method="filter_state"
    )
    rag = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Declared RAG"),
        choices=[*RATINGS, (NONE, gettext_lazy("Not rated"))],
        widget=SMALL_BOXES,
        method="filter_rag",
    )
    computed = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("RAG from dates"), choices=RATINGS, widget=SMALL_BOXES, method="filter_computed"
    )
    board_rag = django_filters.MultipleChoiceFilter(
        label=gettext_lazy("Board RAG"),
        choices=[*RATINGS, (NONE, gettext_lazy("Not rated by a board"))],
        widget=SMALL_BOXES,
        method="filter_rag",
    )

    class Meta:
        model = Action
        fields: list[str] = []
        form = ActionFilterForm

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("plan", lambda: [(LIVE, gettext("Live plans")), *self._plans().values_list("pk", "title")])
        self.offer("pillar", self._pillars)
        for name, model in (
            ("area", Area),
            ("lead", Organisation),
            ("waiting_on", Organisation),
            ("mou_area", MouArea),
        ):
            self.offer(name, partial(self._names, model))
        self.offer("owner", self._owners)

    def _names(self, model: Any) -> Iterable[tuple[int, str]]:
        return model.objects.visible_to(self.user, self.on).values_list("pk", "name")  # type: ignore[no-any-return]

    def _plans(self) -> QuerySet[Plan]:
        return Plan.objects.visible_to(self.user, self.on).order_by("-starts_on", "title")

    def _pillars(self) -> Iterable[tuple[str, str]]:
        pillars = Pillar.objects.filter(plan__in=self._plans().order_by()).order_by("order", "name")
        return pillars.values_list("name", "name")

    def _owners(self) -> list[tuple[Any, str]]:
        visible = Action.objects.visible_to(self.user, self.on).order_by()
        owners = User.objects.filter(pk__in=visible.values("owner")).values_list("pk", "name")
        return [
            (ME, gettext("Me, as owner or alternate")),
            (NONE, gettext("Nobody")),
            (GONE, gettext("Somebody who left")),
            *owners,
        ]

    def filter_plan(self, rows: QuerySet[Action], name: str, value: str) -> QuerySet[Action]:
        return rows.filter(plan__state=LIVE) if value == LIVE else rows.filter(plan=int(value))

    def filter_words(self, rows: QuerySet[Action], name: str, value: str) -> QuerySet[Action]:
        for word in value.split():
            rows = rows.filter(
                Q(ref__icontains=plain_reference(word))
                | Q(title__icontains=word)
                | Q(description__icontains=word)
            )
        return rows

    def filter_owner(self, rows: ActionQuerySet, name: str, value: str) -> QuerySet[Action]:
        if value == ME:
            return rows.of_user(self.user)
        if value == GONE:
            return rows.orphaned(self.on)
        return rows.filter(owner=None if value == NONE else int(value))

    def filter_state(self, rows: QuerySet[Action], name: str, value: list[str]) -> QuerySet[Action]:
        states = {state for chosen in value for state in GROUPS.get(chosen, (chosen,))}
        return rows.filter(state__in=sorted(states)) if states else rows

    def filter_rag(self, rows: QuerySet[Action], name: str, value: list[str]) -> QuerySet[Action]:
        """Narrow by the rating in the field of this name."""
        ratings = ["" if chosen == NONE else chosen for chosen in value]
        return rows.filter(**{f"{name}__in": ratings}) if ratings else rows

    def filter_part(self, rows: QuerySet[Action], name: str, value: str) -> QuerySet[Action]:
        if value == "leaves":
            return rows.filter(by_districts=False)
        return rows.filter(by_districts=value == "parents", parent__isnull=value != "parts")

    def filter_source(self, rows: ActionQuerySet, name: str, value: str) -> QuerySet[Action]:
        if value == NONE:
            return rows.filter(source="")
        if len(value) > 1 and value.startswith('"') and value.endswith('"'):
            return rows.filter(source=value[1:-1])
        return rows.filter(source__icontains=value)

    def filter_moved(self, rows: ActionQuerySet, name: str, value: str) -> QuerySet[Action]:
        return rows.moved(value)

    def filter_waiting(self, rows: ActionQuerySet, name: str, value: str) -> QuerySet[Action]:
        # With a partner selected, both conditions are about the same wait.
        return rows if self.form.cleaned_data.get("waiting_on") else waiting(rows, value, self.on)

    def filter_waiting_on(self, rows: ActionQuerySet, name: str, value: str) -> QuerySet[Action]:
        return waiting(rows, self.form.cleaned_data.get("waiting") or "yes", self.on, organisation=int(value))

    def filter_computed(self, rows: ActionQuerySet, name: str, value: list[str]) -> QuerySet[Action]:
        return rows.with_computed_rag(self.on).filter(computed__in=value) if value else rows

    def filter_rag_mismatch(self, rows: ActionQuerySet, name: str, value: str) -> QuerySet[Action]:
        return rows.mismatched(self.on, value)

    def filter_overdue(self, rows: ActionQuerySet, name: str, value: str) -> QuerySet[Action]:
        return rows.overdue(self.on) if value == "yes" else rows.exclude(overdue_on(self.on))

    def filter_evidence(self, rows: ActionQuerySet, name: str, value: str) -> QuerySet[Action]:
        return evidenced(rows, value, self.on)

    def filter_retest(self, rows: ActionQuerySet, name: str, value: str) -> QuerySet[Action]:
        return rows.retest_due(self.on) if value == "due" else rows.retest_set()

    def filter_update_requested(self, rows: ActionQuerySet, name: str, value: str) -> QuerySet[Action]:
        return awaiting_update(rows)

    def filter_stale(self, rows: ActionQuerySet, name: str, value: str) -> QuerySet[Action]:
        return rows.stale(self.on)


class WaitFilter(ActionFilter):
    """Narrow the actions of a list of waits. The partner narrows the waits themselves, not the actions."""

    def filter_waiting_on(self, rows: ActionQuerySet, name: str, value: str) -> QuerySet[Action]:
        return rows


DEFAULT_SORT = "ref"


SORTS: dict[str, tuple[Combinable, ...]] = {
    "plan": (F("plan__starts_on"),),
    "ref": (F("ref"),),
    "title": (F("title"),),
    "due": (F("due"),),
    "state": (rank_of("state", State.values),),
    "rag": (rank_of("rag", [rating.value for rating in rag.Rag]),),
    "percent": (F("percent"),),
    "updated": (F("last_reported_on"),),
    "area": (F("area__order"), F("area__name")),
    "lead": (F("lead__name"),),
    "pillar": (F("pillar__order"), F("pillar__name")),
}


def sort_actions(rows: ActionQuerySet, sort: str) -> ActionQuerySet:
    """Sort actions by a key of SORTS, ties by reference: as `web.filters.sort_rows`."""
    actions: ActionQuerySet = sort_rows(rows, sort, SORTS, "ref", "pk")
    return actions


def filter_pairs(query: QueryDict) -> list[tuple[str, str]]:
    """Return the pairs of a query string that filter or sort the list, in the order of the filters."""
    pairs: list[tuple[str, str]] = []
    for name, part in ActionFilter.base_filters.items():
        parts = part.field.widget.names if isinstance(part, GovukDateFilter) else []
        for parameter in (name, *(f"{name}{suffix}" for suffix in parts)):
            several = isinstance(part, django_filters.MultipleChoiceFilter)
            values = dict.fromkeys(query.getlist(parameter) if several else [query.get(parameter, "")])
            pairs += [(parameter, value) for value in values if value.strip()]
    sort = query.get("sort", "")
    return [*pairs, ("sort", sort)] if sort.removeprefix("-") in SORTS else pairs


def rows_of(view: SavedView, *, user: Reader, on: date) -> QuerySet[Action] | None:
    """Return a saved view's rows that the user can view; None if it uses choices they do not have."""
    visible = Action.objects.visible_to(user, on).filter(partnership=view.partnership_id)
    filterset = ActionFilter(QueryDict(view.query_string), visible, user=user, on=on)
    return filterset.qs if filterset.form.is_valid() else None
