"""What the sender may still do to an issued paper: recall, add files, send further, let read."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agencies import clock
from agencies.models import Agency, DistributionList
from documents import access, files, following, lifecycle, secrecy, storage, uploads
from documents.choices import Action, FileRole, LineRole, Tone
from documents.forms.following import GrantForm, RecallForm, SendFurtherForm, UpdateForm
from documents.forms.reasons import show_reasons
from documents.models import Dispatch
from documents.models.circulation import LIVE
from documents.refusals import Incomplete


def _permitted(request: HttpRequest, pk: int, action: Action) -> Dispatch:
    """Return the dispatch; 404 to a stranger, a refusal to a reader without the right."""
    who = access.standing_of(request)
    dispatch = access.get_or_404(who, pk)
    access.require(who, action, dispatch)
    return dispatch


def _page(
    request: HttpRequest, template: str, dispatch: Dispatch, form: Any, **more: Any
) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, template, {"dispatch": dispatch, "form": form, **more}, status=status)


def recall(request: HttpRequest, pk: int) -> HttpResponse:
    """Recall from everybody, or from the recipients chosen."""
    dispatch = _permitted(request, pk, Action.RECALL)
    held = following.recipients_of(dispatch).filter(LIVE).select_related("agency")
    form = RecallForm(request.POST or None, circulations=held.order_by("agency__sort_key", "pk"))
    if form.is_bound and form.is_valid():
        only = [row.pk for row in form.cleaned_data["only"]]
        try:
            lifecycle.recall(
                dispatch=dispatch,
                reason=form.cleaned_data["reason"],
                only=only or None,
                by=request.user,  # type: ignore[arg-type]
                at=clock.now(),
            )
        except Incomplete as refused:
            show_reasons(form, refused)
        else:
            messages.success(request, _("The recall is under way: see where it stands below."))
            return redirect("documents:track", pk=pk)
    taken = held.exclude(received_at__isnull=True).count()
    return _page(
        request,
        "documents/recall.html",
        dispatch,
        form,
        title=_("Recall"),
        button=_("Recall the paper"),
        at_once=held.count() - taken,
        asked=taken,
    )


def update(request: HttpRequest, pk: int) -> HttpResponse:
    """Add forgotten files as a new version; nothing is removed and everybody is told."""
    dispatch = _permitted(request, pk, Action.UPDATE)
    form = UpdateForm(request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        try:
            facts = [
                uploads.take_in(each, inside=True, role=FileRole.ANNEX)
                for each in form.cleaned_data["files"]
            ]
            lifecycle.update(
                dispatch=dispatch,
                files=facts,
                reason=form.cleaned_data["reason"],
                by=request.user,  # type: ignore[arg-type]
                at=clock.now(),
            )
        except (files.FileRefused, storage.NoRoom) as refused:
            form.add_error("files", str(refused))
        except secrecy.SecretPaper as secret:
            lifecycle.record_refused_secret(
                agency=dispatch.registering_agency,
                by=request.user,  # type: ignore[arg-type]
                at=clock.now(),
            )
            form.add_error("files", str(secret))
        except Incomplete as incomplete:
            show_reasons(form, incomplete)
        else:
            messages.success(request, _("The files were added and every recipient is told."))
            return redirect("documents:dispatch", pk=pk)
    return _page(
        request,
        "documents/update.html",
        dispatch,
        form,
        title=_("Add forgotten files"),
        button=_("Add the files"),
    )


def circulate(request: HttpRequest, pk: int) -> HttpResponse:
    """Send an issued paper, or one from outside, to further agencies."""
    dispatch = _permitted(request, pk, Action.CIRCULATE)
    on = clock.today()
    form = SendFurtherForm(
        request.POST or None,
        agencies=Agency.objects.live_on(on)
        .exclude(pk=dispatch.registering_agency_id)
        .order_by("sort_key", "pk"),
        lists=DistributionList.objects.live_on(on)
        .filter(owner=dispatch.registering_agency_id)
        .order_by("name"),
    )
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        try:
            sent = lifecycle.circulate(
                dispatch=dispatch,
                agencies=[each.pk for each in values["agencies"]],
                lists=[each.pk for each in values["lists"]],
                role=LineRole(values["role"]),
                tone=Tone(values["tone"]),
                by=request.user,  # type: ignore[arg-type]
                at=clock.now(),
            )
        except Incomplete as refused:
            show_reasons(form, refused)
        else:
            messages.success(request, _("Sent to %(n)s more.") % {"n": len(sent)})
            return redirect("documents:track", pk=pk)
    return _page(
        request,
        "documents/circulate.html",
        dispatch,
        form,
        title=_("Send to further agencies"),
        button=_("Send"),
    )


def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a person or an agency outside the recipients read, with a cause and an end."""
    dispatch = _permitted(request, pk, Action.GRANT)
    agencies = Agency.objects.live_on(clock.today()).order_by("sort_key", "pk")
    form = GrantForm(request.POST or None, agencies=agencies)
    if form.is_bound and form.is_valid():
        try:
            _grant(dispatch, form.cleaned_data, request)
        except Incomplete as refused:
            show_reasons(form, refused)
        else:
            messages.success(request, _("They may read it from now on."))
            return redirect("documents:dispatch", pk=pk)
    return _page(
        request,
        "documents/grant.html",
        dispatch,
        form,
        title=_("Let somebody else read"),
        button=_("Let them read"),
        grants=dispatch.grants.select_related("user").order_by("pk"),
        agency_grants=dispatch.agency_grants.select_related("agency").order_by("pk"),
    )


def _grant(dispatch: Dispatch, values: dict[str, Any], request: HttpRequest) -> None:
    shared = {
        "dispatch": dispatch,
        "cause": values["cause"],
        "to_on": values["to_on"],
        "by": request.user,
        "at": clock.now(),
    }
    if values.get("user"):
        lifecycle.grant_person(person=values["user"], **shared)
    else:
        lifecycle.grant_agency(agency=values["agency"], **shared)


@require_POST
def withdraw_exception(request: HttpRequest, pk: int) -> HttpResponse:
    """End the exception that the button names: `person=12` or `agency=3`."""
    dispatch = _permitted(request, pk, Action.GRANT)
    given = _named(dispatch.grants, request.POST.get("person", "")) or _named(
        dispatch.agency_grants, request.POST.get("agency", "")
    )
    if given is None:
        raise Http404
    lifecycle.withdraw_exception(given=given, by=request.user, at=clock.now())  # type: ignore[arg-type]
    messages.success(request, _("They may not read it any more."))
    return redirect("documents:grant", pk=pk)


def _named(given: Any, number: str) -> Any:
    known = number.isascii() and number.isdecimal() and len(number) < 19
    return given.filter(pk=number).first() if known else None
