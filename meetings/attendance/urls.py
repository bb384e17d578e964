from django.urls import path

from meetings.attendance import views

urlpatterns = [
    path("meetings/<int:pk>/attendance/", views.attendance_record, name="attendance-record"),
]
