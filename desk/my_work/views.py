from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from audit import clock
from desk.my_work.services.everything import my_actions, my_work
from standards import marking

ALLOCATION = "actions:action-allocate"


@require_safe
def my_work_page(request: HttpRequest) -> HttpResponse:
    on = clock.today()
    tasks = my_work(actor=request.user, on=on)
    actions = list(my_actions(actor=request.user, on=on))
    shown = [row.marking for row in (*tasks, *actions)]
    context = {
        "tasks": [(task, reverse(task.route, args=task.given) + task.query) for task in tasks],
        "to_allocate": sum(task.route == ALLOCATION for task in tasks),
        "actions": actions,
        "on": on,
        "roles": request.user.role_names(on),
        "page_marking": marking.highest(shown),
    }
    return render(request, "desk/my_work/my_work.html", context)
