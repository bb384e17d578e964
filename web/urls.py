from django.urls import path

from web import help_pages, views

app_name = "web"
urlpatterns = [
    path("accessibility/", views.accessibility, name="accessibility"),
    path("help/about/", help_pages.about, name="about"),
    path("help/glossary/", help_pages.glossary, name="glossary"),
    path("help/privacy/", help_pages.privacy, name="privacy"),
    path("help/cookies/", help_pages.cookies, name="cookies"),
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
    path(".well-known/security.txt", views.security_txt, name="security-txt"),
    path("unsaved-forms/discard/", views.discard_unsaved, name="unsaved-discard"),
    path("session/extend/", views.extend_session, name="session-extend"),
]
