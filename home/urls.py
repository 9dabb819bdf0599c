"""The web team's admin, shared forms, pictures and pages. Comes last: pages take any address.

Left out on purpose: Wagtail's API, its signed image addresses, its password-protected pages and
its own sign-in, which would let a person in without the second factor.
"""

from django.urls import URLPattern, URLResolver, include, path, re_path
from wagtail.admin import urls as admin_urls
from wagtail.documents.views.serve import serve as serve_form
from wagtail.urls import serve_pattern
from wagtail.utils.urlpatterns import decorate_urlpatterns
from wagtail.views import serve as serve_page

from home import views

#: First words of admin addresses that answer 404 to everybody, superusers included.
CLOSED = ("users", "groups", "sites", "workflows", "failwhale", "test404", "password_reset")

#: Wagtail's list of pages links to these for a superuser, whether or not its app is installed.
sites = ([path("sites/", views.closed, name="index"), path("sites/new/", views.closed, name="add")],
         "wagtailsites")  # fmt: skip

replaced: list[URLPattern | URLResolver] = [
    path("", include(sites)),
    path("login/", views.own_screen, {"name": "account_login"}, name="admin_in"),
    path("logout/", views.own_screen, {"name": "account_logout"}, name="admin_out"),
    path("account/", views.own_screen, {"name": "agencies:account"}, name="admin_account"),
    re_path(rf"^(?:{'|'.join(CLOSED)})(?:/.*)?$", views.closed, name="admin_closed"),
]

urlpatterns = [
    path("quan-tri/", include(replaced)),
    path(
        "quan-tri/",
        include(decorate_urlpatterns(admin_urls.urlpatterns, views.web_team_only)),
    ),
    re_path(r"^bieu-mau/(\d+)/([^/]+)$", serve_form, name="wagtaildocs_serve"),
    path("media/images/<path:path>", views.picture, name="picture"),
    re_path(serve_pattern, serve_page, name="wagtail_serve"),
]
