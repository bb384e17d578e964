from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from audit import clock
from desk.services import my_actions, my_work


@require_safe
def my_work_page(request: HttpRequest) -> HttpResponse:
    on = clock.today()
    context = {
        "tasks": [
            (task, reverse(task.route, args=task.given) + task.query)
            for task in my_work(actor=request.user, on=on)
        ],
        "actions": my_actions(actor=request.user, on=on),
        "on": on,
        "roles": request.user.role_names(on),
    }
    return render(request, "desk/my_work.html", context)
