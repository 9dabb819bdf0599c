"""Plan a seminar: words, time and places; then hold, schedule, move, postpone, cancel."""

from typing import Any

from django.contrib import messages
from django.forms import BaseFormSet, all_valid, formset_factory
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agencies import clock
from agencies.choices import DeputyScope, Role
from agencies.models import Agency
from documents.owed import acting_for
from seminars import access, lifecycle
from seminars.choices import Act, SeminarKind, SeminarState, Visibility
from seminars.forms.planning import PlaceForm, ReasonForm, TimeForm, WordsForm
from seminars.lifecycle import Place
from seminars.models import Room, Seminar
from seminars.views.shared import done, form_page, permitted, to_seminar

BOTH = ["GET", "HEAD", "POST"]
#: Rows for venues that the page offers beyond those that stand.
_SPARE = 1
_MOST_VENUES = 30

_Places = formset_factory(PlaceForm, extra=0, max_num=_MOST_VENUES, validate_max=True)


def planning_agencies(request: HttpRequest) -> list[Agency]:
    """Return the agencies for which the person may plan, in the order of his posts."""
    who = access.standing_of(request)
    roles = Role.office() | {Role.OFFICER}
    pks = acting_for(who, roles, DeputyScope.OUTGOING)
    return [held.agency for held in who.authorities if held.agency.pk in pks]


@require_http_methods(BOTH)
def draft(request: HttpRequest) -> HttpResponse:
    """Start planning: words, time and one place on one page; `?chuong-trinh=` names the programme."""
    at = clock.now()
    who = access.standing_of(request)
    agencies = planning_agencies(request)
    wanted = request.GET.get("chuong-trinh", "")
    programme = None
    if wanted:
        number = int(wanted) if wanted.isascii() and wanted.isdecimal() else 0
        programme = access.programme_or_404(who, number)
    if not agencies:
        raise Http404
    agency = programme.agency if programme else agencies[0]
    posted = request.POST if request.method == "POST" else None
    words = WordsForm(posted, initial=_first_words(programme))
    time = TimeForm(posted)
    places = _place_forms(posted, agency, initial=[{"host": agency.pk, "seats": 50}])
    if posted is not None and all_valid([words, time, places]):
        made: list[Seminar] = []
        started = done(
            words,
            lambda: made.append(
                lifecycle.draft(
                    agency=agency, details=words.details(), time=time.time(),
                    places=_typed(places), programme=programme, by=request.user, at=at,
                )
            ),
            words=(request, agency),
        )  # fmt: skip
        if started:
            messages.success(request, _("The plan is kept. Nothing is announced yet."))
            return to_seminar(made[0])
    values = {"words": words, "time": time, "places": places, "agency": agency,
              "programme": programme}  # fmt: skip
    status = 422 if posted is not None else 200
    return render(request, "seminars/draft.html", values, status=status)


def _first_words(programme: Any) -> dict[str, Any]:
    words = {"kind": SeminarKind.SEMINAR, "visibility": Visibility.INVITED}
    if programme is not None:
        words |= {"title": programme.title, "kind": programme.kind}
    return words


def _place_forms(
    posted: Any, agency: Agency, *, initial: list[dict[str, Any]]
) -> "BaseFormSet[PlaceForm]":
    today = clock.today()
    hosts = Agency.objects.live_on(today).order_by("sort_key", "pk")
    rooms = Room.objects.filter(active=True).select_related("agency")
    usable = rooms.filter(shared=True) | rooms.filter(agency=agency)
    return _Places(
        posted, initial=initial, prefix="places",
        form_kwargs={"hosts": hosts, "rooms": usable.order_by("name", "pk")},
    )  # fmt: skip


def _typed(places: "BaseFormSet[PlaceForm]") -> list[Place]:
    """Return the rows that were filled in: a spare row without room and place is no venue."""
    return [
        Place(
            host=values["host"], seats=values["seats"], room=values["room"],
            place=values["place"], name=values["name"], venue=values["venue"],
        )
        for values in (form.cleaned_data for form in places)
        if values and (values["room"] or values["place"].strip())
    ]  # fmt: skip


@require_http_methods(BOTH)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change words and people."""
    seminar = permitted(request, pk, Act.EDIT)
    form = WordsForm(request.POST or None, initial=WordsForm.of(seminar))
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["edits"]
        if done(
            form,
            lambda: lifecycle.edit(
                seminar=seminar, details=form.details(), edits=-1 if seen is None else seen,
                by=request.user, at=clock.now(),
            ),
            words=(request, seminar.agency),
        ):  # fmt: skip
            return to_seminar(seminar)
    return form_page(request, seminar, form, title=_("Words and people"), button=_("Keep"))


@require_http_methods(BOTH)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Set or change the time; the rooms follow."""
    seminar = permitted(request, pk, Act.MOVE)
    announced = seminar.state == SeminarState.INVITED
    form = TimeForm(
        request.POST or None, initial=TimeForm.of(seminar) | _chosen(request), with_reason=announced
    )
    if request.method == "POST" and form.is_valid() and done(
        form,
        lambda: lifecycle.move(
            seminar=seminar, time=form.time(), reason=form.cleaned_data.get("reason", ""),
            by=request.user, at=clock.now(),
        ),
    ):  # fmt: skip
        messages.success(request, _("The time is set, and the rooms follow it."))
        return to_seminar(seminar)
    return form_page(request, seminar, form, title=_("Time"), button=_("Set the time"))


def _chosen(request: HttpRequest) -> dict[str, str]:
    """Return the time that was chosen among suggestions; the form checks it like anything typed."""
    names = ("day", "from_time", "to_time", "half_day")
    return {name: request.GET[name] for name in names if name in request.GET}


@require_http_methods(BOTH)
def set_places(request: HttpRequest, pk: int) -> HttpResponse:
    """Say where, and how many seats there are."""
    seminar = permitted(request, pk, Act.SET_PLACES)
    standing = [
        {
            "venue": venue.pk, "name": venue.name, "host": venue.host_id, "room": venue.room_id,
            "place": venue.place, "seats": venue.seats,
        }
        for venue in seminar.venues.all()
    ]  # fmt: skip
    spare = [{"host": seminar.agency_id, "seats": 0}] * _SPARE
    posted = request.POST if request.method == "POST" else None
    places = _place_forms(posted, seminar.agency, initial=standing + spare)
    # What speaks against the whole stands above the rows.
    form = ReasonForm()
    if posted is not None and places.is_valid():
        form = _Above(posted)
        form.is_valid()
        if done(
            form,
            lambda: lifecycle.set_places(
                seminar=seminar, places=_typed(places), by=request.user, at=clock.now()
            ),
        ):
            messages.success(request, _("The places are kept."))
            return to_seminar(seminar)
    status = 422 if posted is not None else 200
    values = {"seminar": seminar, "places": places, "form": form if form.is_bound else None}
    return render(request, "seminars/places.html", values, status=status)


class _Above(ReasonForm):
    """A form without fields: it only carries what speaks against all rows together."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["reason"]


@require_POST
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Hold the date, and the rooms where there is an hour."""
    seminar = permitted(request, pk, Act.HOLD)
    done(None, lambda: lifecycle.hold(seminar=seminar, by=request.user, at=clock.now()))
    messages.success(request, _("The date is held."))
    return to_seminar(seminar)


@require_POST
def schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Fix time and place; refused while a finding stands against it."""
    seminar = permitted(request, pk, Act.SCHEDULE)
    done(None, lambda: lifecycle.schedule(seminar=seminar, by=request.user, at=clock.now()))
    messages.success(request, _("Scheduled: the rooms are booked."))
    return to_seminar(seminar)


@require_http_methods(BOTH)
def postpone(request: HttpRequest, pk: int) -> HttpResponse:
    """Put it off without a new day, with the reason."""
    return _with_reason(request, pk, Act.POSTPONE, lifecycle.postpone, _("Postpone"))


@require_http_methods(BOTH)
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Call it off for good, with the reason."""
    return _with_reason(request, pk, Act.CANCEL, lifecycle.cancel, _("Cancel the seminar"))


def _with_reason(request: HttpRequest, pk: int, act: Act, verb: Any, title: str) -> HttpResponse:
    seminar = permitted(request, pk, act)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if done(
            form,
            lambda: verb(seminar=seminar, reason=reason, by=request.user, at=clock.now()),
        ):
            return to_seminar(seminar)
    return form_page(request, seminar, form, title=title, button=title)


@require_http_methods(BOTH)
def let_stand(request: HttpRequest, pk: int) -> HttpResponse:
    """Let one finding stand, with a reason; the address names it."""
    seminar = permitted(request, pk, Act.OVERRIDE)
    code, about = request.GET.get("viec", ""), request.GET.get("ve", "")
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and done(
        form,
        lambda: lifecycle.let_stand(
            seminar=seminar, code=code, about=about, reason=form.cleaned_data["reason"],
            by=request.user, at=clock.now(),
        ),
    ):  # fmt: skip
        return redirect("seminars:seminar", pk=pk)
    return form_page(
        request, seminar, form, title=_("Let it stand"), button=_("Let it stand"),
        about=_("It is kept with your name and the reason."),
    )  # fmt: skip
