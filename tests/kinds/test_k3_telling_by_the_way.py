"""K3: gaps, counts, next numbers and "already exists" tell nothing of papers one may not read."""

import pytest
from django.urls import reverse

from agencies.choices import Audience, Role
from documents.models import Dispatch, Register
from tests.documents.factories import at, client_of, issued, outside_paper, person, world

pytestmark = pytest.mark.django_db

SECRET = "Kếhoạchkiểmtrađộtxuất"


@pytest.fixture
def small():
    """Between two papers that every official of the province reads stands one for its office."""
    small = world()
    issued(small, subject="thứ nhất")
    hidden = issued(small, subject=SECRET, audience=Audience.OFFICE, moment=at(2, 10))
    issued(small, subject="thứ ba", moment=at(2, 11))
    small.hidden = hidden
    small.colleague = person("colleague", (small.province, Role.OFFICER))
    return small


def text(user, name: str, **values: str) -> str:
    answer = client_of(user).get(reverse(f"documents:{name}"), values)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_register_of_an_officer_counts_only_what_he_reads(small):
    office = client_of(small.clerk).get(reverse("documents:outgoing")).context["page"]
    officer = client_of(small.colleague).get(reverse("documents:outgoing")).context["page"]

    assert (office.paginator.count, officer.paginator.count) == (3, 2)
    assert SECRET in text(small.clerk, "outgoing")
    assert SECRET not in text(small.colleague, "outgoing")
    assert small.hidden.code not in text(small.colleague, "outgoing")
    assert small.hidden.code not in text(small.colleague, "outgoing_print")


def test_no_filter_of_the_register_finds_what_one_may_not_read(small):
    home = str(small.home)
    for values in (
        {"words": SECRET}, {"words": small.hidden.code}, {"words": "1503"},
        {"recipient": home, "words": "1503"}, {"status": "owing", "words": SECRET},
    ):  # fmt: skip
        seen = client_of(small.clerk).get(reverse("documents:outgoing"), values)
        hidden = client_of(small.colleague).get(reverse("documents:outgoing"), values)
        assert seen.context["page"].paginator.count == 1, values
        assert hidden.context["page"].paginator.count == 0, values


def test_the_number_that_comes_next_is_shown_to_the_clerk_alone(small):
    own = set(Register.objects.filter(agency=small.province))
    address = reverse("documents:registers")

    assert own & set(client_of(small.clerk).get(address).context["registers"])
    for user in (small.colleague, small.leader, small.home_clerk, small.stranger):
        assert not own & set(client_of(user).get(address).context["registers"])


def test_a_voided_number_is_for_the_office_and_its_reason_with_it(small):
    from documents import lifecycle  # noqa: PLC0415

    paper = small.numbered(subject="hủy")
    lifecycle.void_number(dispatch=paper, reason="Lýdohủysố", by=small.clerk, at=at(3))

    assert "Lýdohủysố" in text(small.clerk, "outgoing", status="voided")
    assert "Lýdohủysố" not in text(small.colleague, "outgoing", status="voided")


def test_that_a_paper_is_already_registered_is_told_to_its_readers_alone():
    small = world()
    outside_paper(small, code="77/BNV-VP")
    values = {"issuer": "Bộ Nội vụ", "type": small.type.pk, "code": "77/BNV-VP",
              "issued_on": "01/06/2016", "subject": "báo cáo", "urgency": "ordinary",
              "text": "Nội dung"}  # fmt: skip
    address = reverse("documents:register_outside")

    twin = client_of(small.home_clerk).post(address, values | {"agency": small.home.pk})
    blind = client_of(small.finance_clerk).post(address, values | {"agency": small.finance.pk})

    assert twin.status_code == 422
    assert blind.status_code == 302
    assert Dispatch.objects.filter(code="77/BNV-VP").count() == 2


def test_citing_a_paper_by_its_number_does_not_tell_whether_it_exists(small):
    from documents.choices import CitationKind  # noqa: PLC0415
    from documents.lifecycle.drafting import CitationDraft  # noqa: PLC0415

    open_one = Dispatch.objects.get(subject="thứ nhất")
    for target, kept in ((open_one, True), (small.hidden, False)):
        from documents import lifecycle  # noqa: PLC0415

        paper = lifecycle.draft(
            agency=small.province, type=small.type, by=small.colleague, at=at(3)
        )
        lifecycle.save_draft(
            dispatch=paper, by=small.colleague, at=at(3), seen_edits=0, values={}, text="",
            lines=[],
            citations=[CitationDraft(target.code, CitationKind.CITES, target=target.pk)],
        )  # fmt: skip
        assert (paper.citations.get().target_id == target.pk) is kept


def test_the_counts_of_the_tabs_and_of_the_list_are_of_what_one_reads():
    small = world()
    issued(small)
    address = reverse("documents:incoming")

    office = client_of(small.finance_clerk).get(address).context["tabs"]
    officer = client_of(small.finance_officer).get(address).context["tabs"]

    assert [tab["count"].number for tab in office][:2] == [1, 1]
    assert [tab["count"].number for tab in officer] == [0] * len(officer)


@pytest.mark.parametrize("name", ["dispatch", "draft", "track", "recall", "sign", "issue", "void"])
def test_a_paper_one_may_not_read_and_none_at_all_are_the_same_answer(small, name):
    browser = client_of(small.colleague)

    hidden = reverse(f"documents:{name}", args=[small.hidden.pk])
    none = reverse(f"documents:{name}", args=[987_654])
    there, nowhere = browser.get(hidden), browser.get(none)

    assert (there.status_code, nowhere.status_code) == (404, 404)
    # The whole address: its number alone may be that of something else on the page.
    same = there.content.replace(hidden.encode(), none.encode())
    assert _still(same) == _still(nowhere.content)


def _still(content: bytes) -> str:
    """Without what differs on each answer: the tokens of its forms."""
    import re  # noqa: PLC0415

    return re.sub(r'"[\w-]{40,}"', "", content.decode())
