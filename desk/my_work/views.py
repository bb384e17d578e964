from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit import clock
from desk.my_work.services.lists import my_actions, my_tasks
from standards import marking
from web.callers import actor_of

ALLOCATION = "actions:action-allocate"


@require_safe
def my_work_page(request: HttpRequest) -> HttpResponse:
    on = clock.today()
    tasks = my_tasks(actor=actor_of(request), on=on)
    actions = list(my_actions(actor=actor_of(request), on=on))
    markings = [*(task.subject.marking for task in tasks), *(action.marking for action in actions)]
    context = {
        "tasks": tasks,
        "to_allocate": sum(task.route == ALLOCATION for task in tasks),
        "actions": actions,
        "on": on,
        "roles": request.user.role_names(on),
        "page_marking": marking.highest(markings),
    }
    return render(request, "desk/my_work/my_work.html", context)
