from django.urls import path

from partners.sessions import views

urlpatterns = [
    path("account/sessions/<int:pk>/end/", views.session_end, name="session-end"),
    path("account/sessions/end-others/", views.sessions_end_others, name="sessions-end-others"),
]
