"""The sign-in page; in the demonstration it lists the sample people."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.views import LoginView
from django.conf import settings
from django.http import HttpResponse


class SignIn(LoginView):
    def form_valid(self, form: Any) -> HttpResponse:
        """Sign in; a closed account is answered like a wrong password (security T10)."""
        if not form.user.is_active:
            form.add_error(None, get_adapter().validation_error("username_password_mismatch"))
            return self.form_invalid(form)
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if settings.DEMO:
            from documents.demo import people  # noqa: PLC0415 - nothing of it outside the demo

            context["demo_people"] = people()
        return context
