from django.urls import path

from web import views

app_name = "web"
urlpatterns = [
    path("accessibility/", views.accessibility, name="accessibility"),
    path("healthz", views.healthz, name="healthz"),
    path("unsaved-forms/discard/", views.discard_unsaved, name="unsaved-discard"),
]
