from django.urls import path

from meetings.minutes import views

urlpatterns = [
    path("meetings/<int:pk>/minutes/add/", views.minute_write, name="minute-write"),
    path("meetings/<int:pk>/minutes/<int:minute_pk>/edit/", views.minute_edit, name="minute-edit"),
    path("meetings/<int:pk>/confirm/", views.minutes_confirm, name="minutes-confirm"),
]
