"""The sign-in page; in the demonstration it lists the sample people."""

from typing import Any

from allauth.account.views import LoginView
from django.conf import settings


class SignIn(LoginView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if settings.DEMO:
            from documents.demo import people  # noqa: PLC0415 - nothing of it outside the demo

            context["demo_people"] = people()
        return context
