from django.urls import path

from actions.slippage import views

urlpatterns = [
    path("plans/<int:pk>/slippage/", views.plan_slippage, name="plan-slippage"),
]
