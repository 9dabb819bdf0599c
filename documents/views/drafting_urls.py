"""From an empty page to issue."""

from django.urls import path

from documents.views import addressees, drafting, drafts, issuing, signing

urlpatterns = [
    path("di/soan/", drafting.compose, name="compose"),
    path("di/du-thao/", drafts.drafts, name="drafts"),
    path("di/noi-nhan/", addressees.addressees, name="addressees"),
    path("di/<int:pk>/soan/", drafting.draft, name="draft"),
    path("di/<int:pk>/tu-luu/", drafting.autosave, name="autosave"),
    path("di/<int:pk>/them-tep/", drafting.attach, name="attach"),
    path("di/<int:pk>/bo-tep/<int:attachment>/", drafting.detach, name="detach"),
    path("di/<int:pk>/trinh-ky/", drafting.submit, name="submit"),
    path("di/<int:pk>/rut/", drafting.discard, name="discard"),
    path("di/<int:pk>/thay-the/", drafts.replace, name="replace"),
    path("di/<int:pk>/ky/", signing.sign, name="sign"),
    path("di/<int:pk>/tra-lai/", signing.send_back, name="send_back"),
    path("di/<int:pk>/cap-so/", issuing.number, name="number"),
    path("di/<int:pk>/huy-so/", issuing.void, name="void"),
    path("di/<int:pk>/phat-hanh/", issuing.issue, name="issue"),
]
