"""Whether a window would be seen, and what is said where it would not."""

from __future__ import annotations

import io
import os
import sys
from types import ModuleType

import pytest

from game.errors import ViewError
from game.view.window.display import checked_pygame, display_available, open_window, terminal_available


@pytest.mark.parametrize(
    ("environment", "platform", "seen"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"DISPLAY": ""}, "linux", False),
        ({"DISPLAY": ":0", "SDL_VIDEODRIVER": "dummy"}, "linux", False),
        ({"SDL_VIDEODRIVER": "offscreen"}, "darwin", False),
        ({}, "darwin", True),
        ({}, "win32", True),
    ],
)
def test_a_display_is_told_from_the_environment(environment: dict[str, str], platform: str, seen: bool) -> None:
    assert display_available(environment, platform) is seen


def test_a_display_that_cannot_be_opened_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    if sys.platform != "linux":
        pytest.skip("only X11 names its display in the environment")
    for name in ("SDL_VIDEODRIVER", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", ":987")
    with pytest.raises(ViewError, match="the display :987 cannot be opened"):
        open_window("test")


def test_an_invisible_driver_is_used_only_where_it_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    window = open_window("test", (700, 500))
    assert window.get_surface().get_size() == (700, 500)
    window.destroy()


def test_plain_pygame_over_pygame_ce_is_told_with_how_to_mend_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygame", ModuleType("pygame"))
    with pytest.raises(ViewError, match="pip install pygame-ce"):
        checked_pygame()
    assert os.environ["PYGAME_HIDE_SUPPORT_PROMPT"]


def test_the_app_needs_a_person_at_both_ends_of_a_terminal_that_shows_more_than_lines() -> None:
    class Stream(io.StringIO):
        def __init__(self, terminal: bool) -> None:
            super().__init__()
            self.terminal = terminal

        def isatty(self) -> bool:
            return self.terminal

    keys, screen, pipe = Stream(True), Stream(True), Stream(False)
    xterm = {"TERM": "xterm-256color"}
    assert terminal_available((keys, screen), xterm, "linux")
    for streams in ((keys, pipe), (pipe, screen), (None, screen)):
        assert not terminal_available(streams, xterm, "linux")
    for environment in ({"TERM": "dumb"}, {"TERM": ""}, {}):
        assert not terminal_available((keys, screen), environment, "linux")
    assert terminal_available((keys, screen), {}, "win32"), "where nobody sets TERM"
    screen.close()
    assert not terminal_available((keys, screen), xterm, "linux")
