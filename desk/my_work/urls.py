from django.urls import path

from desk.my_work import views

urlpatterns = [
    path("", views.my_work_page, name="my-work"),
]
