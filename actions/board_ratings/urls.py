from django.urls import path

from actions.board_ratings import views

urlpatterns = [
    path("actions/<int:pk>/board-rating/", views.board_rating_record, name="board-rating-record"),
]
