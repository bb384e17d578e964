from django.urls import path

from reports.compare import views

urlpatterns = [
    path("compare/", views.compare_page, name="compare"),
]
