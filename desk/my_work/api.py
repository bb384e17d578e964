"""What is wanted from the caller, and what waits for their decision, as programs read it."""

from typing import Any, ClassVar, NamedTuple

from django.urls import reverse
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from desk.my_work.services.deciding import my_decisions
from desk.my_work.services.everything import OnFinding, OnReport, OnReturn, OnWebhook, my_work
from desk.tasks import examples
from desk.tasks.api import ACTION, INSPECTION, PLAN, RECOMMENDATION, RETURN, OnePage
from desk.tasks.tasks import URGENCIES, Gathered, Listed
from partners.scoping import HasScope
from standards.marking import CHOICES as MARKINGS
from web import fields
from web.endpoints import Endpoint
from web.references import address

SCOPES = {"GET": "decisions:read"}


WEBHOOK = "webhook"


# Of what is about one row beside the plans: its type, which is the name it bears in the task too.
ROWS = {OnFinding: RECOMMENDATION, OnReport: INSPECTION, OnWebhook: WEBHOOK}


LISTS = {ACTION: "action-list", RETURN: "return-list"}


# What a task is about beside its action, by the page that does it: the second number in that page's address.
REQUESTS = {
    "actions:closure-decide": "closure-proposal",
    "actions:date-change-decide": "date-request",
    "actions:dependency-answer": "dependency",
    "actions:dependency-end": "dependency",
    "actions:evidence-replace": "evidence",
    "actions:milestone-edit": "milestone",
}


class About(NamedTuple):
    """What a task is about: one row, or where there is no id a list of them, narrowed by the query."""

    type: str
    id: int | None
    query: str = ""


def about(task: Any) -> About:
    match task:
        case Listed():
            return About(ACTION, None, task.query)
        case Gathered():
            return About(PLAN, task.action.plan_id)
        case OnFinding() | OnReport() | OnWebhook():
            name = ROWS[type(task)]
            return About(name, getattr(task, name).pk)
        case OnReturn():
            return About(RETURN, task.about[0]) if task.about else About(RETURN, None, task.query)
        case _:
            return About(ACTION, task.action.pk)


class SubjectOfWorkSerializer(serializers.Serializer[Any]):
    type = serializers.ChoiceField(
        choices=[(name, name) for name in (ACTION, PLAN, RETURN, INSPECTION, RECOMMENDATION, WEBHOOK)]
    )
    id = serializers.IntegerField(allow_null=True, help_text="Null where it is about several of them.")


class RequestOfWorkSerializer(serializers.Serializer[Any]):
    type = serializers.ChoiceField(choices=[(name, name) for name in sorted(set(REQUESTS.values()))])
    id = serializers.IntegerField()


class WorkLinksSerializer(serializers.Serializer[Any]):
    about = serializers.URLField(help_text="What it is about; where it is about several, the list of them.")
    request = serializers.URLField(allow_null=True, help_text="What of it waits for an answer.")
    page = serializers.URLField(help_text="The page on which a person does it.")


class WorkSerializer(serializers.Serializer[Any]):
    """One thing that is wanted from you."""

    task = serializers.SerializerMethodField(
        help_text="Name of what is to be done, such as `progress-create`. Others may come."
    )
    wanted = serializers.CharField(help_text="What is wanted, in words.")
    title = serializers.CharField(help_text="The same with what it is about.")
    reason = serializers.CharField()
    place = serializers.CharField(help_text="The plan, or the inspection.")
    urgency = serializers.SerializerMethodField(
        help_text="How much it presses; tasks of one date come in this order."
    )
    by = serializers.DateField(
        allow_null=True, help_text="The day it is wanted by; null where no day was set."
    )
    marking = serializers.ChoiceField(choices=MARKINGS)
    about = serializers.SerializerMethodField()
    request = serializers.SerializerMethodField(
        help_text="What of it is to be answered or kept up, such as a request for another date; null where nothing is."
    )
    links = serializers.SerializerMethodField()

    def get_task(self, task: Any) -> str:
        return str(task.route).partition(":")[2]

    @extend_schema_field(serializers.ChoiceField(choices=[(name, name) for name in URGENCIES]))
    def get_urgency(self, task: Any) -> str:
        return URGENCIES[task.urgency]

    @extend_schema_field(SubjectOfWorkSerializer)
    def get_about(self, task: Any) -> dict[str, Any]:
        subject = about(task)
        return {"type": subject.type, "id": subject.id}

    @extend_schema_field(RequestOfWorkSerializer(allow_null=True))
    def get_request(self, task: Any) -> dict[str, Any] | None:
        kind = REQUESTS.get(task.route)
        return {"type": kind, "id": task.more[0]} if kind else None

    @extend_schema_field(WorkLinksSerializer)
    def get_links(self, task: Any) -> dict[str, str]:
        request, subject = self.context["request"], about(task)
        if subject.id is None:
            where = address(request, LISTS[subject.type]) + subject.query
        else:
            where = address(request, subject.type, subject.id)
        kind = REQUESTS.get(task.route)
        asked = address(request, kind, task.more[0]) if kind else None
        page = reverse(task.route, args=task.given) + task.query
        return {"about": where, "request": asked, "page": request.build_absolute_uri(page)}


class WorkEndpoint(Endpoint):
    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = SCOPES
    serializer_class = WorkSerializer
    pagination_class = OnePage

    def query_parameters(self) -> frozenset[str]:
        return frozenset({fields.PARAMETER})


class MyWork(WorkEndpoint):
    @extend_schema(
        operation_id="list_my_work",
        summary="List what is wanted from you",
        tags=["My work"],
        responses=WorkSerializer(many=True),
        examples=[examples.UPDATE_WANTED],
    )
    def get(self, request: Request) -> Response:
        """What you are asked to do, by date and what has no date last: all of it, in one page."""
        return self.page_of(my_work(actor=request.user, on=self.on))


class DecisionList(WorkEndpoint):
    @extend_schema(
        operation_id="list_decisions",
        summary="List what waits for your decision",
        tags=["My work"],
        responses=WorkSerializer(many=True),
        examples=[examples.DATE_TO_DECIDE],
    )
    def get(self, request: Request) -> Response:
        """What others ask and you decide, judge or answer, by date and what has no date last: all of it, in one page."""
        return self.page_of(my_decisions(actor=request.user, on=self.on))
