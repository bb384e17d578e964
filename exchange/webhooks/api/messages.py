"""The messages of a webhook and their results: list, send again, skip."""

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
from web.callers import actor_of
from web.cursors import Column, CursorPages


class WebhookMessageSerializer(serializers.ModelSerializer[WebhookDelivery]):
    """A message of a webhook, and its result."""

    message_id = serializers.CharField(help_text="The header `webhook-id`.")
    changes = serializers.IntegerField(source="number", help_text="How many changes it lists.")
    after = serializers.IntegerField(help_text="It lists changes after this position.")
    upto = serializers.IntegerField(help_text="It lists changes up to this position.")
    next_attempt_at = serializers.DateTimeField(
        allow_null=True, help_text="Null once it is delivered or skipped."
    )
    set_aside_at = serializers.DateTimeField(
        allow_null=True, help_text="For an undelivered message: since then later messages do not wait for it."
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

    def get_message(self, pk: int) -> WebhookDelivery:
        """Return a message the caller may send again or skip; the body of the request must be empty."""
        message: WebhookDelivery = get_object_or_404(self.get_messages(), pk=pk)
        self.refuse_fields()
        return message


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
        """Messages and their results, the latest first."""
        self.get_webhook()
        return self.page_of(self.get_messages())


class MessageReplay(MessageEndpoint):
    @extend_schema(
        operation_id="replay_webhook_message",
        summary="Send a message again",
        tags=["Webhooks"],
        request=None,
        examples=[examples.MESSAGE],
    )
    def post(self, request: Request, pk: int, message_id: int) -> Response:
        """Send a delivered message again, or a failed one before its next attempt.

        It has the same id as before, and leaves out what you may no longer view. Other messages do not wait for it.
        Answers 422 if it is about to be sent.
        """
        message = self.get_message(message_id)
        row = replay_delivery(actor=actor_of(request), delivery=message, at=clock.now())
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
        """Stop trying a message; later ones are sent now. It can still be sent again. Answers 422 if it was delivered."""
        message = self.get_message(message_id)
        row = skip_delivery(actor=actor_of(request), delivery=message, at=clock.now())
        return Response(self.get_serializer(row).data)
