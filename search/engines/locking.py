"""A lock between processes that dies with its holder."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path, *, patience: float) -> Iterator[bool]:
    """Hold a lock between processes; False when it was not to be had in so many seconds."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o640)
    try:
        until = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= until:
                    yield False
                    return
                time.sleep(0.02)
            else:
                break
        yield True
    finally:
        os.close(descriptor)
