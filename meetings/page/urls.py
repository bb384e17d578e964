from django.urls import path

from meetings.page import views

urlpatterns = [
    path("meetings/", views.meeting_list, name="meeting-list"),
    path("minutes/<int:pk>/", views.minute_page, name="minute"),
    path("boards/<int:pk>/", views.board_page, name="board"),
]
