"""Every fault of a level file is one sentence that names the file and, where there is one, line and column."""

from __future__ import annotations

import os
import random
import re
import tomllib
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from game.errors import LevelError
from game.world.catalog import find_level, load, shipped, world_of
from game.world.dynamics import build
from game.world.level_file import MAX_BYTES, MAX_SEARCH, parse_level, read_level

SMALL = 'map = "S.G"\n'


def fault(text: str) -> str:
    """The message of a file's fault, checked to be one printable line."""
    with pytest.raises(LevelError) as caught:
        parse_level(text, "mine", "mine.toml")
    message = str(caught.value)
    assert message.startswith("mine.toml")
    assert message.isprintable()
    assert len(message) < 600
    return message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        # Keys
        (SMALL + "speed = 3", "mine.toml, line 2: unknown key 'speed'; expected one of actions, discount, map, "),
        (SMALL + "discont = 1", "mine.toml, line 2: unknown key 'discont'; did you mean discount?"),
        (SMALL + "[tiles.G]\ncolour = 3", "mine.toml, line 3: unknown key 'colour' of tile 'G'; expected one of"),
        (SMALL + "tiles.G.rewrad = 3", "mine.toml, line 2: unknown key 'rewrad' of tile 'G'; did you mean reward?"),
        (SMALL + "[tiles]\nG = {rewrad = 3}", "mine.toml, line 3: unknown key 'rewrad' of tile 'G'"),
        (SMALL + "'a\\u001b[31m' = 3", "mine.toml, line 2: unknown key 'a\\u001b[31m'"),
        (SMALL + '"a\\u001b[31m" = 3', "mine.toml, line 2: unknown key 'a\\x1b[31m'"),
        (SMALL + "[tiles.G]\ndiscount = 1", "mine.toml, line 3: 'discount' stands in the table of tile 'G'"),
        # The map
        ("title = 'x'", "mine.toml: there is no map; expected a key map"),
        ("map = 3", "mine.toml, line 1: map is 3; expected the level drawn as text in quotes"),
        ("map = ''", "mine.toml, line 1: the map is empty; expected at least one cell"),
        ("title = 'x'\nmap = '''\n\n   \n'''", "mine.toml, line 2: the map is empty"),
        ("map = '''\nS.\n.Q\n'''", "mine.toml, line 3, row 1, column 1: unknown tile 'Q'; expected one of # *"),
        ("map = '''\n\n\nS.\n.Q\n'''", "mine.toml, line 5, row 1, column 1: unknown tile 'Q'"),
        ('map = "S.\\n.Q"', "mine.toml, row 1, column 1: unknown tile 'Q'"),
        ("map = '''\n S\n'''", "mine.toml, line 2, row 0, column 0: unknown tile ' '"),
        ('map = "S\\u001bG"', "mine.toml, row 0, column 1: unknown tile '\\x1b'; expected one of"),
        ('map = "S\\u2028G"', "mine.toml, row 0, column 1: unknown tile '\\u2028'; expected one of"),
        ("map = '#X'", "mine.toml, line 1: there is no cell to start in; expected an S"),
        ("map = '**'", "mine.toml, line 1: there is no cell to start in"),
        ("map = '''\nS.\nS\n'''\n[tiles.'#']\neffect = 'none'", "mine.toml, line 3, row 1, column 1: the line is"),
        (f"map = '''\n{'S' + '.' * 4000}\n{'.' * 5000}'''", "mine.toml, line 3: the line has 5,003 characters"),
        (f"map = '''\nS{'*' * 30}\n'''", "mine.toml, line 1: 30 coins on 31 cells make 33,285,996,544 states"),
        (f"map = '''\nS{'*' * 99}\n'''", "mine.toml, line 1: 99 coins on 100 cells make 100 · 2^99 states; expected"),
        (f"map = '''\nS{'*' * 12}\n{'#' * 4096}\n#\n'''", "12 coins on 12,288 cells and walls make 50,331,648 places"),
        # Numbers
        (SMALL + "discount = 1.5", "mine.toml, line 2: discount is 1.5; expected a number from 0 to 1"),
        (SMALL + "discount = -0.1", "mine.toml, line 2: discount is -0.1; expected a number from 0 to 1"),
        (SMALL + "discount = nan", "mine.toml, line 2: discount is nan; expected a finite number"),
        (SMALL + "discount = true", "mine.toml, line 2: discount is true; expected a number, or a fraction in quotes"),
        (SMALL + "discount = '1/0'", "mine.toml, line 2: discount is \"1/0\"; expected a number, or a fraction"),
        (SMALL + "discount = 'half'", "mine.toml, line 2: discount is \"half\"; expected a number, or a fraction"),
        (SMALL + "discount = '1e999999999'", "mine.toml, line 2: discount is \"1e999999999\"; expected a number, or"),
        (SMALL + "discount = []", "mine.toml, line 2: discount is a list; expected a number"),
        (SMALL + "discount = 2026-01-01", "mine.toml, line 2: discount is a date or time; expected a number"),
        (SMALL + "discount.a = 1", "mine.toml, line 2: discount is a table; expected a number"),
        (SMALL + "slip = inf", "mine.toml, line 2: slip is inf; expected a finite number"),
        (SMALL + "slip = '4/3'", "mine.toml, line 2: slip is \"4/3\"; expected a number from 0 to 1"),
        (SMALL + "slip = 0x" + "f" * 3000, "mine.toml, line 2: slip is a number of more than 20 digits; expected"),
        (SMALL + "slip = 1" + "0" * 4100, "mine.toml, line 2: the line has 4,108 characters; expected at most 4,096"),
        (SMALL + "step_reward = 1e300", "mine.toml, line 2: step_reward is 1e+300; expected a number from -1,000,000"),
        (SMALL + "step_reward = -inf", "mine.toml, line 2: step_reward is -inf; expected a finite number"),
        (SMALL + "[tiles.G]\n\nslip = 2", "mine.toml, line 4: slip of tile 'G' is 2; expected a number from 0 to 1"),
        (SMALL + "[tiles.G]\nreward = nan", "mine.toml, line 3: reward of tile 'G' is nan; expected a finite number"),
        (SMALL + "[tiles.S]\nstart = -1", "mine.toml, line 3: start of tile 'S' is -1; expected a number from 0 to"),
        # Whole numbers
        *(
            (SMALL + f"max_steps = {bad}", f"mine.toml, line 2: max_steps is {shown}; expected a positive whole number")
            for bad, shown in (("0", "0"), ("-3", "-3"), ("5.0", "5"), ("true", "true"), ("'9'", '"9"'), ("inf", "inf"))
        ),
        (SMALL + "max_steps = 4294967296", "mine.toml, line 2: max_steps is 4294967296; expected a positive whole"),
        (SMALL + "max_steps = 0x" + "f" * 900, "mine.toml, line 2: max_steps is a number of more than 20 digits"),
        (SMALL + "[tiles.w]\npush_cells = 0", "mine.toml, line 3: push_cells of tile 'w' is 0; expected a positive"),
        # Actions
        (SMALL + "actions = []", "mine.toml, line 2: actions is an empty list; expected a list such as"),
        (SMALL + "actions = 'left'", 'mine.toml, line 2: actions is "left"; expected a list such as ["left", "right"]'),
        (SMALL + "actions = ['left', 'lift']", 'mine.toml, line 2: unknown action "lift"; did you mean left?'),
        (SMALL + "actions = [['left']]", "mine.toml, line 2: unknown action a list; expected some of up, up-right, "),
        (SMALL + "actions = [1]", "mine.toml, line 2: unknown action 1; expected some of up, "),
        (SMALL + "actions = ['left',\n 'left']", "mine.toml, line 2: action 'left' is listed twice; expected each"),
        # Words
        (SMALL + "observe = 'all'", 'mine.toml, line 2: observe is "all"; expected one of cell, tile, nothing'),
        (SMALL + "observe = ['cell']", "mine.toml, line 2: observe is a list; expected one of cell, tile, nothing"),
        (SMALL + "title = 3", "mine.toml, line 2: title is 3; expected text in quotes"),
        (SMALL + "title = 'x\ty'", "mine.toml, line 2: title is \"x\\ty\"; expected one line of at most 500 printable"),
        (SMALL + f"title = '{'x' * 900}'", f"mine.toml, line 2: title is \"{'x' * 40}…\"; expected one line"),
        # Tiles
        ("tiles = 3\n" + SMALL, "mine.toml, line 1: tiles is 3; expected tables such as [tiles.C]"),
        ("tiles = []\n" + SMALL, "mine.toml, line 1: tiles is a list; expected tables such as [tiles.C]"),
        (SMALL + "[[tiles]]\nreward = 1", "mine.toml, line 2: tiles is a list; expected tables such as [tiles.C]"),
        (SMALL + "[tiles]\nC = 3", "mine.toml, line 3: tile 'C' is 3; expected a table [tiles.\"C\"]"),
        (SMALL + '[tiles."ab"]\nreward = 1', 'mine.toml, line 2: a tile is named "ab"; expected one visible letter'),
        (SMALL + '[tiles.""]', 'mine.toml, line 2: a tile is named ""; expected one visible letter'),
        (SMALL + '[tiles." "]', 'mine.toml, line 2: a tile is named " "; expected one visible letter'),
        (SMALL + '[tiles."\\u0000"]', 'mine.toml, line 2: a tile is named "\\x00"; expected one visible letter'),
        (SMALL + '[tiles."\\n"]', 'mine.toml, line 2: a tile is named "\\n"; expected one visible letter'),
        (SMALL + "[tiles.G]\nends = 1", "mine.toml, line 3: ends of tile 'G' is 1; expected true or false"),
        (SMALL + "[tiles.G]\nname = 1", "mine.toml, line 3: name of tile 'G' is 1; expected text in quotes"),
        (SMALL + "[tiles.G]\neffect = 'fly'", "mine.toml, line 3: effect of tile 'G' is \"fly\"; expected one of none"),
        (SMALL + "[tiles.G]\npush = 'away'", "mine.toml, line 3: push of tile 'G' is \"away\"; expected one of none, "),
        (SMALL + "[tiles.G]\nstart = 1", "mine.toml, line 3: tile 'G' has a start weight but ends the episode"),
        (SMALL + "[tiles.S]\neffect = 'wall'", "mine.toml, line 2: tile 'S' has a start weight but is a wall"),
        (SMALL + "[tiles.G]\neffect = 'restart'", "mine.toml, line 3: tile 'G' restarts and also ends or is a goal"),
        ("map = 'S*'\n[tiles.'.']\nends = true", "mine.toml, line 2: a taken coin leaves floor, which here ends"),
        # Not TOML
        ("map = 'S.G", "mine.toml, line 1: not TOML: expected \"'\" before the end of the file"),
        ('map = """\nS.G\nslip = 0\n', "mine.toml, line 1: not TOML: "),
        ("title = 'x\n" + SMALL, "mine.toml, line 1: not TOML: "),
        (SMALL + "discount 1", "mine.toml, line 2, column 10: not TOML: expected '=' after a key in a key/value pair"),
        (SMALL + "slip = 0\nslip = 1", "mine.toml, line 3, column 9: not TOML: cannot overwrite a value"),
        (SMALL + "[tiles.G]\n[tiles.G]", "mine.toml, line 3, column 9: not TOML: cannot declare"),
        (SMALL + "x = \x1b", "mine.toml, line 2, column 5: not TOML: "),
        (SMALL + "x = " + "[" * 4000, "mine.toml: not a level: a number is too long, or values are nested too deeply"),
        (SMALL + "x = [\n" + "[\n" * 20000, "mine.toml: not a level: a number is too long, or values are nested"),
        (SMALL + "slip" + ".a" * 2000 + " = 1", "mine.toml, line 2: slip is a table; expected a number"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_its_place(text: str, message: str) -> None:
    assert message in fault(text)


def test_a_fault_below_a_map_that_looks_like_toml_keeps_its_line() -> None:
    text = "map = '''\nS=[.\n[tiles.x]\n'''\n# slip = 0\ntiles.'='.slip = 0\n[tiles.'[']\nslip = 3\n"
    assert fault(text).startswith("mine.toml, line 8: slip of tile '[' is 3;")


def test_lines_are_counted_the_same_with_windows_line_ends() -> None:
    assert fault("title = 'x'\r\nmap = '''\r\nS.\r\n.Q\r\n'''\r\n").startswith("mine.toml, line 4, row 1, column 1:")
    level = parse_level("\r\nmap = '''\r\nS.\r\n..\r\n'''\r\n", "mine", "mine.toml")
    assert level.rows == ("S.", "..")


def test_looking_for_a_line_ends_soon_in_a_long_file(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "map = '''\n" + ("=" * 1000 + "\n") * 900 + "'''\n[tiles.'=']\nslip = 3\n"
    read = 0
    loads = tomllib.loads

    def counted(part: str) -> dict[str, Any]:
        nonlocal read
        read += len(part)
        return loads(part)

    monkeypatch.setattr("game.world.level_file.tomllib.loads", counted)
    assert "slip of tile '=' is 3" in fault(text)
    assert read <= MAX_SEARCH + 2 * len(text), "each line looked up by parsing all before it would be 400 million"


# -- files ----------------------------------------------------------------------------------------------------


def file_fault(path: Path) -> str:
    with pytest.raises(LevelError) as caught:
        load(str(path))
    message = str(caught.value)
    assert message.isprintable()
    assert path.name in message or not path.name.isprintable()
    return message


def test_an_absent_file(tmp_path: Path) -> None:
    assert "there is no such file; expected a level file" in file_fault(tmp_path / "none.toml")


def test_a_folder(tmp_path: Path) -> None:
    assert "is a folder; expected a level file" in file_fault(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    assert "is not an ordinary file" in file_fault(tmp_path / "pipe.toml")


def test_a_file_of_100_megabytes_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.toml"
    with path.open("wb") as file:
        file.truncate(100 * 2**20)
    tracemalloc.start()
    try:
        assert f"holds 104,857,600 bytes; expected a level of at most {MAX_BYTES:,}" in file_fault(path)
        assert tracemalloc.get_traced_memory()[1] < MAX_BYTES
    finally:
        tracemalloc.stop()


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "latin.toml"
    path.write_bytes(b"map = 'S'\ntitle = 'Gl\xfcck'\n")
    assert "latin.toml, line 2: byte 0xfc is not UTF-8; expected UTF-8 text" in file_fault(path)


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret.toml"
    path.write_text(SMALL)

    def refuse(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "read_bytes", refuse)
    assert file_fault(path).endswith("secret.toml cannot be read: Permission denied")


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "notepad.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SMALL.encode())
    assert load(str(path)).dynamics.n_states == 3


@pytest.mark.parametrize(
    "argument", ["a\0b.toml", "x" * 5000 + ".toml", "x" * 5000, "a\nb/c.toml", "", "\udc80/x.toml"]
)
def test_a_strange_argument_is_a_fault_like_any_other(argument: str) -> None:
    with pytest.raises(LevelError) as caught:
        load(argument)
    assert str(caught.value).isprintable()


def test_an_unknown_name_suggests_near_ones() -> None:
    with pytest.raises(LevelError, match=r"there is no level 'clif'; did you mean cliff\?"):
        find_level("clif")
    with pytest.raises(LevelError, match=r"there is no level 'qqq'; expected one of cliff, coins, "):
        find_level("qqq")


def test_a_level_without_a_goal_is_a_warning_not_a_fault() -> None:
    for rows in ("S..", "S#G"):
        world = world_of(parse_level(f"map = '{rows}'", "mine", "mine.toml"), "mine.toml")
        assert world.warnings == (
            "mine.toml: no goal can be reached from the start, so the success rate stays at zero",
        )
    assert world_of(parse_level("map = 'S.G'", "mine", "mine.toml"), "mine.toml").warnings == ()


def test_a_level_with_more_outcomes_than_fit_is_a_fault() -> None:
    rows = "\n".join("." * 60 for _ in range(60))
    level = parse_level(f"map = '''\n{rows}\nC\n'''\n[tiles.C]\neffect = 'restart'", "mine", "mine.toml")
    with pytest.raises(LevelError, match=r"3,601 states × 4 actions × 10800 outcomes.*expected fewer"):
        build(level)


def test_ragged_maps_are_padded_with_wall() -> None:
    assert parse_level("map = '''\n\nS\n...  \n\n.G\n\n'''", "mine", "mine.toml").rows == ("S##", "...", "###", ".G#")


# -- anything at all ------------------------------------------------------------------------------------------

PIECES = (
    "0 1 -1 nan inf 1e999 '2/3' 'x' [ ] { } = . # \" ''' \"\"\" \\u0000 true [] {} [tiles.Z] [[tiles]] "
    "S G X * ? ~ é \x1b \n"
).split(" ")


def mangled(text: str, rng: random.Random) -> str:
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(text) + 1)
        length = rng.choice((0, 0, 1, 1, 5, 40))
        text = text[:at] + rng.choice((*PIECES, text[at : at + 30])) + text[at + length :]
    return re.sub("[*]{8,}", "*", text)


def test_a_mangled_file_is_a_level_or_a_fault_and_nothing_else() -> None:
    rng = random.Random(7)
    texts = [path.read_text(encoding="utf-8") for path in shipped().values()]
    faults = []
    for _ in range(600):
        text = mangled(rng.choice(texts), rng)
        try:
            dynamics = build(parse_level(text, "mangled", "mangled.toml"))
        except LevelError as error:
            faults.append(str(error))
        else:
            assert dynamics.start.sum() == pytest.approx(1.0), text
            assert dynamics.probability.sum(axis=-1) == pytest.approx(1.0), text
    assert 100 < len(faults) < 590
    assert all(message.isprintable() for message in faults)


def test_a_mangled_file_of_bytes_is_a_level_or_a_fault(tmp_path: Path) -> None:
    rng = random.Random(8)
    path = tmp_path / "bytes.toml"
    data = shipped()["coins"].read_bytes()
    faults = []
    for _ in range(100):
        at = rng.randrange(len(data))
        path.write_bytes(data[:at] + rng.randbytes(rng.randint(1, 8)) + data[at + 1 :])
        try:
            read_level(path)
        except LevelError as error:
            faults.append(str(error))
    assert faults
    assert all(message.isprintable() for message in faults)
