from django.urls import path

from actions.saved_views import views

urlpatterns = [
    path("actions/views/new/", views.saved_view_create, name="saved-view-create"),
    path("actions/views/<int:pk>/", views.saved_view_page, name="saved-view"),
    path("actions/views/<int:pk>/edit/", views.saved_view_edit, name="saved-view-edit"),
    path("actions/views/<int:pk>/delete/", views.saved_view_delete, name="saved-view-delete"),
    path("actions/views/<int:pk>/watch/", views.saved_view_watch, name="saved-view-watch"),
    path("actions/views/<int:pk>/viewed/", views.saved_view_viewed, name="saved-view-viewed"),
]
