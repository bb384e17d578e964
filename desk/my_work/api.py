"""The caller's tasks, and the decisions among them, as My work lists them."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from desk.my_work.services.lists import my_decisions, my_tasks
from desk.tasks import examples
from desk.tasks.api import OnePage
from desk.tasks.task import ACCESS_REVIEW, ACTION, APPROVAL, RETURN, SUBJECT_TYPES, URGENCIES, Task
from partners.scoping import HasScope
from standards.marking import CHOICES as MARKINGS
from web import fields
from web.callers import actor_of
from web.endpoints import Endpoint
from web.references import address

LIST_ROUTES = {ACTION: "action-list", RETURN: "return-list"}
REQUEST_TYPES = ("closure-proposal", "date-request", "dependency", "evidence", "milestone", "question")


class TaskSubjectSerializer(serializers.Serializer[Any]):
    type = serializers.ChoiceField(choices=[(name, name) for name in SUBJECT_TYPES])
    id = serializers.IntegerField(allow_null=True, help_text="Null for a list of several.")


class TaskRequestSerializer(serializers.Serializer[Any]):
    type = serializers.ChoiceField(choices=[(name, name) for name in REQUEST_TYPES])
    id = serializers.IntegerField()


class TaskLinksSerializer(serializers.Serializer[Any]):
    subject = serializers.URLField(
        allow_null=True,
        help_text="The subject; if there are several, the list of them; null if the API does not show it.",
    )
    request = serializers.URLField(allow_null=True, help_text="The request to answer.")
    page = serializers.URLField(help_text="The page on which a person does the task.")


class TaskSerializer(serializers.Serializer[Any]):
    """One task."""

    type = serializers.SerializerMethodField(
        help_text="What kind of task it is, such as `progress-create`. New types may be added."
    )
    verb = serializers.CharField(help_text="What to do, in words.")
    title = serializers.CharField(help_text="What to do, and the subject.")
    reason = serializers.CharField(help_text="Why it is your task.")
    context = serializers.CharField(source="subject.context", help_text="The plan, or the inspection.")
    urgency = serializers.SerializerMethodField(
        help_text="The most urgent first. Decides the order of tasks that are due on one day."
    )
    due = serializers.DateField(allow_null=True, help_text="The date it is due by; null where none is set.")
    marking = serializers.ChoiceField(source="subject.marking", choices=MARKINGS)
    subject = serializers.SerializerMethodField()
    request = serializers.SerializerMethodField(
        help_text="What to answer or update, such as a date request; null for other tasks."
    )
    links = serializers.SerializerMethodField()

    def get_type(self, task: Task) -> str:
        return task.type

    @extend_schema_field(serializers.ChoiceField(choices=[(name, name) for name in URGENCIES]))
    def get_urgency(self, task: Task) -> str:
        return URGENCIES[task.urgency]

    @extend_schema_field(TaskSubjectSerializer)
    def get_subject(self, task: Task) -> dict[str, Any]:
        return {"type": task.subject.type, "id": task.subject.id}

    @extend_schema_field(TaskRequestSerializer(allow_null=True))
    def get_request(self, task: Task) -> dict[str, Any] | None:
        if task.request is None:
            return None
        kind, pk = task.request
        return {"type": kind, "id": pk}

    @extend_schema_field(TaskLinksSerializer)
    def get_links(self, task: Task) -> dict[str, str | None]:
        # The field of that name is not the serializer's own context.
        context: Any = self.context
        request, subject = context["request"], task.subject
        subject_url: str | None
        if subject.type in (ACCESS_REVIEW, APPROVAL):
            subject_url = None
        elif subject.id is None:
            subject_url = address(request, LIST_ROUTES[subject.type]) + task.query
        else:
            subject_url = address(request, subject.type, subject.id)
        return {
            "subject": subject_url,
            "request": address(request, *task.request) if task.request else None,
            "page": request.build_absolute_uri(task.path),
        }


class TaskEndpoint(Endpoint):
    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = {"GET": "decisions:read"}
    serializer_class = TaskSerializer
    pagination_class = OnePage

    def query_parameters(self) -> frozenset[str]:
        return frozenset({fields.PARAMETER})


class MyWork(TaskEndpoint):
    @extend_schema(
        operation_id="list_my_work",
        summary="List your tasks",
        tags=["My work"],
        responses=TaskSerializer(many=True),
        examples=[examples.UPDATE_TASK],
    )
    def get(self, request: Request) -> Response:
        """All your tasks in one page, the earliest due date first and those without a date last."""
        return self.page_of(my_tasks(actor=actor_of(request), on=self.on))


class DecisionList(TaskEndpoint):
    @extend_schema(
        operation_id="list_decisions",
        summary="List the decisions you need to make",
        tags=["My work"],
        responses=TaskSerializer(many=True),
        examples=[examples.DATE_DECISION],
    )
    def get(self, request: Request) -> Response:
        """Your tasks that decide on somebody else's request, in one page, the earliest due date first."""
        return self.page_of(my_decisions(actor=actor_of(request), on=self.on))
