"""What people type on the screens of agencies and people. Days are dd/mm/yyyy."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.choices import AgencyKind, DeputyScope, Role
from agencies.models import Agency, Post, User
from agencies.refusals import Refused


def show_reasons(form: forms.Form, refused: Refused) -> None:
    """Add each reason to the field of its name, or above the form. What was typed stays."""
    for reason in refused.reasons:
        form.add_error(reason.code if reason.code in form.fields else None, str(reason.message))


class DirectoryFilter(forms.Form):
    q = forms.CharField(label=_("Name, abbreviation or initials"), required=False, max_length=200)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("Every kind")), *AgencyKind.choices]
    )


class PeopleFilter(forms.Form):
    q = forms.CharField(label=_("Name or user name"), required=False, max_length=200)
    agency = forms.ModelChoiceField(
        Agency.objects.none(), label=_("Agency"), required=False, empty_label=_("Every agency")
    )

    def __init__(self, *args: Any, agencies: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["agency"]
        field.queryset = Agency.objects.filter(pk__in=agencies).in_order()


class OpenPostForm(forms.Form):
    user = forms.CharField(
        label=_("User name"), max_length=150, help_text=_("Of somebody who has an account.")
    )
    agency = forms.ModelChoiceField(Agency.objects.none(), label=_("Agency"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    title = forms.CharField(
        label=_("Office held"),
        max_length=120,
        required=False,
        help_text=_("As printed under a signature."),
    )
    from_on = forms.DateField(label=_("First day"))
    to_on = forms.DateField(
        label=_("Last day"), required=False, help_text=_("Empty: until it is ended.")
    )

    def __init__(self, *args: Any, agencies: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["agency"]
        field.queryset = Agency.objects.filter(pk__in=agencies).in_order()

    def clean_user(self) -> User:
        user = User.objects.filter(username=self.cleaned_data["user"].strip()).first()
        if user is None:
            raise forms.ValidationError(_("Nobody has this user name."))
        return user


class AccountForm(forms.Form):
    username = forms.CharField(
        label=_("User name"),
        max_length=50,
        help_text=_("Small letters, digits, dot, hyphen and underscore. It does not change later."),
        widget=forms.TextInput({"autocapitalize": "none", "autocomplete": "off"}),
    )
    last_name = forms.CharField(label=_("Family and middle names"), max_length=150, required=False)
    first_name = forms.CharField(label=_("Given name"), max_length=150)
    email = forms.EmailField(label=_("Mail address"), required=False)
    agency = forms.ModelChoiceField(Agency.objects.none(), label=_("Agency"))
    role = forms.ChoiceField(
        label=_("Role"), choices=Role.choices, help_text=_("Of the first post, from today.")
    )
    title = forms.CharField(
        label=_("Office held"),
        max_length=120,
        required=False,
        help_text=_("As printed under a signature."),
    )

    def __init__(self, *args: Any, agencies: Iterable[int], on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["agency"]
        field.queryset = Agency.objects.live_on(on).filter(pk__in=agencies).in_order()


class MailboxForm(forms.Form):
    mailbox = forms.CharField(
        label=_("Mailbox of its clerks"),
        max_length=254,
        required=False,
        help_text=_(
            "Invitations are sent there, with a link by which whoever reads it may answer for the"
            " agency. Empty: nothing is sent."
        ),
        widget=forms.EmailInput({"autocomplete": "off"}),
    )


class LinkForm(forms.Form):
    user = forms.CharField(label=_("User name"), max_length=150)


class PasswordForm(forms.Form):
    password = forms.CharField(
        label=_("New password"),
        max_length=128,
        strip=False,
        help_text=_("At least 12 characters. A few words that only you put together are good."),
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The same password again"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if again != self.cleaned_data.get("password", again):
            raise forms.ValidationError(_("The two passwords differ."))
        return again


class LastDayForm(forms.Form):
    to_on = forms.DateField(
        label=_("Last day"),
        help_text=_(
            "The rights last through this day. Yesterday: at once. Before the first day: taken back."
        ),
    )


class AppointForm(forms.Form):
    deputy = forms.ModelChoiceField(User.objects.none(), label=_("Who stands in"))
    scope = forms.ChoiceField(
        label=_("For what"), choices=DeputyScope.choices, widget=forms.RadioSelect
    )
    from_on = forms.DateField(label=_("First day"))
    to_on = forms.DateField(
        label=_("Last day"), help_text=_("Every mandate ends. The rights last through this day.")
    )
    basis = forms.CharField(
        label=_("Basis"),
        max_length=255,
        required=False,
        help_text=_("The paper or decision that it rests on."),
    )

    def __init__(self, *args: Any, candidates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["deputy"]
        field.queryset = candidates


def people_near(posts: Any, *, of: Post) -> Any:
    """Return the active people who hold one of these posts, without the one stood in for."""
    return User.objects.filter(pk__in=posts.values("user"), is_active=True).exclude(pk=of.user_id)
