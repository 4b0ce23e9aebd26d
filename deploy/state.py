"""The one folder of everything a local installation keeps: held by one launcher.

`python -m deploy.state reset` removes it, unless a launcher is at work in it. It stands
on the standard library alone, so that it works without the environment.
"""

import fcntl
import os
import shutil
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class StateHeld(Exception):  # noqa: N818 -- reads as the sentence it is
    """Another launcher is at work in this folder of state."""


@dataclass(frozen=True)
class State:
    """Where things are in the folder."""

    folder: Path

    @classmethod
    def here(cls) -> "State":
        """Give the folder in the checkout, or the one that URAMOST_STATE names."""
        return cls(Path(os.environ.get("URAMOST_STATE") or ROOT / ".state").absolute())

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    @property
    def secrets(self) -> Path:
        return self.folder / "secrets"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def documents(self) -> Path:
        """What organisations hand in with their applications, sealed."""
        return self.folder / "documents"

    @property
    def processes(self) -> Path:
        """The ids of the processes that were started, where no kernel ends them."""
        return self.folder / "processes"

    @property
    def loaded(self) -> Path:
        """A mark: the demo population is there."""
        return self.folder / "demo-loaded"

    @property
    def programme(self) -> Path:
        """What the demo plays: its people's files, the truth, what was done so far."""
        return self.folder / "programme"

    @property
    def compose(self) -> Path:
        """The secrets of an installation in containers, whose data is elsewhere."""
        return self.folder / "compose"

    def hold(self, resources: ExitStack) -> None:
        """Take the folder for this process; the kernel gives it back however we end."""
        self.folder.mkdir(parents=True, exist_ok=True)
        # As root the database is somebody else, who must pass; the rest is closed.
        self.folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
        lock = resources.enter_context((self.folder / "lock").open("a"))
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sentence = f"Another launcher is at work in {self.folder}; stop that first."
            raise StateHeld(sentence) from None
        self.logs.mkdir(mode=0o700, exist_ok=True)

    def remove(self) -> None:
        """Forget everything, but the keys of an installation whose data stays."""
        if not self.folder.exists():
            return
        with ExitStack() as resources:
            self.hold(resources)
            sockets = self.postgres / "sockets"
            if sockets.is_symlink():  # the data folder's own path was too long for one
                shutil.rmtree(sockets.readlink(), ignore_errors=True)
            for path in self.folder.iterdir():
                if path.is_dir() and path != self.compose:
                    shutil.rmtree(path)
                elif path.is_file():
                    path.unlink()
        if not self.compose.exists():
            self.folder.rmdir()


def main() -> None:
    if sys.argv[1:] != ["reset"]:
        sys.exit("Usage: python -m deploy.state reset")
    try:
        State.here().remove()
    except StateHeld as reason:
        sys.exit(str(reason))


if __name__ == "__main__":
    main()
