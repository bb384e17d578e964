from django.urls import path

from exchange.views import webhooks

app_name = "exchange"
urlpatterns = [
    path("webhooks/", webhooks.webhook_list, name="webhook-list"),
    path("webhooks/register/", webhooks.webhook_register, name="webhook-register"),
    path("webhooks/<int:pk>/", webhooks.webhook, name="webhook"),
    path("webhooks/<int:pk>/address/", webhooks.webhook_address, name="webhook-address"),
    path("webhooks/<int:pk>/secret/", webhooks.webhook_secret, name="webhook-secret"),
    path("webhooks/<int:pk>/pause/", webhooks.webhook_pause, name="webhook-pause"),
    path("webhooks/<int:pk>/resume/", webhooks.webhook_resume, name="webhook-resume"),
    path("webhooks/<int:pk>/replay/", webhooks.webhook_replay, name="webhook-replay"),
    path("webhooks/<int:pk>/remove/", webhooks.webhook_remove, name="webhook-remove"),
    path("webhooks/<int:pk>/messages/<int:delivery_pk>/", webhooks.delivery, name="delivery"),
    path(
        "webhooks/<int:pk>/messages/<int:delivery_pk>/replay/",
        webhooks.delivery_replay,
        name="delivery-replay",
    ),
    path("webhooks/<int:pk>/messages/<int:delivery_pk>/skip/", webhooks.delivery_skip, name="delivery-skip"),
]
