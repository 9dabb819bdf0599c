"""Who exists: agencies, people, and one's own account."""

from django.urls import URLPattern, path

from agencies import views

app_name = "agencies"
urlpatterns: list[URLPattern] = [
    path("", views.directory, name="directory"),
    path("<int:pk>/", views.agency, name="agency"),
    path("toi/", views.account, name="account"),
    path("nhan-su/", views.people, name="people"),
    path("nhan-su/mo-vi-tri/", views.open_post, name="open_post"),
    path("nhan-su/<int:pk>/", views.person, name="person"),
    path("nhan-su/<int:pk>/khoa/", views.deactivate, name="deactivate"),
    path("nhan-su/<int:pk>/mo-lai/", views.reactivate, name="reactivate"),
    path("vi-tri/<int:pk>/ket-thuc/", views.end_post, name="end_post"),
    path("vi-tri/<int:pk>/lam-thay/", views.appoint, name="appoint"),
    path("lam-thay/<int:pk>/ket-thuc/", views.end_mandate, name="end_mandate"),
]
