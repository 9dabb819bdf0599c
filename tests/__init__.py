"""The tests; each folder mirrors an application. Only this folder needs an `__init__.py`."""
