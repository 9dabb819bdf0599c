"""What is served, to whom, beside the pages: sign-in, pictures, shared forms, Wagtail's admin."""

import gc
import io
import warnings

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import NoReverseMatch, reverse
from PIL import Image as Raster
from wagtail.documents.models import Document
from wagtail.images.models import Image

from agencies import clock
from home.demo import load_pages
from home.editors import remove_web_editor
from home.models import NewsIndexPage, NewsPage
from tests.home.world import news

ADMIN = "/quan-tri/"


@pytest.fixture
def picture(db) -> Image:
    drawn = io.BytesIO()
    Raster.new("RGB", (20, 20), "red").save(drawn, "PNG")
    image = Image.objects.create(title="Ảnh", file=ContentFile(drawn.getvalue(), name="anh.png"))
    with warnings.catch_warnings():
        # Wagtail leaves the file in which it draws for the collector to close.
        warnings.simplefilter("ignore", ResourceWarning)
        image.get_rendition("max-10x10")
        gc.collect()
    return image


@pytest.fixture
def form(db) -> Document:
    return Document.objects.create(title="Mẫu", file=ContentFile(b"mau", name="mau.pdf"))


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_signed_in_person_gets_pages_pictures_and_forms(house, picture, form):
    client = signed_in(house.outsider)

    for url in (news().url, picture.get_rendition("max-10x10").url, form.url):
        response = client.get(url)
        assert response.status_code == 200
        assert "no-store" in response.headers["Cache-Control"]
        assert "public" not in response.headers["Cache-Control"]
        if response.streaming:
            b"".join(response.streaming_content)


def test_anonymous_is_led_to_sign_in_from_every_door(house, picture, form):
    urls = [
        "/",
        news().url,
        "/khong-co/",
        picture.get_rendition("max-10x10").url,
        form.url,
        ADMIN,
        f"{ADMIN}login/",
        f"{ADMIN}pages/",
        f"{ADMIN}pages/3/edit/",
    ]

    for url in urls:
        response = Client().get(url)
        assert response.status_code == 302, url
        assert response.url.startswith(reverse("account_login")), url


def test_the_admins_own_api_answers_anonymous_as_if_it_were_not_there(house):
    url = f"{ADMIN}api/main/pages/"
    assert signed_in(house.editor).get(url).status_code == 200

    assert Client().get(url).status_code == 404


def test_originals_and_forms_are_not_given_as_pictures(house, picture, form):
    client = signed_in(house.outsider)

    for name in (picture.file.name, form.file.name):
        assert client.get(f"/media/{name}").status_code == 404
        assert client.get(f"/media/images/../{name}").status_code in (400, 404)
        assert client.get(f"/media/images/%2e%2e/{name}").status_code in (400, 404)


@pytest.mark.parametrize(
    "name",
    [
        "wagtailcore_login",
        "wagtailcore_authenticate_with_password",
        "wagtaildocs_authenticate_with_password",
        "wagtailimages_serve",
        "wagtailembeds:chooser",
    ],
)
def test_doors_of_wagtail_that_the_house_does_without_have_no_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(name, args=[1] if "password" in name else [])


@pytest.mark.parametrize(
    "path", ["", "pages/", "api/main/pages/", "images/", "documents/", "choose-page/", "sprite/"]
)
def test_an_official_finds_no_admin(house, path):
    assert signed_in(house.editor).get(ADMIN + path, follow=True).status_code == 200

    assert signed_in(house.outsider).get(ADMIN + path).status_code == 404


def test_the_admin_says_nothing_to_an_official_by_its_messages(house):
    client = signed_in(house.outsider)

    client.get(ADMIN)

    assert "admin" not in client.get("/tin-tuc/").content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "users/", "users/new/", "groups/", "groups/new/", "workflows/list/", "failwhale/",
        "test404/", "password_reset/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("who", ["editor", "superuser"])
def test_people_and_rights_are_not_changed_in_the_admin(house, who, path):
    client = signed_in(getattr(house, who))
    assert client.get(ADMIN).status_code == 200

    assert client.get(ADMIN + path).status_code == 404


@pytest.mark.parametrize(
    ("path", "name"),
    [("login/", "account_login"), ("logout/", "account_logout"), ("account/", "agencies:account")],
)
def test_sign_in_and_account_are_those_of_the_house(house, path, name):
    response = signed_in(house.editor).get(ADMIN + path)

    assert response.status_code == 302
    assert response.url == reverse(name)


def test_posting_name_and_password_to_the_admin_signs_nobody_in(house):
    client = Client()

    client.post(f"{ADMIN}login/", {"username": house.editor.username, "password": "x" * 14})

    assert "_auth_user_id" not in client.session


def test_whoever_leaves_the_web_team_finds_no_admin(house):
    client = signed_in(house.editor)
    assert client.get(ADMIN).status_code == 200

    remove_web_editor(user=house.editor)

    assert client.get(ADMIN).status_code == 404


def test_the_command_puts_a_person_into_the_web_team_and_takes_him_out(house, capsys):
    call_command("web_editor", house.outsider.username)
    assert signed_in(house.outsider).get(ADMIN).status_code == 200

    call_command("web_editor", house.outsider.username, remove=True)
    assert signed_in(house.outsider).get(ADMIN).status_code == 404
    with pytest.raises(CommandError):
        call_command("web_editor", "khong-co")


def test_the_demonstration_has_its_pages_once(house):
    for _time in range(2):
        load_pages(at=clock.now(), password="mot-mat-khau-dai")

    assert NewsPage.objects.count() == 2
    assert NewsIndexPage.objects.get().get_children().count() == 2
    client = Client()
    assert client.login(username="bientap", password="mot-mat-khau-dai")
    assert client.get(ADMIN).status_code == 200
