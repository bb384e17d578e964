from django.urls import path

from actions.plans import views

urlpatterns = [
    path("plans/", views.plan_list, name="plan-list"),
    path("plans/new/", views.plan_create, name="plan-create"),
    path("plans/<int:pk>/edit/", views.plan_edit, name="plan-edit"),
    path("plans/<int:pk>/pillars/new/", views.pillar_create, name="pillar-create"),
    path("plans/<int:pk>/pillars/<int:pillar_pk>/", views.pillar_edit, name="pillar-edit"),
]
