"""The folder of state: held by one, and removed only by somebody who may."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from deploy.state import State, StateHeld


@pytest.fixture
def state(tmp_path: Path) -> State:
    state = State(tmp_path / "state")
    with ExitStack() as resources:
        state.hold(resources)
    (state.secrets / "gateway").mkdir(parents=True)
    (state.secrets / "gateway/key").write_text("a key")
    return state


def test_resetting_leaves_nothing(state: State) -> None:
    state.remove()
    assert not state.folder.exists()
    state.remove()  # again, there is nothing to do


def test_resetting_removes_the_folder_of_sockets_too(
    state: State, tmp_path: Path
) -> None:
    short = tmp_path / "short"
    short.mkdir()
    state.postgres.mkdir()
    (state.postgres / "sockets").symlink_to(short)
    state.remove()
    assert not short.exists()


def test_a_state_at_work_is_not_removed(state: State) -> None:
    with ExitStack() as resources:
        state.hold(resources)
        with pytest.raises(StateHeld, match="Another launcher is at work"):
            state.remove()
    assert (state.secrets / "gateway/key").exists()


def test_the_keys_of_data_that_stays_stay(state: State) -> None:
    state.compose.mkdir()
    (state.compose / "key").write_text("a key")
    state.remove()
    assert [path.name for path in state.folder.iterdir()] == ["compose"]
    assert (state.compose / "key").exists()
