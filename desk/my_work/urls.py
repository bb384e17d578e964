from django.urls import path

from desk.my_work import views

urlpatterns = [
    path("", views.my_work_page, name="my-work"),
    path("tasks/", views.task_list, name="task-list"),
    path("tasks/seen/", views.tasks_seen, name="tasks-seen"),
]
