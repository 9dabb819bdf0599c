"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2id(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane.

    The default of 100 MiB costs 270 ms of processor time: seven sign-ins a second and no more.
    """

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1
