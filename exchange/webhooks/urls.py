from django.urls import path

from exchange.webhooks import views

urlpatterns = [
    path("webhooks/", views.webhook_list, name="webhook-list"),
    path("webhooks/register/", views.webhook_register, name="webhook-register"),
    path("webhooks/<int:pk>/", views.webhook, name="webhook"),
    path("webhooks/<int:pk>/address/", views.webhook_address, name="webhook-address"),
    path("webhooks/<int:pk>/secret/", views.webhook_secret, name="webhook-secret"),
    path("webhooks/<int:pk>/pause/", views.webhook_pause, name="webhook-pause"),
    path("webhooks/<int:pk>/resume/", views.webhook_resume, name="webhook-resume"),
    path("webhooks/<int:pk>/replay/", views.webhook_replay, name="webhook-replay"),
    path("webhooks/<int:pk>/remove/", views.webhook_remove, name="webhook-remove"),
    path("webhooks/<int:pk>/messages/<int:delivery_pk>/", views.delivery, name="delivery"),
    path(
        "webhooks/<int:pk>/messages/<int:delivery_pk>/replay/",
        views.delivery_replay,
        name="delivery-replay",
    ),
    path("webhooks/<int:pk>/messages/<int:delivery_pk>/skip/", views.delivery_skip, name="delivery-skip"),
]
