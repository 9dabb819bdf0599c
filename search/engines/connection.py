"""How the nodes of a search engine are reached."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Connection:
    """How the nodes are reached: an API key, or a user with a password, or neither."""

    hosts: tuple[str, ...]
    api_key: str | None = None
    user: str | None = None
    password: str | None = None
    #: Path of the certificate that signed the nodes' own.
    ca_certs: str | None = None
    #: Seconds; shorter than a worker's lease, so that a late write cannot follow a newer one.
    timeout: float = 10.0
    retries: int = 1
