from django.urls import path

from actions.closing import views

urlpatterns = [
    path("actions/<int:pk>/withdraw/", views.action_withdraw, name="action-withdraw"),
    path("actions/<int:pk>/supersede/", views.action_supersede, name="action-supersede"),
    path(
        "actions/<int:pk>/closure/<int:request_pk>/",
        views.closure_decide,
        name="closure-decide",
    ),
    path("actions/<int:pk>/closure/<int:request_pk>/retract/", views.closure_retract, name="closure-retract"),
]
