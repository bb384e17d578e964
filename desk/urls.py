from django.urls import path

from desk.views import my_work

app_name = "desk"
urlpatterns = [path("", my_work.my_work_page, name="my-work")]
