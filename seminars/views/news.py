"""News of seminars on one's desk: read, and then gone from it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from agencies import clock
from seminars.models import SeminarNotice


@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """Mark one line read, or all up to the newest that the page showed."""
    own = SeminarNotice.objects.filter(person=request.user, read_at__isnull=True)
    one, until = request.POST.get("notice", ""), request.POST.get("until", "")
    if _is_id(one):
        own.filter(pk=one).update(read_at=clock.now())
    elif _is_id(until):
        # What came after the page was opened was not seen and stays.
        own.filter(pk__lte=until).update(read_at=clock.now())
    return redirect("home")


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19
