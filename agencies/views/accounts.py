"""Accounts: made, and opened by a link that works once."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from agencies import accounts, clock
from agencies.edge import at_the_edge
from agencies.forms import AccountForm, LinkForm, PasswordForm, show_reasons
from agencies.models import User
from agencies.refusals import Reason, Refused
from agencies.views.answers import administered, form_page, person_of


@require_http_methods(["GET", "HEAD", "POST"])
def create_account(request: HttpRequest) -> HttpResponse:
    today = clock.today()
    mine = administered(request, today)
    form = AccountForm(request.POST or None, agencies=mine, on=today)

    def act(**values: Any) -> HttpResponse:
        given = accounts.create_account(by=person_of(request), at=clock.now(), **values)
        return _show(request, given)

    title, label = _("New account"), _("Make the account")
    about = _("The person chooses the password, by a link that you hand over.")
    back = reverse("agencies:people")
    return form_page(request, form, act, title=title, about=about, button=label, back=back)


@require_http_methods(["GET", "HEAD", "POST"])
def give_link(request: HttpRequest) -> HttpResponse:
    """Give somebody a new link: the first was not used in time, or the password is forgotten."""
    administered(request, clock.today())
    form = LinkForm(request.POST or None, initial={"user": request.GET.get("user", "")})

    def act(*, user: str) -> HttpResponse:
        # Who is not there and who is in another's care are answered with the same words.
        unknown = Refused([Reason("user", _("No account in your care has this user name."))])
        me, at = person_of(request), clock.now()
        found = User.objects.filter(username__iexact=user.strip())[:2]
        if len(found) != 1 or accounts.link_giver(me, found[0], on=clock.day_of(at)) is None:
            raise unknown
        return _show(request, accounts.give_link(user=found[0], by=me, at=at))

    title, label = _("Give a sign-in link"), _("Give the link")
    about = _("Until the link is used the present password works. An older link stops working.")
    back = reverse("agencies:people")
    return form_page(request, form, act, title=title, about=about, button=label, back=back)


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def choose_password(request: HttpRequest, token: str) -> HttpResponse:
    """Show whose link it is, and take the password by a button; looking changes nothing."""
    link = accounts.usable_link(token, at=clock.now())
    if link is None:
        return _gone(request)
    values: dict[str, Any] = {"person": link.user, "status": 200}
    if request.user.is_authenticated:
        # On a shared computer the next password must not be chosen in somebody else's session.
        values["status"] = 409 if request.method == "POST" else 200
    else:
        form = values["form"] = PasswordForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            at_the_edge()
            password = form.cleaned_data["password"]
            try:
                accounts.choose_password(token=token, password=password, at=clock.now())
            except accounts.LinkGone:
                return _gone(request)
            except Refused as refused:
                show_reasons(form, refused)
            else:
                messages.success(request, _("The password is set. Sign in with it."))
                return redirect("account_login")
        values["status"] = 422 if form.is_bound else 200
    return _unreferred(
        render(request, "agencies/account_password.html", values, status=values["status"])
    )


def _show(request: HttpRequest, given: accounts.Given) -> HttpResponse:
    """Show the link in the answer itself: it is stored nowhere, so it cannot be shown again."""
    address = reverse("agencies:choose_password", args=[given.token])
    values = {"link": given.link, "address": request.build_absolute_uri(address)}
    return render(request, "agencies/account_link.html", values)


def _gone(request: HttpRequest) -> HttpResponse:
    """One answer for every link that does not work, whatever the cause."""
    return _unreferred(render(request, "agencies/account_link_gone.html", status=404))


def _unreferred(response: HttpResponse) -> HttpResponse:
    """Keep the token out of the Referer of what the page fetches.

    Not `no-referrer`: browsers then send `Origin: null`, which the CSRF check refuses.
    """
    response.headers["Referrer-Policy"] = "strict-origin"
    return response
