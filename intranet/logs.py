"""What no log may hold: addresses whose last part opens something."""

import logging
import re

#: A password is chosen there, a calendar fetched, an invitation answered.
_SECRET = re.compile(r"(/(?:dat-mat-khau|lich/ics|hoi-thao/tra-loi)/)[^\s/]+")


class NoSecretAddresses(logging.Filter):
    """Cut the secret out of what is about to be written: a refused form is logged by its address."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        cut = _SECRET.sub(r"\1…", text)
        if cut != text:
            record.msg, record.args = cut, ()
        return True
