from django.urls import path

from web import views

app_name = "web"
urlpatterns = [
    path("accessibility/", views.accessibility, name="accessibility"),
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
    path("unsaved-forms/discard/", views.discard_unsaved, name="unsaved-discard"),
    path("session/extend/", views.extend_session, name="session-extend"),
]
