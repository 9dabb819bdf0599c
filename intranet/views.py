"""Answers that belong to no app."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say what to do when the form's page outlived its session."""
    return render(request, "csrf.html", status=403)


def nothing_here(request: HttpRequest) -> HttpResponse:
    """Answer like any address that does not exist."""
    raise Http404
