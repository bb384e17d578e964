from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from audit import clock
from desk.my_work.services.groups import ALLOCATE, GROUPS, MOST_NEW, group_of, grouped, new_tasks
from desk.my_work.services.lists import DECISION_ROUTES, my_actions, my_tasks
from desk.my_work.services.looks import last_look, mark_seen
from desk.my_work.services.waiting import waiting_for_others
from importing.setup.services import needs_setup
from reports.overview.queries import overview_of
from standards import marking
from web.callers import actor_of
from web.paging import page_of

PAGE_SIZE = 25
# How many of the reader's actions, and of what waits for others, the page shows.
MOST_ACTIONS, MOST_WAITING = 10, 5
WAITING, NEW = "waiting", "new"


@require_safe
def my_work_page(request: HttpRequest) -> HttpResponse:
    """Show the reader's tasks by their dates, on one page however many there are."""
    on, actor = clock.today(), actor_of(request)
    tasks = my_tasks(actor=actor, on=on)
    if not tasks and needs_setup(actor=actor, on=on):
        return redirect("importing:setup")
    look = last_look(actor=actor)
    new = new_tasks(tasks=tasks, seen=look.tasks) if look else []
    groups = grouped(tasks=tasks, on=on)
    waiting = waiting_for_others(actor=actor, on=on)
    own = my_actions(actor=actor, on=on)
    actions = list(own[:MOST_ACTIONS])
    shown = [task for group in groups for line in group.shown for task in line.tasks[:3]]
    overview = overview_of(user=request.user, on=on)
    context = {
        "overview": overview,
        "decisions": [task for task in tasks if task.route in DECISION_ROUTES],
        "tasks": tasks,
        "groups": groups,
        "new": new[:MOST_NEW],
        "new_count": len(new),
        "look": look,
        "has_unseen": bool(tasks) and (look is None or bool(new)),
        "waiting": waiting[:MOST_WAITING],
        "waiting_count": len(waiting),
        "actions": actions,
        "actions_count": own.order_by().count(),
        "allocate": ALLOCATE,
        "on": on,
        "roles": request.user.role_names(on),
        "page_marking": marking.highest(
            [
                *(task.subject.marking for task in (*shown, *new[:MOST_NEW])),
                *(row.marking for row in (*waiting[:MOST_WAITING], *actions)),
                *([overview.marking] if overview else []),
            ]
        ),
    }
    return render(request, "desk/my_work/my_work.html", context)


@require_safe
def task_list(request: HttpRequest) -> HttpResponse:
    """List the tasks of one group, of one kind, the new ones, or what waits for others."""
    on, actor = clock.today(), actor_of(request)
    when, kind = request.GET.get("when", ""), request.GET.get("kind", "")
    title = {
        **GROUPS,
        WAITING: gettext("Waiting for others"),
        NEW: gettext("New since you last looked"),
        "": gettext("All tasks"),
    }.get(when)
    if title is None:
        raise Http404("There is no such list of tasks")
    if when == WAITING:
        rows: list[Any] = waiting_for_others(actor=actor, on=on)
    else:
        rows = my_tasks(actor=actor, on=on)
    if when == NEW:
        look = last_look(actor=actor)
        rows = new_tasks(tasks=rows, seen=look.tasks) if look else []
    elif when in GROUPS:
        rows = [task for task in rows if group_of(due=task.due, on=on) == when]
    if kind:
        rows = [task for task in rows if getattr(task, "type", "") == kind]
    pages = page_of(request, rows, PAGE_SIZE)
    markings = [row.marking if when == WAITING else row.subject.marking for row in pages]
    context = {
        "title": title,
        "pages": pages,
        "is_waiting": when == WAITING,
        "on": on,
        "page_marking": marking.highest(markings),
    }
    return render(request, "desk/my_work/task_list.html", context)


@require_POST
def tasks_seen(request: HttpRequest) -> HttpResponse:
    """Mark the reader's tasks as seen."""
    actor = actor_of(request)
    mark_seen(actor=actor, tasks=my_tasks(actor=actor, on=clock.today()), at=clock.now())
    messages.success(request, gettext("Tasks marked as seen. New tasks will be listed first."))
    return redirect("desk:my-work")
