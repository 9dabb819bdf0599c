"""The directory of agencies, one's own account, and the people whom one administers."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies import clock, deputies, mailboxes, posts
from agencies.administration import administered_by
from agencies.authority import authorities
from agencies.choices import Role
from agencies.directory import matching, portrait
from agencies.edge import at_the_edge
from agencies.forms import (
    AppointForm,
    DirectoryFilter,
    LastDayForm,
    MailboxForm,
    OpenPostForm,
    PeopleFilter,
    people_near,
)
from agencies.letters import fold
from agencies.models import Agency, Deputy, Post, User
from agencies.refusals import Refused
from agencies.views.answers import administered, form_page, person_of

PER_PAGE = 25


# -- Agencies ---------------------------------------------------------------------------------


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """Every agency, those that have ended included, in Vietnamese order."""
    form = DirectoryFilter(request.GET)
    found = matching(request.GET.get("q", "") if form.is_valid() else "")
    if form.is_valid() and form.cleaned_data["kind"]:
        found = found.filter(kind=form.cleaned_data["kind"])
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    values = {"form": form, "page": page, "today": clock.today()}
    return render(request, "agencies/directory.html", values)


@require_safe
def agency(request: HttpRequest, pk: int) -> HttpResponse:
    body = get_object_or_404(Agency.objects.named().select_related("parent"), pk=pk)
    today = clock.today()
    shown = portrait(body, on=today)
    values = {
        "agency": body,
        "shown": shown,
        "today": today,
        "ended": not body.is_live_on(today),
        "administers": pk in administered_by(person_of(request), on=today),
    }
    return render(request, "agencies/agency.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
def mailbox(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter the mailbox of the agency's clerks: for its administrators."""
    mine = administered(request, clock.today())
    body = get_object_or_404(Agency.objects.filter(pk__in=mine), pk=pk)
    form = MailboxForm(request.POST or None, initial={"mailbox": body.mailbox})
    back = reverse("agencies:agency", args=[pk])

    def act(**values: Any) -> str:
        mailboxes.set_mailbox(agency=body, by=person_of(request), at=clock.now(), **values)
        messages.success(request, _("The mailbox is kept."))
        return back

    title, label = _("Mailbox of the clerks"), _("Keep the mailbox")
    return form_page(request, form, act, title=title, about=str(body), button=label, back=back)


# -- One's own account ------------------------------------------------------------------------


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """What one holds today, for whom one stands in, and who stands in for oneself."""
    me, today = person_of(request), clock.today()
    held = authorities(me, on=today)
    given = Deputy.objects.lasting(today).filter(of__user=me).order_by("from_on", "pk")
    values = {
        "own": [each for each in held if each.deputy is None],
        "borrowed": [each for each in held if each.deputy is not None],
        "given": given.select_related("deputy", "of__agency"),
        "administers": any(each.role == Role.ADMINISTRATOR for each in held),
        "today": today,
    }
    return render(request, "agencies/account.html", values)


# -- People -----------------------------------------------------------------------------------


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Those who hold or will hold a post where one administers, by given name."""
    today = clock.today()
    mine = administered(request, today)
    form = PeopleFilter(request.GET, agencies=mine)
    wanted, agencies = "", mine
    if form.is_valid():
        wanted = form.cleaned_data["q"]
        agencies = {form.cleaned_data["agency"].pk} if form.cleaned_data["agency"] else mine
    # Whoever is looked for by name is found after his posts have ended, too.
    held = Post.objects.filter(agency__in=agencies)
    found = User.objects.filter(pk__in=(held if wanted else held.lasting(today)).values("user"))
    for word in fold(wanted).split():
        found = found.filter(find_key__contains=word)
    rows = Post.objects.lasting(today).filter(agency__in=mine).select_related("agency")
    found = found.prefetch_related(Prefetch("posts", rows.order_by("pk"), to_attr="shown"))
    page = Paginator(found.order_by("sort_key", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "agencies/people.html", {"form": form, "page": page, "today": today})


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    today = clock.today()
    mine = administered(request, today)
    shown = _person_or_404(pk, mine)
    rows = Post.objects.filter(user=shown, agency__in=mine).select_related("agency")
    mandates = Deputy.objects.filter(Q(of__user=shown) | Q(deputy=shown), of__agency__in=mine)
    values = {
        "person": shown,
        "posts": rows.order_by("-from_on", "pk"),
        "mandates": mandates.select_related("of__user", "of__agency", "deputy").order_by(
            "-from_on", "pk"
        ),
        "keeper": posts.account_keeper(person_of(request), shown, on=today)
        and shown != request.user,
        "today": today,
    }
    return render(request, "agencies/person.html", values)


def open_post(request: HttpRequest) -> HttpResponse:
    mine = administered(request, clock.today())
    given = {"user": request.GET.get("user", ""), "from_on": clock.today()}
    form = OpenPostForm(request.POST or None, agencies=mine, initial=given)
    title, label = _("Open a post"), _("Open the post")

    def act(**values: Any) -> str:
        post = posts.open_post(by=person_of(request), at=clock.now(), **values)
        messages.success(request, _("The post is open: %(post)s.") % {"post": post})
        return reverse("agencies:person", args=[post.user_id])

    return form_page(request, form, act, title=title, button=label, back=reverse("agencies:people"))


def end_post(request: HttpRequest, pk: int) -> HttpResponse:
    mine = administered(request, clock.today())
    post = get_object_or_404(
        Post.objects.select_related("user", "agency").filter(agency__in=mine), pk=pk
    )
    form = LastDayForm(request.POST or None, initial={"to_on": post.to_on or clock.today()})
    back = reverse("agencies:person", args=[post.user_id])

    def act(**values: Any) -> str:
        ended = posts.end_post(post=post, by=person_of(request), at=clock.now(), **values)
        taken_back, ends = _("The post is taken back: %(post)s."), _("The post ends: %(post)s.")
        messages.success(request, (taken_back if ended.is_taken_back else ends) % {"post": post})
        return back

    title, label = _("End a post"), _("End the post")
    return form_page(request, form, act, title=title, about=str(post), button=label, back=back)


@require_POST
def deactivate(request: HttpRequest, pk: int) -> HttpResponse:
    done = _("The account is closed and every session of it has ended.")
    return _switch(request, pk, posts.deactivate, done)


@require_POST
def reactivate(request: HttpRequest, pk: int) -> HttpResponse:
    return _switch(request, pk, posts.reactivate, _("The account is open again."))


# -- Deputies ---------------------------------------------------------------------------------


def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    """Name who stands in for a post: by its holder, the head of the agency, an administrator."""
    me, today = person_of(request), clock.today()
    post = get_object_or_404(Post.objects.select_related("user", "agency"), pk=pk)
    if deputies.appointer(me, post, on=today) is None:
        raise Http404
    near = deputies.candidates_near(post.agency_id, today, today)
    form = AppointForm(
        request.POST or None, candidates=people_near(near, of=post), initial={"scope": "all"}
    )
    back = reverse("agencies:account")
    if post.user_id != me.pk:
        back = reverse("agencies:agency", args=[post.agency_id])

    def act(**values: Any) -> str:
        mandate = deputies.appoint_deputy(of=post, by=me, at=clock.now(), **values)
        words = {"person": mandate.deputy, "from": _day(mandate.from_on), "to": _day(mandate.to_on)}
        messages.success(request, _("%(person)s stands in from %(from)s to %(to)s.") % words)
        return back

    title, label = _("Name a deputy"), _("Name the deputy")
    return form_page(request, form, act, title=title, about=str(post), button=label, back=back)


def end_mandate(request: HttpRequest, pk: int) -> HttpResponse:
    """End a mandate early: by whoever may appoint, and by the deputy."""
    me, today = person_of(request), clock.today()
    mandate = get_object_or_404(
        Deputy.objects.select_related("of__user", "of__agency", "deputy"), pk=pk
    )
    if mandate.deputy_id != me.pk and deputies.appointer(me, mandate.of, on=today) is None:
        raise Http404
    form = LastDayForm(request.POST or None, initial={"to_on": today})
    back = reverse("agencies:account")
    if me.pk not in (mandate.deputy_id, mandate.of.user_id):
        above = mandate.of.agency_id in administered_by(me, on=today)
        back = reverse(
            "agencies:person" if above else "agencies:agency",
            args=[mandate.of.user_id if above else mandate.of.agency_id],
        )

    def act(**values: Any) -> str:
        ended = deputies.end_mandate(mandate=mandate, by=me, at=clock.now(), **values)
        ends = _("The mandate ends on %(day)s.") % {"day": _day(ended.to_on)}
        taken_back = _("The mandate is taken back.")
        messages.success(request, taken_back if ended.is_taken_back else ends)
        return back

    about = _("%(deputy)s for %(post)s") % {"deputy": mandate.deputy, "post": mandate.of}
    title, label = _("End a mandate"), _("End the mandate")
    return form_page(request, form, act, title=title, about=about, button=label, back=back)


# -- Shared -----------------------------------------------------------------------------------


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def _person_or_404(pk: int, agencies: set[int]) -> User:
    known: QuerySet[User] = User.objects.filter(
        pk__in=Post.objects.filter(agency__in=agencies).values("user")
    )
    return get_object_or_404(known, pk=pk)


def _switch(request: HttpRequest, pk: int, verb: Callable[..., User], done: str) -> HttpResponse:
    shown = _person_or_404(pk, administered(request, clock.today()))
    at_the_edge()
    try:
        verb(user=shown, by=person_of(request), at=clock.now())
    except Refused as refused:
        for reason in refused.reasons:
            messages.error(request, str(reason.message))
    else:
        messages.success(request, done)
    return redirect("agencies:person", pk=pk)
