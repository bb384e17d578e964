from django.urls import path

from desk.search import views

urlpatterns = [
    path("search/", views.search_page, name="search"),
]
