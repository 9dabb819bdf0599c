"""Who exists: agencies, people, and one's own account."""

from django.urls import URLPattern, path

from agencies.views import accounts, people

app_name = "agencies"
urlpatterns: list[URLPattern] = [
    path("", people.directory, name="directory"),
    path("<int:pk>/", people.agency, name="agency"),
    path("<int:pk>/hop-thu/", people.mailbox, name="mailbox"),
    path("toi/", people.account, name="account"),
    path("nhan-su/", people.people, name="people"),
    path("nhan-su/mo-vi-tri/", people.open_post, name="open_post"),
    path("nhan-su/tai-khoan-moi/", accounts.create_account, name="create_account"),
    path("nhan-su/cap-lien-ket/", accounts.give_link, name="give_link"),
    path("nhan-su/<int:pk>/", people.person, name="person"),
    path("nhan-su/<int:pk>/khoa/", people.deactivate, name="deactivate"),
    path("nhan-su/<int:pk>/mo-lai/", people.reactivate, name="reactivate"),
    path("dat-mat-khau/<str:token>/", accounts.choose_password, name="choose_password"),
    path("vi-tri/<int:pk>/ket-thuc/", people.end_post, name="end_post"),
    path("vi-tri/<int:pk>/lam-thay/", people.appoint, name="appoint"),
    path("lam-thay/<int:pk>/ket-thuc/", people.end_mandate, name="end_mandate"),
]
