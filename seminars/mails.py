"""The mail to an agency that is invited: words, the same as a page, and the event for calendars.

Like the letter it is Vietnamese whatever the language of a page. It says what the letter says to
everybody, and no more: no delegate, no paper, no reason that somebody typed (security T11). Mail
crosses other machines, so whoever wants more signs in.
"""

from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from datetime import datetime
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from agencies import clock
from seminars import feeds, letters, links, places
from seminars.choices import Act, Answer, InvitationRole
from seminars.ical import Answer as Partstat
from seminars.ical import Attendee, Method, Organiser, Role, Status, calendar
from seminars.models import Invitation, Seminar, SeminarMail

_ROLE = {
    InvitationRole.REQUIRED: Role.REQUIRED,
    InvitationRole.OPTIONAL: Role.OPTIONAL,
    InvitationRole.INFORMED: Role.INFORMED,
}
_PARTSTAT = {
    Answer.NONE: Partstat.NONE,
    Answer.ACCEPTED: Partstat.ACCEPTED,
    Answer.DECLINED: Partstat.DECLINED,
}
_CALLED_OFF = {Act.POSTPONE: "Hoãn", Act.CANCEL: "Hủy"}
#: Words and addresses below the facts, by what stands before the address.
_ANSWER = "Trả lời có dự hay không (không cần đăng nhập; mở ra xem chưa phải là trả lời)"
_SIGN_IN = "Cử đại biểu và xem nội dung (đăng nhập)"
_END = (
    "Thư do hệ thống Kính gửi gửi tự động. Trả lời bằng nút của chương trình thư không được ghi "
    "nhận. Ai có thư này đều trả lời thay cơ quan được: đừng chuyển tiếp ra ngoài."
)


def message_of(mail: SeminarMail) -> EmailMultiAlternatives:
    """Write the mail as things stand (five queries). The same rows give the same mail."""
    rows = Invitation.objects.select_related(
        "agency", "venue__room", "letter", "seminar__agency", "seminar__chair"
    )
    invitation = rows.get(pk=mail.invitation_id)
    seminar = invitation.seminar
    facts = list(_facts(mail, invitation))
    addresses = list(_links(mail))
    opening = _opening(mail, invitation)
    greeting = f"Kính gửi: {invitation.agency}"
    text = "\n".join([
        greeting, "", opening, "",
        *(f"{label}: {value}" for label, value in facts), "",
        *(f"{label}:\n{url}\n" for label, url in addresses), _END, "",
    ])  # fmt: skip
    html = format_html(
        '<!DOCTYPE html><html lang="vi"><body><p><b>{}</b></p><p>{}</p><ul>{}</ul>{}'
        "<p><small>{}</small></p></body></html>",
        greeting,
        opening,
        format_html_join("", "<li>{}: <b>{}</b></li>", facts),
        format_html_join("", '<p><a href="{1}">{0}</a></p>', addresses),
        _END,
    )
    own = seminar.agency.mailbox
    message = EmailMultiAlternatives(
        _line(_subject(mail, invitation)),
        text,
        formataddr((_line(str(seminar.agency)), parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
        [mail.address],
        reply_to=[own] if own else None,
        headers={"Message-ID": message_id(mail, seminar), "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(html, "text/html")
    if mail.method:
        message.attach_alternative(
            _calendar(mail, invitation).decode(), f"text/calendar; method={mail.method}"
        )
    return message


def message_id(mail: SeminarMail, seminar: Seminar) -> str:
    """Return what tells this mail from every other, and is the same when it is sent once more."""
    return f"<{seminar.uid}.{mail.invitation_id}.{mail.event_id}@kinh-gui>"


# -- Words ------------------------------------------------------------------------------------


def _subject(mail: SeminarMail, invitation: Invitation) -> str:
    seminar = invitation.seminar
    called_off = _CALLED_OFF.get(Act(mail.event.act))
    if called_off:
        return f"{called_off}: {seminar.title} ({seminar.agency})"
    until = f"; trả lời trước {_short(mail.answer_by)}" if mail.answer_by else ""
    changed = "" if mail.event.act == Act.INVITE else "Thay đổi, "
    return f"{changed}{_letter(invitation)} của {seminar.agency}: {seminar.title}{until}"


def _opening(mail: SeminarMail, invitation: Invitation) -> str:
    seminar = invitation.seminar
    held = f"{letters.kind_word(seminar)} “{seminar.title}”"
    called_off = _CALLED_OFF.get(Act(mail.event.act))
    if called_off == "Hoãn":
        return f"{seminar.agency} hoãn {held}. Thời gian mới sẽ được mời lại."
    if called_off:
        return f"{seminar.agency} hủy {held}."
    again = "" if mail.event.act == Act.INVITE else ", với thời gian, địa điểm mới như sau"
    return (
        f"{seminar.agency} trân trọng kính mời quý cơ quan cử đại biểu dự {held} theo "
        f"{_letter(invitation)}{again}."
    )


def _facts(mail: SeminarMail, invitation: Invitation) -> Iterator[tuple[str, str]]:
    seminar = invitation.seminar
    if mail.event.act in _CALLED_OFF:
        yield "Theo", _letter(invitation)
        return
    yield "Thời gian", letters.when(seminar)
    yield "Địa điểm", places.where(invitation.venue)
    yield "Chủ trì", letters.chaired_by(seminar)
    yield "Số đại biểu", f"{invitation.quota:02}"
    if mail.answer_by:
        yield "Trả lời trước", letters.moment(mail.answer_by)


def _letter(invitation: Invitation) -> str:
    code = invitation.letter.code if invitation.letter else None
    return f"Giấy mời số {code}" if code else "Giấy mời"


def _links(mail: SeminarMail) -> Iterator[tuple[str, str]]:
    if mail.method == Method.REQUEST:
        yield _ANSWER, _address("answer_by_link", links.token_of(mail.pk))
    yield _SIGN_IN, _address("seminar", mail.invitation.seminar_id)


def _address(name: str, *args: object) -> str:
    return str(settings.PUBLIC_ADDRESS).rstrip("/") + reverse(f"seminars:{name}", args=args)


def _short(at: datetime) -> str:
    return f"{at.astimezone(clock.VIETNAM):%H:%M %d/%m/%Y}"


def _line(text: str) -> str:
    """One line: a line break in a header would begin another header."""
    return " ".join(text.split())


# -- The event --------------------------------------------------------------------------------


def _calendar(mail: SeminarMail, invitation: Invitation) -> bytes:
    """Write the event as it is to stand in calendars.

    No answer is asked for by the mail program (RSVP=FALSE): nobody here would read it.
    """
    shown = copy(invitation.seminar)
    shown.start5, shown.end5 = mail.start5, mail.end5
    organiser = shown.agency.mailbox or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    event = replace(
        feeds.event_of(shown, address=_address("seminars")),
        sequence=mail.sequence,
        organiser=Organiser(str(shown.agency), organiser),
        attendees=(
            Attendee(
                str(invitation.agency), mail.address, _ROLE[InvitationRole(invitation.role)],
                _PARTSTAT[Answer(invitation.answer)], rsvp=False,
            ),
        ),
    )  # fmt: skip
    if mail.method == Method.CANCEL:
        event = replace(event, status=Status.CANCELLED)
    return calendar([event], method=Method(mail.method))
