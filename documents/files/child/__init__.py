"""What runs in the limited child: everything that looks inside an uploaded file.

A PDF of 2.9 KB aborts its parser under a memory limit; so no parser runs in the web process.
Nothing here imports models, settings or words for people: findings leave as codes.
"""
