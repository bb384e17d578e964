"""The messages of a webhook: what was sent and what became of it, sent now or again, or skipped."""

from django.db.models import F, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from audit import clock
from exchange.webhooks import examples
from exchange.webhooks.api.webhooks import WebhookEndpoint
from exchange.webhooks.models import WebhookDelivery
from exchange.webhooks.services.replaying import replay_delivery, skip_delivery
from web.cursors import Column, CursorPages


class WebhookMessageSerializer(serializers.ModelSerializer[WebhookDelivery]):
    """A message of a webhook, and what became of it."""

    message_id = serializers.CharField(help_text="The header `webhook-id`.")
    changes = serializers.IntegerField(source="number", help_text="How many changes it told of.")
    after = serializers.IntegerField(help_text="It tells of what follows this position,")
    upto = serializers.IntegerField(help_text="up to this one.")
    next_attempt_at = serializers.DateTimeField(
        allow_null=True, help_text="Null once it is delivered or skipped."
    )
    set_aside_at = serializers.DateTimeField(
        allow_null=True, help_text="Where it was not delivered: since then later messages do not wait for it."
    )

    class Meta:
        model = WebhookDelivery
        fields = [
            *("id", "message_id", "after", "upto", "changes", "made_at", "attempts", "last_attempt_at"),
            *("last_result", "next_attempt_at", "delivered_at", "set_aside_at"),
        ]


class MessageEndpoint(WebhookEndpoint):
    serializer_class = WebhookMessageSerializer
    queryset = WebhookDelivery.objects.none()

    def get_messages(self) -> QuerySet[WebhookDelivery]:
        rows = WebhookDelivery.objects.visible_to(self.request.user, self.on)
        return (
            rows.filter(webhook=self.kwargs["pk"])
            .defer("body")
            .select_related("webhook__client__partnership")
        )

    def to_change(self, pk: int) -> WebhookDelivery:
        self.to_keep()
        found: WebhookDelivery = get_object_or_404(self.get_messages(), pk=pk)
        self.refuse_fields()
        return found


class MessageList(MessageEndpoint):
    pagination_class = CursorPages

    def in_order(self) -> list[Column]:
        return [(F("made_at"), True), (F("pk"), True)]

    @extend_schema(
        operation_id="list_webhook_messages",
        responses=WebhookMessageSerializer(many=True),
        summary="List a webhook's messages",
        tags=["Webhooks"],
        examples=[examples.MESSAGE],
    )
    def get(self, request: Request, pk: int) -> Response:
        """What was sent and what became of it, the latest first."""
        self.get_webhook()
        return self.page_of(self.get_messages())


class MessageReplay(MessageEndpoint):
    @extend_schema(
        operation_id="replay_webhook_message",
        summary="Send a message now, or again",
        tags=["Webhooks"],
        request=None,
        examples=[examples.MESSAGE],
    )
    def post(self, request: Request, pk: int, message_id: int) -> Response:
        """One that failed is tried at once, one that was delivered is sent again.

        It bears the same id as before. What you may not see any more is not in it. Other messages do not wait for it. One that is
        about to be sent anyway is answered 422.
        """
        found = self.to_change(message_id)
        row = replay_delivery(actor=request.user, delivery=found, at=clock.now())
        return Response(self.get_serializer(row).data)


class MessageSkip(MessageEndpoint):
    @extend_schema(
        operation_id="skip_webhook_message",
        summary="Skip a message",
        tags=["Webhooks"],
        request=None,
        examples=[examples.SKIPPED],
    )
    def post(self, request: Request, pk: int, message_id: int) -> Response:
        """It is tried no more, and those after it are sent now. It can still be sent again. One that was delivered is answered 422."""
        found = self.to_change(message_id)
        row = skip_delivery(actor=request.user, delivery=found, at=clock.now())
        return Response(self.get_serializer(row).data)
