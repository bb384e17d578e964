from django.urls import path

from actions.questions import views

urlpatterns = [
    path("plans/<int:pk>/questions/", views.plan_questions, name="plan-questions"),
    path("actions/<int:pk>/questions/add/", views.question_add, name="question-add"),
    path(
        "actions/<int:pk>/questions/<int:question_pk>/answer/", views.question_answer, name="question-answer"
    ),
]
