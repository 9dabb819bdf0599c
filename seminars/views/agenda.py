"""The page on which the organiser writes the agenda."""

from django.contrib import messages
from django.forms import all_valid, formset_factory
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agencies import clock
from seminars import lifecycle
from seminars.choices import Act
from seminars.forms.agenda import MOST_LINES, EditsForm, LineForm, typed
from seminars.views.shared import done, permitted, to_seminar

#: Rows for lines that the page offers beyond those that stand.
_SPARE = 3

_Lines = formset_factory(LineForm, extra=0, max_num=MOST_LINES + _SPARE, validate_max=True)


@require_http_methods(["GET", "HEAD", "POST"])
def agenda(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the agenda: a row a line, in the order of their numbers."""
    seminar = permitted(request, pk, Act.SET_AGENDA)
    standing = [LineForm.of(item) for item in seminar.agenda.select_related("speaker")]
    spare = [{"order": len(standing) + each} for each in range(1, _SPARE + 1)]
    posted = request.POST if request.method == "POST" else None
    rows = _Lines(posted, initial=standing + spare, prefix="lines")
    form = EditsForm(posted, initial={"edits": seminar.edits})
    if posted is not None and all_valid([form, rows]):
        seen = form.cleaned_data["edits"]
        if done(
            form,
            lambda: lifecycle.set_agenda(
                seminar=seminar, lines=typed(rows), edits=-1 if seen is None else seen,
                by=request.user, at=clock.now(),
            ),
            words=(request, seminar.agency),
        ):  # fmt: skip
            messages.success(request, _("The agenda is kept."))
            return to_seminar(seminar)
    values = {"seminar": seminar, "rows": rows, "form": form}
    status = 422 if posted is not None else 200
    return render(request, "seminars/agenda.html", values, status=status)
