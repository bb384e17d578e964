"""Webhooks: where a partner's system wants to be told of changes, kept by the system itself or by the manager."""

from datetime import timedelta
from typing import Any, ClassVar

from django.db.models import F, Q, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from audit import clock
from exchange.webhooks import examples, policies
from exchange.webhooks.models import Webhook
from exchange.webhooks.services.keeping import (
    LONGEST_OVERLAP,
    NOT_YOURS,
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
from web.cursors import Column, CursorPages
from web.endpoints import Endpoint
from web.references import NamedSerializer, address

LONGEST_URL = 500


class WebhookLinksSerializer(serializers.Serializer[Any]):
    self = serializers.URLField()
    messages = serializers.URLField()


class WebhookSerializer(serializers.ModelSerializer[Webhook]):
    """An address that is told of changes."""

    client = NamedSerializer(help_text="The system whose changes are sent.")
    paused = serializers.BooleanField(source="is_paused")
    position = serializers.IntegerField(help_text="How far in the record it has come.")
    former_secret_until = serializers.DateTimeField(
        source="former_until",
        allow_null=True,
        help_text="Until then messages bear a signature of the secret before, too.",
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
    """A webhook and its new secret, which is shown in this answer alone."""

    secret = serializers.CharField(
        allow_null=True,
        read_only=True,
        help_text="Null where this is the kept answer to a request that was sent before: then make a new one.",
    )

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]


class NewWebhookSerializer(StrictSerializer):
    """An address that is to be told of changes."""

    url = StrictText(max_length=LONGEST_URL, help_text="With https, on the public internet.")
    client = IdField(
        required=False, help_text="Id of the system whose changes are sent; left out, the one that asks."
    )


class WebhookAddressSerializer(StrictSerializer):
    """Another address for the same messages."""

    url = StrictText(max_length=LONGEST_URL, help_text="With https, on the public internet.")


class WebhookChangeSerializer(StrictSerializer):
    """Pause or resume it."""

    paused = StrictBoolean(help_text="Resumed, it goes on where it stopped.")


class NewWebhookSecretSerializer(StrictSerializer):
    """Make a new secret; both work for a while."""

    overlap_days = StrictInteger(
        default=1,
        min_value=0,
        max_value=LONGEST_OVERLAP.days,
        help_text="For so many days messages bear a signature of the secret before, too.",
    )


class WebhookReplaySerializer(StrictSerializer):
    """From where in the record to send again."""

    position = StrictInteger(
        min_value=0, max_value=BIGGEST_ID, help_text="Everything after it is sent again, in new messages."
    )


class NothingSerializer(StrictSerializer):
    """Whatever is sent where nothing is needed is a mistake, so it is refused by its name."""


class WebhookEndpoint(Endpoint):
    permission_classes = [HasScope]
    required_scopes: ClassVar[dict[str, str]] = dict.fromkeys(("GET", "POST", "PATCH"), "webhooks:write")
    serializer_class: Any = WebhookSerializer
    queryset: QuerySet[Any] = Webhook.objects.none()

    def get_webhooks(self) -> QuerySet[Webhook]:
        rows = Webhook.objects.visible_to(self.request.user, self.on)
        return rows.select_related("client__partnership", "client__user")

    def get_webhook(self) -> Webhook:
        found: Webhook = get_object_or_404(self.get_webhooks(), pk=self.kwargs["pk"])
        return found

    def to_keep(self) -> Webhook:
        found = self.get_webhook()
        self.require(policies.may_keep(rights_of(self.request.user, self.on), found.client), NOT_YOURS)
        return found

    def refuse_fields(self) -> None:
        """Read a body that should hold nothing.

        Raises:
            ValidationError: it holds something.
        """
        NothingSerializer(data=self.request.data).is_valid(raise_exception=True)

    def told(self, row: Webhook, secret: str | None = None, **given: Any) -> Response:
        """Answer the webhook as it now stands, with its new secret where it got one."""
        data = WebhookSerializer(
            self.get_webhooks().get(pk=row.pk), context=self.get_serializer_context()
        ).data
        return Response({**data, "secret": secret} if secret else data, **given)


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
        """Your own; of a programme manager or an auditor, all of the partnership."""
        return self.page_of(self.get_webhooks())

    @extend_schema(
        operation_id="create_webhook",
        summary="Have changes sent to an address",
        tags=["Webhooks"],
        request=NewWebhookSerializer,
        responses={
            201: OpenApiResponse(
                WebhookWithSecretSerializer, description="The webhook, and its secret this once."
            )
        },
        examples=[examples.NEW_WEBHOOK, examples.WEBHOOK_WITH_SECRET],
        parameters=[
            OpenApiParameter(
                "Location",
                type=OpenApiTypes.URI,
                location=OpenApiParameter.HEADER,
                response=[201],
                description="Address of the new webhook.",
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """What changes from now on is sent. The address has to be on the public internet."""
        clients = self._clients()
        self.require(clients.exists(), NOT_YOURS)
        given = NewWebhookSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        client = self._client(clients, given.validated_data.get("client"))
        row, secret = register_webhook(
            actor=request.user, client=client, url=given.validated_data["url"], at=clock.now()
        )
        location = {"Location": address(request, "webhook", row.pk)}
        return self.told(row, secret, status=status.HTTP_201_CREATED, headers=location)

    def _clients(self) -> QuerySet[ApiClient]:
        user = self.request.user
        rights = rights_of(user, self.on)
        own = Q(user=user.pk, partnership__in=rights.partnerships())
        managed = Q(partnership__in=rights.partnerships(Role.PROGRAMME_MANAGER))
        return ApiClient.objects.filter(own | managed).select_related("partnership", "user")

    def _client(self, clients: QuerySet[ApiClient], pk: int | None) -> ApiClient:
        own = Q(user=self.request.user.pk)
        found = clients.filter(own if pk is None else Q(pk=pk)).first()
        if found is None:
            words = "Say whose changes are sent." if pk is None else "There is no such system."
            raise serializers.ValidationError({"client": words})
        return found


class WebhookDetail(WebhookEndpoint):
    def ledger_id(self) -> int:
        return self.get_webhook().client.partnership.ledger_id

    @extend_schema(
        operation_id="get_webhook", summary="Read a webhook", tags=["Webhooks"], examples=[examples.WEBHOOK]
    )
    def get(self, request: Request, pk: int) -> Response:
        """Where it leads, whether it is paused and why, and how far it has come."""
        return self.told(self.get_webhook())

    @extend_schema(
        operation_id="change_webhook",
        summary="Pause or resume a webhook",
        tags=["Webhooks"],
        request=WebhookChangeSerializer,
        examples=[examples.WEBHOOK],
    )
    def patch(self, request: Request, pk: int) -> Response:
        """A webhook that was paused because messages failed is resumed so, too."""
        row = self.to_keep()
        given = WebhookChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        act = pause_webhook if given.validated_data["paused"] else resume_webhook
        return self.told(act(actor=request.user, webhook=row, at=clock.now()))


class WebhookAddress(WebhookEndpoint):
    """No part of PATCH, which holds the ledger's lock: looking a name up takes as long as its owner likes."""

    takes_if_match = False

    @extend_schema(
        operation_id="change_webhook_address",
        summary="Change the address of a webhook",
        tags=["Webhooks"],
        request=WebhookAddressSerializer,
        examples=[examples.WEBHOOK],
    )
    def post(self, request: Request, pk: int) -> Response:
        """The secret stays, and messages that wait go to the new address."""
        row = self.to_keep()
        given = WebhookAddressSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        row = change_address(actor=request.user, webhook=row, at=clock.now(), **given.validated_data)
        return self.told(row)


class WebhookRemoval(WebhookEndpoint):
    @extend_schema(
        operation_id="remove_webhook",
        summary="Remove a webhook",
        tags=["Webhooks"],
        request=None,
        responses={204: OpenApiResponse(description="Nothing more is sent to the address.")},
    )
    def post(self, request: Request, pk: int) -> Response:
        """Its messages are forgotten too."""
        row = self.to_keep()
        self.refuse_fields()
        remove_webhook(actor=request.user, webhook=row, at=clock.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class WebhookSecrets(WebhookEndpoint):
    serializer_class = WebhookWithSecretSerializer
    shown_once = frozenset({"secret"})

    @extend_schema(
        operation_id="create_webhook_secret",
        summary="Give a webhook a new secret",
        tags=["Webhooks"],
        request=NewWebhookSecretSerializer,
        responses={
            201: OpenApiResponse(
                WebhookWithSecretSerializer, description="The webhook, and its new secret this once."
            )
        },
        examples=[examples.WEBHOOK_WITH_SECRET],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For some days messages bear two signatures, so that nothing is refused while you change it."""
        row = self.to_keep()
        given = NewWebhookSecretSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        overlap = timedelta(days=given.validated_data["overlap_days"])
        row, secret = rotate_secret(actor=request.user, webhook=row, overlap=overlap, at=clock.now())
        return self.told(row, secret, status=status.HTTP_201_CREATED)


class WebhookReplay(WebhookEndpoint):
    @extend_schema(
        operation_id="replay_webhook",
        summary="Send again everything after a position",
        tags=["Webhooks"],
        request=WebhookReplaySerializer,
        examples=[examples.WEBHOOK],
    )
    def post(self, request: Request, pk: int) -> Response:
        """For a system that lost what it had: new messages tell of everything after the position."""
        row = self.to_keep()
        given = WebhookReplaySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        row = replay_from(actor=request.user, webhook=row, at=clock.now(), **given.validated_data)
        return self.told(row)
