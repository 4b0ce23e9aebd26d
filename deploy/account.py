"""Under whom the embedded server runs: as ourselves, or as `nobody` where we are root.

A clone may lie below a folder that only root may pass (`/root`, a CI's workspace). Then
the server keeps one capability, to pass and read, and none to write or to do more.
"""

import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Callable
from pathlib import Path

ACCOUNT = "nobody"  # PostgreSQL refuses to run as root
PASSING = 2  # CAP_DAC_READ_SEARCH
NEEDED = 1 << PASSING | 1 << 8  # and CAP_SETPCAP, which is given up at once
PR_SET_PDEATHSIG = 1
PR_GET_SECUREBITS, PR_SET_SECUREBITS = 27, 28
NO_SETUID_FIXUP = 1 << 2  # a secure bit
PR_CAP_AMBIENT = 47
PR_CAP_AMBIENT_RAISE = 2
CAPABILITIES = 0x20080522  # the version of the kernel's interface: two words per set

Wish = Callable[[], None]


class NoPassage(Exception):  # noqa: N818 -- reads as the sentence it is
    """The server's account may not pass a folder on the way to what it needs."""


def account() -> tuple[int, int]:
    """Give the user and group under which the server runs and owns its data."""
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    nobody = pwd.getpwnam(ACCOUNT)
    return nobody.pw_uid, nobody.pw_gid


def becoming(*needed: Path) -> Wish:
    """Say how a child becomes the server's account; it does so before it executes.

    `needed` is what the account must reach.
    """
    if os.geteuid() != 0:
        return _nothing
    user, group = account()
    keeping = _keeping(*needed)
    libc = ctypes.CDLL(None, use_errno=True)

    def become() -> None:
        if keeping:
            # PR_SET_KEEPCAPS would not do: access(2), by which PostgreSQL looks for
            # itself, leaves capabilities out for anybody but root unless this is set.
            bits = libc.prctl(PR_GET_SECUREBITS, 0, 0, 0, 0) | NO_SETUID_FIXUP
            _check(libc.prctl(PR_SET_SECUREBITS, bits, 0, 0, 0))
        os.setgroups([])
        os.setgid(group)
        os.setuid(user)
        if keeping:
            hold_only(1 << PASSING)
            _check(libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, PASSING, 0, 0))

    return become


def _nothing() -> None:
    """Nothing changes for a child of an ordinary user."""


def _keeping(*needed: Path) -> bool:
    """Whether the capability is needed; where it is and we lack it, say what to do."""
    closed = [(path, parent) for path in needed if (parent := closed_above(path))]
    if closed and permitted() & NEEDED != NEEDED:
        path, parent = closed[0]
        sentence = (
            f"As root the database runs as the user {ACCOUNT}, who may not pass"
            f" {parent} on the way to {path}; allow it (chmod o+x) or move."
        )
        raise NoPassage(sentence)
    return bool(closed)


def closed_above(path: Path) -> Path | None:
    """Find the first folder on the way that the account may not pass."""
    for parent in reversed(path.resolve().parents):
        status = parent.stat()
        needed = 0o100 if status.st_uid == account()[0] else 0o001
        if not status.st_mode & needed:
            return parent
    return None


def permitted() -> int:
    """Give this process's capabilities, as far as it may use them, as a mask."""
    if sys.platform != "linux":
        return 0
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    shown = dict(line.split(":", 1) for line in lines if ":" in line)
    return int(shown["CapPrm"], 16)


def hold_only(capabilities: int) -> None:
    """Give up every other capability of this process, for good."""
    words = [capabilities & 0xFFFFFFFF, capabilities >> 32]
    header = (ctypes.c_uint32 * 2)(CAPABILITIES, 0)
    sets = (ctypes.c_uint32 * 6)(*[words[0]] * 3, *[words[1]] * 3)
    libc = ctypes.CDLL(None, use_errno=True)
    _check(libc.capset(ctypes.byref(header), ctypes.byref(sets)))


def _check(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), "a capability was not granted")


def dying_with(parent: int, sent: signal.Signals) -> Wish:
    """Let the kernel end a child when its parent dies, however it dies; Linux only.

    To be called in the child, after it has changed its user, which would undo it.
    """
    if sys.platform != "linux":
        return _nothing
    libc = ctypes.CDLL(None)

    def follow() -> None:
        if sent != signal.SIGKILL:
            signal.signal(sent, signal.SIG_DFL)  # `command &` ignores some
        libc.prctl(PR_SET_PDEATHSIG, sent)
        if os.getppid() != parent:  # it died before the kernel knew of our wish
            os._exit(1)

    return follow
