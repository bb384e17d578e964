from django.urls import path

from importing.plans import views

urlpatterns = [
    path("plans/<int:pk>/import/", views.plan_import, name="plan-import"),
    path("plans/<int:pk>/import/confirm/", views.plan_import_confirm, name="plan-import-confirm"),
]
