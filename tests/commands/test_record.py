"""``python main.py record``: what it writes and says, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from PIL import Image

from game.world.catalog import ASSETS
from main import cli

RUN = str(ASSETS / "policies" / "first_steps")


@pytest.fixture(autouse=True)
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def record(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["record", RUN, *arguments])


def test_it_writes_a_gif_named_after_the_run_and_says_how_large_it_is() -> None:
    result = record("--seconds", "2", "--fps", "5", "--size", "320x180")
    assert result.exit_code == 0, result.output
    path = Path("first_steps.gif")
    size = f"{path.stat().st_size / 1000:,.0f} kB"
    assert result.stdout == f"Written: first_steps.gif (2 s, 10 pictures of 320x180, {size}).\n"
    assert result.stderr == "", "no progress bar in a pipe"
    with Image.open(path) as film:
        assert (film.format, film.size) == ("GIF", (320, 180))


def test_no_window_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(name, raising=False)
    assert record("--seconds", "1", "--fps", "5", "--size", "320x180", "--out", "film").exit_code == 0
    assert len(list(Path("film").iterdir())) == 5


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--out", "film.mov"], "'film.mov': there is no film '.mov'; expected .gif, .webp, .mp4, or a name without"),
        (["--size", "100x100"], "a picture of 100x100 cannot be made; expected WIDTHxHEIGHT from 320x180 to 3840x2160"),
        (["--seconds", "0.5"], "a film of 0.5 seconds cannot be made; expected 1 to 120; the nearest is 1"),
        (["--fps", "24"], "24 pictures a second cannot be had; expected 5, 10, 20, 25 or 50; the nearest is 25"),
    ],
)
def test_what_cannot_be_is_one_sentence_and_nothing_written(arguments: list[str], words: str) -> None:
    result = record(*arguments)
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: ")
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
    assert not list(Path().iterdir())
