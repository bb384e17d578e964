from django.urls import path

from meetings.documents import views

urlpatterns = [
    path("meetings/<int:pk>/agenda/", views.agenda, name="agenda"),
    path("meetings/<int:pk>/agenda.<slug:file_type>", views.agenda_file, name="agenda-file"),
    path("meetings/<int:pk>/minutes/", views.minutes_page, name="minutes"),
    path("meetings/<int:pk>/minutes.<slug:file_type>", views.minutes_file, name="minutes-file"),
]
