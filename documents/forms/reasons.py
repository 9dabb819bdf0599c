"""Put the reasons of a refusal where the person looks for them."""

from django import forms

from agencies.refusals import Refused


def show_reasons(form: forms.Form, refused: Refused) -> None:
    """Add each reason to the field of its name, or above the form. What was typed stays."""
    for reason in refused.reasons:
        form.add_error(reason.code if reason.code in form.fields else None, str(reason.message))
