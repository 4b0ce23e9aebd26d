"""A sealed file as readers want it: opened piece by piece, in memory only."""

import io
from collections.abc import Callable
from functools import lru_cache

KEPT = 8  # pieces open at once: a reader goes forward, an archive's also to its end
PIECE = 2**20 - 1  # bytes; sealing adds one and fills up to a bucket, here to none


class Unreached(Exception):  # noqa: N818 -- the file is well, and is read later
    """A piece of the file could not be fetched.

    It is no `OSError`: those the readers of files take for damage of the file.
    """


class SealedFile(io.RawIOBase):
    """Reads by number the pieces that it needs; nothing of it ever lies on a disk."""

    def __init__(self, size: int, piece: Callable[[int], bytes]) -> None:
        super().__init__()
        self._size = size
        self._at = 0
        self._piece = lru_cache(KEPT)(piece)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}
        self._at = max(0, start[whence] + offset)
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._at >= self._size:
            return 0
        number, within = divmod(self._at, PIECE)
        found = self._piece(number)[within : within + len(buffer)]
        buffer[: len(found)] = found
        self._at += len(found)
        return len(found)

    def buffered(self) -> io.BufferedReader:
        return io.BufferedReader(self, PIECE)
