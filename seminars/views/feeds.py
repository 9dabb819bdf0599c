"""Calendar feeds: the page of one's own, and the address that calendars fetch."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies import clock
from agencies.models import Agency
from seminars import access, feeds, lifecycle
from seminars.choices import FeedScope
from seminars.models import Feed
from seminars.views.shared import done


class FeedForm(forms.Form):
    scope = forms.ChoiceField(
        label=gettext_lazy("What it shows"), choices=FeedScope, widget=forms.RadioSelect
    )
    agency = forms.ModelChoiceField(
        Agency.objects.none(),
        label=gettext_lazy("Agency"),
        required=False,
        empty_label=gettext_lazy("Choose an agency"),
        help_text=gettext_lazy("For the feed of one agency."),
    )

    def __init__(self, *args: Any, agencies: set[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Agency.objects.filter(pk__in=agencies).order_by("sort_key", "pk")
        self.fields["agency"].queryset = own  # type: ignore[attr-defined]


@require_http_methods(["GET", "HEAD", "POST"])
def own_feeds(request: HttpRequest) -> HttpResponse:
    """List one's feeds and make one; its address is shown in this one answer and never again."""
    who = access.standing_of(request)
    form = FeedForm(
        request.POST or None, agencies=who.readers_of, initial={"scope": FeedScope.MINE}
    )
    made: list[lifecycle.NewFeed] = []
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        done(
            form,
            lambda: made.append(
                lifecycle.make_feed(
                    scope=values["scope"], agency=values["agency"], by=request.user,
                    at=clock.now(),
                )
            ),
        )  # fmt: skip
    address = ""
    if made:
        path = reverse("feed", args=[made[0].token])
        address = request.build_absolute_uri(path)
    rows = Feed.objects.living().filter(owner=who.user).select_related("agency")
    status = 422 if request.method == "POST" and not made else 200
    values = {"form": form, "rows": rows, "address": address}
    response = render(request, "seminars/feeds.html", values, status=status)
    if address:
        # Not `no-referrer`: browsers then send `Origin: null`, which the CSRF check refuses.
        response.headers["Referrer-Policy"] = "strict-origin"
    return response


@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own feeds."""
    feed = Feed.objects.filter(pk=pk, owner=request.user).first() if pk < 2**63 else None
    if feed is None:
        raise Http404
    done(None, lambda: lifecycle.revoke_feed(feed=feed, by=request.user, at=clock.now()))
    return redirect("seminars:feeds")


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Answer a calendar: with the rights of its owner now, or as if there were nothing."""
    row = feeds.feed_of(token)
    if row is None:
        # Not the page of the house, which says what was asked for: unknown, revoked and blocked
        # give the same bytes.
        return HttpResponse(status=404, content_type="text/plain")
    at = clock.now()
    who = access.standing(row.owner, at=at)
    mark = f'"{feeds.etag_of(row, who)}"'
    feeds.mark_fetched(row, at)
    if request.headers.get("If-None-Match") == mark:
        response = HttpResponse(status=304)
    else:
        address = request.build_absolute_uri(reverse("seminars:seminars"))
        body = feeds.written(row, who, name=_name(row), address=address)
        response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
        response.headers["Content-Disposition"] = 'inline; filename="hoi-thao.ics"'
    response.headers["ETag"] = mark
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _name(row: Feed) -> str:
    if row.agency is not None:
        return _("Seminars: %(agency)s") % {"agency": row.agency}
    return _("Seminars")
