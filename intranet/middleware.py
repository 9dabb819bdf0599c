"""What every answer carries, and in which language it is given."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

GetResponse = Callable[[HttpRequest], HttpResponse]

#: Wagtail's admin needs inline styles and scripts; nobody but the web team reaches it.
ADMIN_PREFIX = "/quan-tri/"
ADMIN_POLICY = {
    "script-src": ["'self'", "'unsafe-inline'", "'unsafe-eval'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "frame-src": ["'self'"],
    "frame-ancestors": ["'self'"],
}


class PrivateResponses:
    """Nothing that a signed-in person saw stays in a cache, files included.

    The back button of a shared computer must not show the previous user's papers (security T14).
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=()"
        )
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # A calendar keeps what it fetched in any case; it may ask whether that is still so.
        asked_again = response.headers.get("Cache-Control") == "private, no-cache"
        if not request.path.startswith(settings.STATIC_URL) and not asked_again:
            response.headers["Cache-Control"] = "private, no-store"
            patch_vary_headers(response, ["Cookie"])
        return response


class AdminContentSecurityPolicy:
    """Loosen the policy for Wagtail's admin alone."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response: Any = self.get_response(request)
        if request.path.startswith(ADMIN_PREFIX):
            response._csp_replace = ADMIN_POLICY
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
        return response


class ChosenLanguage:
    """Vietnamese, unless the person chose otherwise here.

    The browser's own wish is not asked: offices run English browsers and write Vietnamese.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
        return response


class AddressesOfText:
    """An address with a NUL names nothing; PostgreSQL would refuse it with an error."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info:
            raise Http404
        return self.get_response(request)
