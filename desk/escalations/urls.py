from django.urls import path

from desk.escalations import views
from desk.escalations.kinds import KINDS

urlpatterns = [
    path("plans/<int:pk>/escalations/", views.plan_escalations, name="plan-escalations"),
    *(path(kind.path, views.page_of(kind), name=kind.url_name) for kind in KINDS),
]
