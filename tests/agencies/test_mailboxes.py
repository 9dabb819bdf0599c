"""The mailbox of an agency's clerks: entered by its administrators or by a table."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from agencies.loading import Loaded, load
from agencies.mailboxes import is_mailbox, set_mailbox
from agencies.models import Agency
from agencies.refusals import Refused
from agencies.sheet import COLUMNS
from tests.agencies.world import AT, Province, ledger, refused

HEADER = ",".join((*COLUMNS, "mailbox"))
LINE = "P.9,department,Sở Y tế tỉnh,Sở Y tế,SYT,,,,,01/01/2016,,,,{mailbox}"


def table(mailbox: str) -> bytes:
    return "\r\n".join((HEADER, LINE.format(mailbox=mailbox))).encode()


@pytest.mark.parametrize(
    "text",
    [
        "", "vanthu", "vanthu@", "@snv.example", "a@b@c.example", "văn.thư@snv.example",
        "vanthu@sở.example", "vanthu@snv.example\r\nBcc: x@y.example", "vanthu@snv.example\n",
        "van thu@snv.example", '"van thu"@snv.example', "a@snv.example, b@snv.example",
        "x" * 250 + "@a.example",
    ],
)  # fmt: skip
def test_no_mailbox(text: str) -> None:
    assert not is_mailbox(text)


def test_an_administrator_enters_changes_and_removes_it(province: Province) -> None:
    for mailbox in ("vanthu@snv.example", "moi@snv.example", ""):
        set_mailbox(agency=province.a, mailbox=f" {mailbox} ", by=province.a_admin, at=AT)
        assert Agency.objects.get(pk=province.a.pk).mailbox == mailbox
    assert ledger().count("agency.mailbox_entered") == 3


def test_the_same_again_changes_nothing(province: Province) -> None:
    set_mailbox(agency=province.a, mailbox="vanthu@snv.example", by=None, at=AT)
    before = ledger()

    set_mailbox(agency=province.a, mailbox="vanthu@snv.example", by=None, at=AT)
    assert ledger() == before


def test_a_line_break_and_a_stranger_are_refused(province: Province) -> None:
    with refused("mailbox"):
        set_mailbox(agency=province.a, mailbox="a@b.example\r\nBcc: x@y.z", by=None, at=AT)
    for stranger in (province.a_head, province.a_clerk, province.b_clerk):
        with refused("permission"):
            set_mailbox(agency=province.a, mailbox="a@b.example", by=stranger, at=AT)
    with refused("permission"):
        set_mailbox(agency=province.b, mailbox="a@b.example", by=province.a_admin, at=AT)


@pytest.mark.parametrize("text", ["a@b.example\n", "a@b.example\rx", "nowhere"])
def test_the_database_takes_one_line_alone(province: Province, text: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Agency.objects.filter(pk=province.a.pk).update(mailbox=text)


def test_the_screen_is_for_those_who_administer_it(province: Province, client: Client) -> None:
    form = reverse("agencies:mailbox", args=[province.a.pk])
    page = reverse("agencies:agency", args=[province.a.pk])
    client.force_login(province.a_clerk)
    assert client.get(form).status_code == 403
    assert form not in client.get(page).content.decode()
    client.force_login(province.a_admin)
    assert client.get(reverse("agencies:mailbox", args=[province.b.pk])).status_code == 404
    assert form in client.get(page).content.decode()

    wrong = client.post(form, {"mailbox": "văn thư@snv.example"})
    assert wrong.status_code == 422
    assert "văn thư@snv.example" in wrong.content.decode()
    assert client.post(form, {"mailbox": "vanthu@snv.example"}).status_code == 302
    assert "vanthu@snv.example" in client.get(page).content.decode()
    client.force_login(province.a_clerk)
    assert "vanthu@snv.example" not in client.get(page).content.decode()


@pytest.mark.django_db
def test_a_table_enters_a_mailbox_where_none_is_known_and_twice_is_once() -> None:
    assert load(table(""), at=AT) == Loaded(agencies=1)
    assert load(table("vanthu@syt.example"), at=AT) == Loaded(unchanged=1, mailboxes=1)
    assert Agency.objects.get().mailbox == "vanthu@syt.example"
    again = load(table("vanthu@syt.example"), at=AT)

    assert again.nothing_new
    assert load(table(""), at=AT).nothing_new
    assert Agency.objects.get().mailbox == "vanthu@syt.example"


@pytest.mark.django_db
@pytest.mark.parametrize("mailbox", ["khac@syt.example", "vanthu"])
def test_a_table_writes_over_no_mailbox_and_brings_no_wrong_one(mailbox: str) -> None:
    load(table("vanthu@syt.example"), at=AT)

    with pytest.raises(Refused) as caught:
        load(table(mailbox), at=AT)
    assert [reason.code for reason in caught.value.reasons] == ["mailbox"]
    assert Agency.objects.get().mailbox == "vanthu@syt.example"
