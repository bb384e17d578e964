from django.urls import path

from meetings.meetings import views

urlpatterns = [
    path("meetings/add/", views.meeting_create, name="meeting-create"),
    path("meetings/<int:pk>/edit/", views.meeting_edit, name="meeting-edit"),
    path("meetings/<int:pk>/hold/", views.meeting_hold, name="meeting-hold"),
    path("meetings/<int:pk>/cancel/", views.meeting_cancel, name="meeting-cancel"),
    path("meetings/<int:pk>/items/add/", views.item_add, name="item-add"),
    path("meetings/<int:pk>/items/<int:item_pk>/edit/", views.item_edit, name="item-edit"),
    path("meetings/<int:pk>/items/<int:item_pk>/remove/", views.item_remove, name="item-remove"),
]
