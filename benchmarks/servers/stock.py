"""The action list with plain Django REST framework and with plain Django: the same rows and rights, with little around them.

It is the ROOT_URLCONF of benchmarks.servers.settings, so middleware and server are the product's own.
"""

from typing import Any

from django.contrib.auth.mixins import LoginRequiredMixin
from django.urls import path
from django.views.generic import ListView
from django_filters.rest_framework import DjangoFilterBackend, FilterSet, MultipleChoiceFilter
from rest_framework.filters import OrderingFilter
from rest_framework.pagination import PageNumberPagination
from rest_framework.serializers import ModelSerializer, SerializerMethodField
from rest_framework.viewsets import ModelViewSet

from actions.core.table import ACTION
from actions.models import Action, Pillar, Plan
from actions.waits.queries import with_waits
from audit import clock
from partners.models import Area, MouArea, Organisation, User
from partners.scoping import HasScope
from web.resources import names


def named(of: Any, *fields: str) -> Any:
    """Return a nested serializer of the row's id and the given fields."""

    class Named(ModelSerializer[Any]):
        class Meta:
            model = of

    Named.Meta.fields = ["id", *fields]  # type: ignore[attr-defined]
    return Named


class StockSerializer(ModelSerializer[Action]):
    plan = named(Plan, "title")()
    pillar = named(Pillar, "name")()
    area = named(Area, "name")()
    parent = named(Action, "ref")()
    lead = named(Organisation, "name")()
    supporting = named(Organisation, "name")(many=True)
    owner = named(User, "name")()
    alternate = named(User, "name")()
    mou_area = named(MouArea, "name")()
    computed_rag = SerializerMethodField()
    overdue = SerializerMethodField()
    waiting_on = SerializerMethodField()
    links = SerializerMethodField()

    class Meta:
        model = Action
        fields = ["id", *names(ACTION, "api"), "links"]

    def get_computed_rag(self, action: Action) -> Any:
        computed = action.computed_rag(clock.today())
        return {"rag": computed.rag.value, "rule": computed.rule} if computed else None

    def get_overdue(self, action: Action) -> bool:
        return action.is_overdue(clock.today())

    def get_waiting_on(self, action: Action) -> Any:
        return [{"id": row.organisation.pk, "name": row.organisation.name} for row in action.waits]  # type: ignore[attr-defined]

    def get_links(self, action: Action) -> Any:
        build = self.context["request"].build_absolute_uri
        one = f"/api/v1/actions/{action.pk}/"
        return {
            "self": build(one),
            "updates": build(f"{one}updates/"),
            "plan": build(f"/api/v1/plans/{action.plan_id}/"),
        }


class StockFilter(FilterSet):
    state = MultipleChoiceFilter(choices=Action.State.choices)

    class Meta:
        model = Action
        fields = ["state"]


class StockPages(PageNumberPagination):
    page_size = 100


class StockActions(ModelViewSet[Action]):
    permission_classes = [HasScope]
    required_scopes = {"GET": "actions:read"}
    serializer_class = StockSerializer
    pagination_class = StockPages
    filter_backends = [DjangoFilterBackend, OrderingFilter]
    filterset_class = StockFilter
    ordering_fields = ["due", "ref"]
    ordering = ["ref"]
    throttle_classes: list[Any] = []

    def get_queryset(self) -> Any:
        visible = Action.objects.visible_to(self.request.user, clock.today())
        joined = visible.select_related(
            "plan", "pillar", "area", "parent", "lead", "owner", "alternate", "mou_area"
        )
        return with_waits(joined).prefetch_related("supporting")


class StockPage(LoginRequiredMixin, ListView[Action]):
    paginate_by = 25
    template_name = "stock/action_list.html"

    def get_queryset(self) -> Any:
        visible = Action.objects.visible_to(self.request.user, clock.today())
        return visible.select_related("plan", "pillar", "area", "lead", "owner").order_by("ref")


urlpatterns = [
    path("api/v1/actions/", StockActions.as_view({"get": "list"})),
    path("actions/", StockPage.as_view()),
]
