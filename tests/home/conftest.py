"""The fixtures of the home app's tests."""

import pytest

from agencies.models import User
from home.editors import add_web_editor
from tests.home.world import CODE, SUBJECT, House, agency, circulate, dispatch, person


@pytest.fixture
def house(db) -> House:
    issuer, recipient, other = agency("UBND tỉnh"), agency("Sở Nội vụ"), agency("Sở Y tế")
    issuing_clerk = person("van-thu-tinh", issuer)
    paper = dispatch(issuer, issuing_clerk, code=CODE, subject=SUBJECT)
    circulate(paper, recipient)
    editor = person("bien-tap", other)
    add_web_editor(user=editor)
    superuser = User.objects.create_superuser("quan-tri", password="x" * 14)
    return House(
        issuer=issuer,
        recipient=recipient,
        paper=paper,
        reader=person("nguoi-nhan", recipient),
        outsider=person("nguoi-ngoai", other),
        editor=editor,
        superuser=superuser,
    )
