"""Webhooks, managed by the partner's system itself or by the programme manager."""

from datetime import timedelta
from typing import Any, ClassVar

from django.db.models import F, Q, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from audit import clock
from exchange.webhooks import examples, policies
from exchange.webhooks.models import Webhook
from exchange.webhooks.services.registering import (
    LONGEST_OVERLAP,
    change_address,
    pause_webhook,
    register_webhook,
    remove_webhook,
    resume_webhook,
    rotate_secret,
)
from exchange.webhooks.services.replaying import replay_from
from partners.models import ApiClient, Role
from partners.policies import rights_of
from partners.scoping import HasScope
from web.api import BIGGEST_ID, IdField, StrictBoolean, StrictInteger, StrictSerializer, StrictText
from web.callers import actor_of
from web.confirmation import why_not_unconfirmed
from web.cursors import Column, CursorPages
from web.endpoints import Endpoint
from web.parameters import location_of
from web.references import NamedSerializer, address

LONGEST_URL = 500


class WebhookLinksSerializer(serializers.Serializer[Any]):
    self = serializers.URLField()
    messages = serializers.URLField()


class WebhookSerializer(serializers.ModelSerializer[Webhook]):
    """An address to which changes are sent."""

    client = NamedSerializer(help_text="The client whose changes are sent.")
    paused = serializers.BooleanField(source="is_paused")
    position = serializers.IntegerField(help_text="The last position of the record it has sent.")
    former_secret_until = serializers.DateTimeField(
        source="former_until",
        allow_null=True,
        help_text="Until then messages also have a signature for the former secret.",
    )
    links = serializers.SerializerMethodField()

    class Meta:
        model = Webhook
        fields = [
            *("id", "client", "url", "paused", "paused_at", "paused_because", "position"),
            *("created_at", "former_secret_until", "links"),
        ]

    @extend_schema_field(WebhookLinksSerializer)
    def get_links(self, row: Webhook) -> dict[str, str]:
        request = self.context["request"]
        return {
            "self": address(request, "webhook", row.pk),
            "messages": address(request, "webhook-message-list", row.pk),
        }


class WebhookWithSecretSerializer(WebhookSerializer):
    """A webhook and its new secret, shown only in this response."""

    secret = serializers.CharField(
        allow_null=True,
        read_only=True,
        help_text="Null in a repeated response to the same request: create a new secret.",
    )

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]


class NewWebhookSerializer(StrictSerializer):
    """A new webhook."""

    url = StrictText(max_length=LONGEST_URL, help_text="An https address on the public internet.")
    client = IdField(
        required=False, help_text="Id of the client whose changes are sent; by default, the caller."
    )


class WebhookAddressSerializer(StrictSerializer):
    """A new address for the webhook."""

    url = StrictText(max_length=LONGEST_URL, help_text="An https address on the public internet.")


class WebhookChangeSerializer(StrictSerializer):
    """Pause or resume a webhook."""

    paused = StrictBoolean(help_text="False resumes it from the message at which it stopped.")


class NewWebhookSecretSerializer(StrictSerializer):
    """Create a secret; the former one works for some days."""

    overlap_days = StrictInteger(
        default=1,
        min_value=0,
        max_value=LONGEST_OVERLAP.days,
        help_text="For so many days messages also have a signature for the former secret.",
    )


class WebhookReplaySerializer(StrictSerializer):
    """The position from which to send again."""

    position = StrictInteger(
        min_value=0, max_value=BIGGEST_ID, help_text="All changes after it are sent again, in new messages."
    )


class NothingSerializer(StrictSerializer):
    """An empty body: a field in it is a mistake, and is refused by its name."""


class WebhookEndpoint(Endpoint):
    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = dict.fromkeys(("GET", "POST", "PATCH"), "webhooks:write")
    serializer_class: Any = WebhookSerializer
    queryset: QuerySet[Any] = Webhook.objects.none()

    def get_webhooks(self) -> QuerySet[Webhook]:
        rows = Webhook.objects.visible_to(self.request.user, self.on)
        return rows.select_related("client__partnership", "client__user")

    def get_webhook(self) -> Webhook:
        webhook: Webhook = get_object_or_404(self.get_webhooks(), pk=self.kwargs["pk"])
        return webhook

    def why_not(self) -> str:
        rights = rights_of(self.request.user, self.on)
        return policies.why_not_manage(rights, self.get_webhook().client) or why_not_unconfirmed(self.request)

    def refuse_fields(self) -> None:
        """Read a body that must be empty.

        Raises:
            ValidationError: when it has a field.
        """
        NothingSerializer(data=self.request.data).is_valid(raise_exception=True)

    def respond_with_secret(self, row: Webhook, secret: str | None = None, **kwargs: Any) -> Response:
        """Return the webhook as it is now, with its secret if that is new."""
        data = WebhookSerializer(
            self.get_webhooks().get(pk=row.pk), context=self.get_serializer_context()
        ).data
        return Response({**data, "secret": secret} if secret else data, **kwargs)


class WebhookList(WebhookEndpoint):
    pagination_class = CursorPages
    shown_once = frozenset({"secret"})

    def in_order(self) -> list[Column]:
        return [(F("pk"), False)]

    @extend_schema(
        operation_id="list_webhooks",
        responses=WebhookSerializer(many=True),
        summary="List webhooks",
        tags=["Webhooks"],
        examples=[examples.WEBHOOK],
    )
    def get(self, request: Request) -> Response:
        """Your own webhooks; for a programme manager or an auditor, all of the partnership."""
        return self.page_of(self.get_webhooks())

    def why_not(self) -> str:
        if self._clients().exists():
            return why_not_unconfirmed(self.request)
        return policies.why_not_register(rights_of(self.request.user, self.on))

    @extend_schema(
        operation_id="create_webhook",
        summary="Create a webhook",
        tags=["Webhooks"],
        request=NewWebhookSerializer,
        responses={
            201: OpenApiResponse(
                WebhookWithSecretSerializer, description="The webhook, and its secret, shown once."
            )
        },
        examples=[examples.NEW_WEBHOOK, examples.WEBHOOK_WITH_SECRET],
        parameters=[location_of("the new webhook")],
    )
    def post(self, request: Request) -> Response:
        """Send changes to an address on the public internet from now on."""
        clients = self._clients()
        serializer = NewWebhookSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        client = self._client(clients, serializer.validated_data.get("client"))
        row, secret = register_webhook(
            actor=actor_of(request), client=client, url=serializer.validated_data["url"], at=clock.now()
        )
        location = {"Location": address(request, "webhook", row.pk)}
        return self.respond_with_secret(row, secret, status=status.HTTP_201_CREATED, headers=location)

    def _clients(self) -> QuerySet[ApiClient]:
        user = self.request.user
        rights = rights_of(user, self.on)
        own = Q(user=user.pk, partnership__in=rights.partnerships())
        managed = Q(partnership__in=rights.partnerships(Role.PROGRAMME_MANAGER))
        return ApiClient.objects.filter(own | managed).select_related("partnership", "user")

    def _client(self, clients: QuerySet[ApiClient], pk: int | None) -> ApiClient:
        own = Q(user=self.request.user.pk)
        client = clients.filter(own if pk is None else Q(pk=pk)).first()
        if client is None:
            words = "Enter the id of the client." if pk is None else "There is no such client."
            raise serializers.ValidationError({"client": words})
        return client


class WebhookDetail(WebhookEndpoint):
    def ledger_id(self) -> int:
        return self.get_webhook().client.partnership.ledger_id

    @extend_schema(
        operation_id="get_webhook", summary="Get a webhook", tags=["Webhooks"], examples=[examples.WEBHOOK]
    )
    def get(self, request: Request, pk: int) -> Response:
        """The address, whether it is paused and why, and its position."""
        return self.respond_with_secret(self.get_webhook())

    @extend_schema(
        operation_id="change_webhook",
        summary="Pause or resume a webhook",
        tags=["Webhooks"],
        request=WebhookChangeSerializer,
        examples=[examples.WEBHOOK],
    )
    def patch(self, request: Request, pk: int) -> Response:
        """Also resumes a webhook that was paused because its messages failed."""
        row = self.get_webhook()
        serializer = WebhookChangeSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        act = pause_webhook if serializer.validated_data["paused"] else resume_webhook
        return self.respond_with_secret(act(actor=actor_of(request), webhook=row, at=clock.now()))


class WebhookAddress(WebhookEndpoint):
    """Separate from PATCH, which has the ledger's lock: a name lookup can take long."""

    takes_if_match = False

    @extend_schema(
        operation_id="change_webhook_address",
        summary="Change the address of a webhook",
        tags=["Webhooks"],
        request=WebhookAddressSerializer,
        examples=[examples.WEBHOOK],
    )
    def post(self, request: Request, pk: int) -> Response:
        """The secret stays the same; waiting messages go to the new address."""
        row = self.get_webhook()
        serializer = WebhookAddressSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        row = change_address(
            actor=actor_of(request), webhook=row, at=clock.now(), **serializer.validated_data
        )
        return self.respond_with_secret(row)


class WebhookRemoval(WebhookEndpoint):
    @extend_schema(
        operation_id="remove_webhook",
        summary="Remove a webhook",
        tags=["Webhooks"],
        request=None,
        responses={204: OpenApiResponse(description="Nothing more is sent to the address.")},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Deletes its messages too."""
        row = self.get_webhook()
        self.refuse_fields()
        remove_webhook(actor=actor_of(request), webhook=row, at=clock.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class WebhookSecrets(WebhookEndpoint):
    serializer_class = WebhookWithSecretSerializer
    shown_once = frozenset({"secret"})

    @extend_schema(
        operation_id="create_webhook_secret",
        summary="Replace the secret of a webhook",
        tags=["Webhooks"],
        request=NewWebhookSecretSerializer,
        responses={
            201: OpenApiResponse(
                WebhookWithSecretSerializer, description="The webhook, and its new secret, shown once."
            )
        },
        examples=[examples.WEBHOOK_WITH_SECRET],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For some days messages have a signature for each secret, so that none is refused while you change it."""
        row = self.get_webhook()
        serializer = NewWebhookSecretSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        overlap = timedelta(days=serializer.validated_data["overlap_days"])
        row, secret = rotate_secret(actor=actor_of(request), webhook=row, overlap=overlap, at=clock.now())
        return self.respond_with_secret(row, secret, status=status.HTTP_201_CREATED)


class WebhookReplay(WebhookEndpoint):
    @extend_schema(
        operation_id="replay_webhook",
        summary="Send all changes after a position again",
        tags=["Webhooks"],
        request=WebhookReplaySerializer,
        examples=[examples.WEBHOOK],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For a system that lost data: new messages list all changes after the position."""
        row = self.get_webhook()
        serializer = WebhookReplaySerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        row = replay_from(actor=actor_of(request), webhook=row, at=clock.now(), **serializer.validated_data)
        return self.respond_with_secret(row)
