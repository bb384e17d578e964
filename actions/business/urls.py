from django.urls import path

from actions.business import views

urlpatterns = [
    path("boards/<int:pk>/business/", views.board_business, name="board-business"),
]
