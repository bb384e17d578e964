from django.urls import path

from actions.waits.views import dependencies, matrix

urlpatterns = [
    path("plans/<int:pk>/waiting/", matrix.plan_waiting, name="plan-waiting"),
    path("actions/<int:pk>/waiting/add/", dependencies.dependency_add, name="dependency-add"),
    path(
        "actions/<int:pk>/waiting/<int:dependency_pk>/answer/",
        dependencies.dependency_answer,
        name="dependency-answer",
    ),
    path(
        "actions/<int:pk>/waiting/<int:dependency_pk>/end/",
        dependencies.dependency_end,
        name="dependency-end",
    ),
]
