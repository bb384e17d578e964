from django.urls import path

from actions.assurance import views

urlpatterns = [
    path("actions/<int:pk>/submit/", views.action_submit, name="action-submit"),
    path("actions/<int:pk>/assurance/", views.assurance_give, name="assurance-give"),
    path("actions/<int:pk>/retest/", views.action_retest, name="action-retest"),
    path("actions/<int:pk>/reopen/", views.action_reopen, name="action-reopen"),
    path("assurance/", views.assurance_queue, name="assurance-queue"),
]
