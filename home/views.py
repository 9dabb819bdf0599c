"""The front door, the pictures of its pages, and the guard before Wagtail's admin."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_safe
from django.views.static import serve as serve_file
from wagtail.views import serve

View = Callable[..., HttpResponseBase]


@require_safe
def front(request: HttpRequest) -> HttpResponseBase:
    """Answer `/` with the home page of the Wagtail tree."""
    return serve(request, "")


@require_safe
def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """Serve a rendition of a picture to whoever is signed in.

    Renditions alone: originals and shared forms lie in the folders beside theirs. The folder is
    the root that no path leaves; a prefix of the path would be no wall.
    """
    return serve_file(request, path, document_root=str(Path(settings.MEDIA_ROOT) / "images"))


def web_team_only(view: View) -> View:
    """Answer 404 to whoever is not of the web team: for officials there is no admin.

    Wagtail itself would send them to sign in again, and say that an admin is there.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if not request.user.has_perm("wagtailadmin.access_admin"):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def own_screen(request: HttpRequest, name: str, **kwargs) -> HttpResponse:
    """Lead from a screen of Wagtail's that the house has its own of, to that one."""
    query = request.GET.urlencode()
    return redirect(reverse(name) + (f"?{query}" if query else ""))


def closed(request: HttpRequest, **kwargs) -> HttpResponse:
    """Wagtail offers it and the house does without: people, groups and rights change by verbs."""
    raise Http404
