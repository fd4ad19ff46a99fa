"""What opens a room: the code on the wall, the facilitator's key, and the seats' tokens.

Code and key are worked out from a secret file that lies beside the database, so that a restart
keeps both and the database holds neither.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from .store import StoreError

LETTERS = "BCDFGHJKMNPRTVWX"  # no vowels, so no words; nothing that looks like another
CODE = 6  # letters: some 17 million codes


class Door:
    """The code (six letters), key and pass of one room. ``pass_``: the facilitator's cookie."""

    def __init__(self, secret: bytes, room: str):
        def derived(what: str) -> bytes:
            return hmac.new(secret, f"{what} {room}".encode(), hashlib.sha256).digest()

        self.code = "".join(LETTERS[byte % len(LETTERS)] for byte in derived("code")[:CODE])
        self.key = derived("key").hex()
        self.pass_ = derived("pass").hex()

    def opens(self, code: object) -> bool:
        """Whether this is the code; small letters and spaces do not matter."""
        return _same("".join(code.split()).upper() if type(code) is str else "", self.code)

    def leads(self, key: object) -> bool:
        """Whether this is the facilitator's key."""
        return _same(key if type(key) is str else "", self.key)

    def is_facilitator(self, cookie: str | None) -> bool:
        """Whether a cookie is the facilitator's."""
        return _same(cookie or "", self.pass_)


def new_token() -> str:
    """A seat's token: 256 bits of chance."""
    return secrets.token_urlsafe(32)


def hashed(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def secret_of(path: Path) -> bytes:
    """The secret in a file that only its owner may read; made where it is missing.

    StoreError where it cannot be read or written, or is damaged.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            secret = path.read_bytes()
        else:
            secret = secrets.token_hex(32).encode()
            with os.fdopen(file, "wb") as out:
                out.write(secret)
                out.flush()
                os.fsync(out.fileno())
    except OSError as error:
        raise StoreError(
            f"The room's secret cannot be kept in “{path}”. Give another place with --database."
        ) from error
    if len(secret) != 64:
        raise StoreError(f"“{path}” is damaged. Delete it; the room then gets a new code.")
    return secret


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), right.encode())
