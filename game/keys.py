"""The keys: one table for the window, the terminal, the help screens and the README.

``python main.py keys`` prints it; a test holds the README to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Screen = Literal["train", "play", "lesson", "watch"]


@dataclass(frozen=True, slots=True)
class Key:
    """One control.

    ``action`` names the handler; ``keys`` are the keys as pygame names them (``pygame.key.name``), or the typed
    character, none for the mouse; ``cap`` is what a key cap shows; ``short`` the word beside the cap; ``help`` the
    sentence of the help screen; ``bar`` says whether the control has a place in the bar that is always in sight.
    """

    action: str
    keys: tuple[str, ...]
    cap: str
    short: str
    help: str
    bar: bool = False


_COMMON = (
    Key("screenshot", ("p",), "P", "picture", "Save a picture of the window in screenshots/"),
    Key("film", ("i",), "I", "instant replay", "Save the last ten seconds as a GIF in screenshots/"),
    Key("theme", ("t",), "T", "theme", "Switch between the light and the dark theme"),
    Key("text_size", ("b",), "B", "bigger", "Bigger text: four sizes in turn"),
    Key("full_screen", ("f11",), "F11", "full screen", "Full screen and back"),
    Key("help", ("h", "?"), "H", "help", "Show or hide all keys", bar=True),
    Key("quit", ("escape",), "Esc", "end", "Save and end; closing the window does the same"),
)
#: Digits point at cells as they lie on a number pad, with which pygame names the keys of one in brackets.
POINTING = (*"84625", *(f"[{digit}]" for digit in "84625"))
#: The step (rows, columns) of each of them; 5 points at no cell.
STEPS = {"8": (-1, 0), "4": (0, -1), "6": (0, 1), "2": (1, 0)}
#: What a terminal leaves to its own program.
WINDOW_ONLY = ("text_size", "full_screen", "film", "sound")
_END = Key("quit", ("escape",), "Esc", "end", "End; closing the window does the same")

KEYS: dict[Screen, tuple[Key, ...]] = {
    "train": (
        Key("pause", ("space",), "Space", "pause", "Pause and go on", bar=True),
        Key("step", ("right",), "→", "step", "One step of the episode, then pause", bar=True),
        Key("episode", ("e",), "E", "episode", "Play one episode to its end, then pause", bar=True),
        Key("update", ("u",), "U", "update", "One update, its episode not replayed, then pause", bar=True),
        Key("faster", ("+", "=", "[+]"), "+", "faster", "Faster", bar=True),
        Key("slower", ("-", "[-]"), "−", "slower", "Slower", bar=True),
        Key("fast", ("f",), "F", "fast", "As fast as possible, and back to the speed before", bar=True),
        Key("overlay", ("o",), "O", "overlay", "Next overlay: policy, credits, visits, V, Q, none", bar=True),
        Key("restart", ("r",), "R", "restart", "Save this run, then begin a new one"),
        Key("save", ("s",), "S", "save", "Save the run now"),
        Key("match", ("tab",), "Tab", "play", "Save, and play against the policy as it is now", True),
        Key("point", POINTING, "8 4 6 2", "point", "The cell above, left, right, below: its exact numbers; 5: none"),
        Key("demonstrate", ("d", "return", "enter"), "D", "show", "A demonstration from there, not learned from"),
        Key("zoom", ("z", "x"), "Z X", "zoom", "Larger cells around there, and smaller; or the wheel"),
        Key("mouse", (), "Mouse", "point, click", "Point at a cell for its numbers, click for a demonstration"),
        *_COMMON,
    ),
    "play": (
        Key("up", ("up", "w"), "↑ W", "up", "Move up"),
        Key("right", ("right", "d"), "→ D", "right", "Move right"),
        Key("down", ("down", "s"), "↓ S", "down", "Move down"),
        Key("left", ("left", "a"), "← A", "left", "Move left"),
        Key("up-left", ("q",), "Q", "up-left", "Move up and left"),
        Key("up-right", ("e",), "E", "up-right", "Move up and right"),
        Key("down-left", ("z",), "Z", "down-left", "Move down and left"),
        Key("down-right", ("c",), "C", "down-right", "Move down and right"),
        Key("stay", ("x",), "X", "stay", "Stay in place"),
        Key(
            "next",
            ("return", "space", "enter"),
            "Enter",
            "next round",
            "Next round or match; against the clock: pause",
            True,
        ),
        Key("review", ("r",), "R", "review", "After a round: both ways, and what your choices cost", True),
        Key("level", ("l",), "L", "level", "Choose another level", bar=True),
        Key("clock", ("k",), "K", "clock", "Turn by turn, or against the clock", bar=True),
        Key("faster", ("+", "=", "[+]"), "+", "faster", "Against the clock: a faster policy"),
        Key("slower", ("-", "[-]"), "−", "slower", "Against the clock: a slower policy"),
        Key("handicap", ("u",), "U", "handicap", "Race the policy as it was after an update", bar=True),
        Key("learn", ("tab",), "Tab", "watch it learn", "Watch this policy learn on, and back", bar=True),
        Key("arrows", ("v",), "V", "policy", "Show or hide the policy's arrows", bar=True),
        Key("greedy", ("g",), "G", "greedy", "Sampling, or greedy: most probable action", bar=True),
        Key("restart", ("n",), "N", "new match", "Start a new match", bar=True),
        Key("sound", ("m",), "M", "sound", "Sound on and off"),
        *_COMMON[:-1],
        Key("quit", ("escape",), "Esc", "back", "Back, at last end; closing the window ends"),
    ),
    "lesson": (
        Key("next", ("right", "page down"), "→", "next", "Next page", bar=True),
        Key("back", ("left", "page up"), "←", "back", "Page before", bar=True),
        Key("jump", (*"0123456789", *(f"[{digit}]" for digit in range(10))), "1…11", "page", "Go to a page", bar=True),
        Key("down", ("down", "tab"), "↓", "choose", "Choose the next slider, such as one of θ (also Tab)", bar=True),
        Key("up", ("up",), "↑", "choose", "Choose the slider before"),
        Key("more", ("+", "=", "[+]"), "+", "more", "More of the chosen slider", bar=True),
        Key("less", ("-", "[-]"), "−", "less", "Less of the chosen slider", bar=True),
        Key("answers", ("a", "space"), "A", "answers", "Hide the answers for a vote, show them (also Space)", bar=True),
        Key("sample", ("s",), "S", "sample", "Other dice, on pages that sample", bar=True),
        Key("reset", ("r",), "R", "reset", "All sliders back to their first values"),
        *_COMMON[:-1],
        _END,
    ),
    "watch": (
        Key("play", ("space",), "Space", "run", "Let the run pass from here, and pause", bar=True),
        Key("next", ("right",), "→", "on", "One kept update on, its arrows turning", bar=True),
        Key("back", ("left",), "←", "back", "One kept update back", bar=True),
        Key("rise", ("r",), "R", "rise", "Where J rose most; again: the next largest rise", bar=True),
        Key("fall", ("f",), "F", "fall", "Where J fell most; again: the next largest fall", bar=True),
        Key("episode", ("e",), "E", "episode", "Replay the episode shown of this update", bar=True),
        Key(
            "demonstrate",
            ("d", "return", "enter"),
            "D",
            "try",
            "An episode of this policy from there, not learned from",
            True,
        ),
        Key("overlay", ("o",), "O", "overlay", "Next overlay: policy, credits, V, Q, none", bar=True),
        Key("match", ("tab",), "Tab", "play", "Play against the policy of this update, and back", bar=True),
        Key("faster", ("+", "=", "[+]"), "+", "faster", "Play faster", bar=True),
        Key("slower", ("-", "[-]"), "−", "slower", "Play slower", bar=True),
        Key("ahead", ("page down",), "PgDn", "ahead", "A tenth of the run on"),
        Key("behind", ("page up",), "PgUp", "behind", "A tenth of the run back"),
        Key("first", ("home",), "Home", "first", "To the first update"),
        Key("last", ("end",), "End", "last", "To the policy at the end"),
        Key("slide", (), "Drag", "slide", "The slider, to any update; in a window also the curve"),
        Key("point", POINTING, "8 4 6 2", "point", "The cell above, left, right, below: its exact numbers; 5: none"),
        Key("zoom", ("z", "x"), "Z X", "zoom", "Larger cells around there, and smaller; or the wheel"),
        Key("mouse", (), "Mouse", "point, click", "Point at a cell for its numbers, click for an episode"),
        *_COMMON[:-1],
        _END,
    ),
}


def action_of(screen: Screen, name: str, character: str = "") -> str | None:
    """The action of a pressed key: by the character typed, else by the key's name; None where it has none."""
    for wanted in (character.lower(), name.lower()):
        for key in KEYS[screen]:
            if wanted and wanted in key.keys:
                return key.action
    return None


def terminal_keys(screen: Screen) -> tuple[Key, ...]:
    """The table of a screen without what only a window has."""
    return tuple(key for key in KEYS[screen] if key.action not in WINDOW_ONLY)
