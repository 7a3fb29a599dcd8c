"""A run's page in a real browser: its numbers are the run's own, by keyboard, pointer and touch."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from game.errors import ViewError
from game.view.page.export import export, page
from game.view.shared.numbers import number
from tests.game.view.kept import Kept
from tests.game.view.learner import COINS, SMALL, Learner, world_of_text
from tests.game.view.page.chromium import Chromium, installed

UPDATES = 24
PHONE, LAPTOP = (390, 844), (1280, 800)
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
#: What a page is that has to be scrolled to the side.
WIDE = "document.documentElement.scrollWidth > innerWidth"


@pytest.fixture(scope="module")
def small() -> Kept:
    """A short training in the small room."""
    return Kept(Learner(world_of_text(SMALL)), UPDATES)


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    """One browser for all; the tests are skipped where there is none, and fail there in CI."""
    path = installed()
    if path is None:
        message = "an exported page is tested in Chromium, which is not installed (Debian: apt-get install chromium)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    chromium = Chromium(path)
    yield chromium
    chromium.close()


@pytest.fixture(scope="module")
def lesson(small: Kept, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small room's page."""
    path = tmp_path_factory.mktemp("export") / "lesson.html"
    export(small, path)
    return path


@pytest.fixture
def opened(browser: Chromium, lesson: Path) -> Chromium:
    """The small room's page on a laptop."""
    browser.screen(*LAPTOP)
    browser.open(lesson)
    return browser


def cell_numbers(browser: Chromium) -> list[list[str]]:
    """The table of the chosen cell: action, π and push of each line."""
    rows: list[list[str]] = browser.run(
        "[...document.querySelectorAll('#cell-actions tr')].slice(1)"
        ".map(line => [0, 1, 3].map(k => line.cells[k].textContent))"
    )
    return rows


def expected(small: Kept, index: int, state: int) -> list[list[str]]:
    """The same from the run itself."""
    frame = small.frame(index)
    assert frame.credit is not None
    return [
        [f"{sign} {action}", f"{probability:.3f}", push]
        for sign, action, probability, push in zip(
            "↑→↓←",
            small.world.dynamics.actions,
            frame.probabilities[state],
            pushes(frame.credit)[state],
            strict=True,
        )
    ]


def pushes(credit: NDArray[np.float64]) -> list[list[str]]:
    """A table of pushes to three digits of the largest, in decimals or with its power of ten."""
    largest = f"{np.abs(credit).max():.2e}"
    power = int(largest.partition("e")[2])
    texts: list[list[str]] = []
    for row in credit:
        texts.append([])
        for value in row:
            if -3 <= power <= 2:
                text = f"{value:+.{2 - power}f}"
            else:
                text = f"{value / 10.0**power:+.2f}"
                text += " · 10" + str(power).translate(RAISED) if re.search("[1-9]", text) else ""
            texts[-1].append(text.replace("-", "−") if re.search("[1-9]", text) else text.lstrip("+-"))
    return texts


def middle(browser: Chromium, row: int, column: int) -> tuple[float, float]:
    """Where a cell is on the screen."""
    x, y = browser.run(
        f"(box => [box.left + {column + 0.5} * board.cell, box.top + {row + 0.5} * board.cell])"
        "(board.canvas.getBoundingClientRect())"
    )
    return x, y


#: An odd number of numbers in each table.
THREE = (
    """
max_steps = 20
step_reward = -2500
actions = ["left", "right", "stay"]
map = """
    + '"""\nS....G\n"""'
)


@pytest.mark.parametrize("text", [SMALL, THREE], ids=["four actions", "three actions"])
def test_every_number_of_every_frame_is_the_runs_own(browser: Chromium, tmp_path: Path, text: str) -> None:
    run = Kept(Learner(world_of_text(text)), UPDATES)
    export(run, tmp_path / "lesson.html")
    browser.open(tmp_path / "lesson.html")
    told = browser.run(
        "frames.map(f => [f.update, f.mean ?? null, f.objective ?? null, [...tableRow.keys()].map(state => "
        "run.actions.map((_, a) => [f.probability(tableRow.get(state), a), f.pushed(tableRow.get(state), a)])),"
        "[...tableRow.keys()].map(state => f.value(tableRow.get(state))), f.push && f.pushText(f.largestPush)])"
    )
    states = np.flatnonzero(~run.world.dynamics.terminal).tolist()
    assert [frame[0] for frame in told] == [*range(1, UPDATES + 2)]
    for index, (_, mean, objective, table, values, largest) in enumerate(told):
        frame, exact = run.frame(index), run.snapshot(index)
        assert [[line[0] for line in row] for row in table] == [
            [f"{probability:.3f}" for probability in frame.probabilities[state]] for state in states
        ]
        assert objective == (None if exact.objective is None else number(exact.objective, 4))
        assert values == (
            [None] * len(states) if exact.values is None else [number(value, 4) for value in exact.values[states]]
        )
        if frame.credit is None:
            assert mean is None
            assert {line[1] for row in table for line in row} == {None}
            continue
        assert mean == number(exact.mean_return, 4)
        assert [[line[1] for line in row] for row in table] == pushes(frame.credit[states])
        assert largest == pushes(np.abs(frame.credit).max().reshape(1, 1))[0][0].lstrip("+")


def test_the_slider_moves_by_keyboard_and_the_numbers_follow(opened: Chromium, small: Kept) -> None:
    opened.press("Tab", "Tab", "Tab", "ArrowRight", "ArrowRight", "ArrowRight")
    assert opened.run("document.activeElement.id") == "slider"
    assert opened.text("when") == f"update 4 of {UPDATES}"
    assert opened.text("mean") == number(small.snapshots[3].mean_return, 4)
    assert opened.text("episodes") == f"{small.snapshots[3].episodes:,}"
    assert opened.text("goal") == f"{small.snapshots[3].goal_rate:.1%}".replace("%", " %")
    assert cell_numbers(opened) == expected(small, 3, 0)
    opened.press("End")
    assert opened.text("when") == f"after update {UPDATES}"
    assert opened.text("mean") == "–"
    assert [line[1] for line in cell_numbers(opened)] == [f"{p:.3f}" for p in small.frame(UPDATES).probabilities[0]]
    opened.press("Home", "PageUp")
    assert int(opened.run("slider.value")) > 1
    assert opened.log == []


def test_the_slider_and_the_curve_move_by_pointer(opened: Chromium, small: Kept) -> None:
    left, width, y = opened.run("(b => [b.left, b.width, b.top + b.height / 2])(slider.getBoundingClientRect())")
    opened.point(left + width / 2, y, click=True)
    index = int(opened.run("slider.value"))
    assert abs(index - UPDATES / 2) <= 1
    assert opened.text("when") == f"update {index + 1} of {UPDATES}"
    assert cell_numbers(opened) == expected(small, index, 0)
    x, y = opened.run("(b => [b.left + curve.x(9), b.top + b.height / 2])(curve.canvas.getBoundingClientRect())")
    opened.point(x, y, click=True)
    assert opened.text("when") == f"update 9 of {UPDATES}"


def test_a_cell_tells_its_numbers_to_pointer_finger_and_keyboard(opened: Chromium, small: Kept) -> None:
    opened.run("goTo(5)")
    opened.point(*middle(opened, 1, 0))
    assert opened.text("cell").startswith("Row 1, column 0: floor")
    assert cell_numbers(opened) == expected(small, 5, 3)
    opened.point(5, 5)
    assert opened.text("cell").startswith("Row 0, column 0: start")
    opened.tap(*middle(opened, 2, 1))
    assert cell_numbers(opened) == expected(small, 5, 6)
    opened.run("document.getElementById('board').focus()")
    opened.press("ArrowRight")
    assert opened.text("cell") == "Row 2, column 2: goal: +1 and the end. No episode chooses an action here."
    opened.press("ArrowUp", "ArrowUp", "ArrowUp", "ArrowRight")  # the last two lead off the board
    assert cell_numbers(opened) == expected(small, 5, 2)
    spoken = opened.text("status")
    assert spoken.startswith("Row 0, column 2: floor")
    assert all(
        f"{action} {p:.3f}" in spoken
        for action, p in zip(small.world.dynamics.actions, small.frame(5).probabilities[2], strict=True)
    )


def test_arrows_point_where_the_policy_goes_and_pushes_where_it_was_pushed(opened: Chromium, small: Kept) -> None:
    """The pixel at three quarters of the largest arrow of a cell has its colour; across from it there is none."""
    ways = {"up": (-1, 0), "right": (0, 1), "down": (1, 0), "left": (0, -1)}
    for index, overlay in ((UPDATES, "policy"), (3, "push")):
        frame = small.frame(index)
        table = frame.probabilities if overlay == "policy" else frame.credit
        assert table is not None
        state = int(table.max(axis=1).argmax())
        action = int(table[state].argmax())
        share = table[state, action] / (1.0 if overlay == "policy" else np.abs(table).max())
        down, right = ways[small.world.dynamics.actions[action]]
        opened.run(f"goTo({index}); document.querySelector('[value={overlay}]').click(); here.chosen = 5; drawBoard()")
        places = [f"[x + {sign * right} * way, y + {sign * down} * way]" for sign in (1, -1)]
        on, off = opened.run(
            f"(([x, y], way) => [{', '.join(places)}].map(([a, b]) => [...board.pen.getImageData(a, b, 1, 1).data]))"
            f"(board.middle(cellOf[{state}]), {0.75 * share} * 0.47 * board.cell)"
        )
        assert on[:3] == [0, 114, 178], overlay
        assert off[:3] != on[:3], overlay


def test_the_episode_can_be_walked_and_its_return_adds_up(opened: Chromium, small: Kept) -> None:
    episode = small.frame(2).episode
    assert episode is not None
    so_far = episode.returns_so_far(small.world.dynamics.discount)
    opened.run("goTo(2); stride.focus()")
    opened.press("ArrowRight", "ArrowRight")
    assert opened.text("episode") == f"Episode: step 2 of {len(episode)}"
    assert f"return so far {number(float(so_far[1]), 4)}" in opened.text("steps")
    assert small.world.dynamics.actions[episode.actions[1]] in opened.text("steps")
    opened.press("End")
    assert f"R(τ) = {number(float(so_far[-1]), 4)} in {len(episode)} steps" in opened.text("steps")
    assert opened.run("frame().episode.cells[here.step]") == opened.run(f"cellOf[{episode.states[-1]}]")


#: Every share of the way to the next frame that is drawn while "training" plays, for a while.
SHARES = """
new Promise(done => {
  const seen = [];
  const look = () => {
    seen.push(here.share);
    if (seen.length > 8 && here.index > 1) done(seen); else requestAnimationFrame(look);
  };
  look();
})
"""


def test_it_plays_pauses_and_says_where(opened: Chromium) -> None:
    opened.run("new Promise(done => setTimeout(done, 100))")
    assert opened.run("here.index === 0 && here.playing === ''")  # nothing moves before somebody asks for it
    opened.run("document.getElementById('speed').value = '6'")
    opened.press(" ")
    assert max(opened.run(SHARES)) > 0
    assert opened.text("play") == "Pause"
    opened.press(" ")
    assert opened.text("play") == "Play"
    assert opened.run("here.share") == 0
    assert opened.text("status").startswith(opened.text("when"))
    index = opened.run("here.index")
    opened.press("ArrowRight")
    assert opened.run("here.index") == index + 1
    opened.run(f"document.getElementById('speed').value = '40'; goTo({UPDATES - 3})")
    opened.press(" ")
    opened.wait("here.playing === ''")
    assert opened.text("when") == f"after update {UPDATES}"


def test_with_reduced_motion_arrows_jump(browser: Chromium, lesson: Path) -> None:
    browser.screen(*LAPTOP, still=True)
    browser.open(lesson)
    browser.run("document.getElementById('speed').value = '6'")
    browser.press(" ")
    assert set(browser.run(SHARES)) == {0}
    browser.press(" ")


def test_the_focus_goes_through_everything_in_order_and_everything_has_a_name(opened: Chromium) -> None:
    order = []
    for _ in range(8):
        opened.press("Tab")
        order.append(opened.run("document.activeElement.id || document.activeElement.tagName"))
    assert order == ["board", "play", "slider", "walk", "stride", "INPUT", "speed", "SUMMARY"]
    nodes = opened.call("Accessibility.getFullAXTree")["nodes"]
    names = []
    for node in nodes:
        properties = {one["name"]: one["value"].get("value") for one in node.get("properties", [])}
        if properties.get("focusable") and node["role"]["value"] not in ("RootWebArea", "option"):
            names.append((node["role"]["value"], node["name"]["value"]))
    assert sorted(names) == [
        ("DisclosureTriangle", "All numbers of this moment as a table"),
        ("application", "Board of 3 rows and 3 columns"),
        ("button", "Play"),
        ("button", "Walk"),
        ("combobox", "Speed"),
        ("radio", "policy"),
        ("radio", "push"),
        ("slider", "Episode"),
        ("slider", "Training"),
    ]
    spoken = opened.run("slider.getAttribute('aria-valuetext')")
    assert spoken.startswith(f"update 1 of {UPDATES}, mean return ")
    curve = next(node["name"]["value"] for node in nodes if node["role"]["value"] == "image" and node["name"]["value"])
    assert curve.startswith("Learning curve: mean return from ")


def test_the_table_holds_all_numbers_of_the_moment(opened: Chromium, small: Kept) -> None:
    opened.run("goTo(7); document.querySelector('summary').focus()")
    opened.press("Enter")
    opened.wait("document.querySelectorAll('#table tbody tr').length > 0")
    rows = opened.run(
        "[...document.querySelectorAll('#table tbody tr')].map(row => [...row.cells].map(c => c.textContent))"
    )
    assert len(rows) == 6  # nine cells without a wall, a pit and the goal
    numbers = [text for line in expected(small, 7, 4) for text in line[1:]]
    assert rows[3][0] == "Row 1, column 0: floor"
    assert [text for line in expected(small, 7, 3) for text in line[1:]] == rows[3][1:-1]
    assert numbers != rows[3][1:-1]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_it_fits_a_telephone_and_can_be_read_and_touched(browser: Chromium, lesson: Path, dark: bool) -> None:
    for size in (PHONE, (320, 640), LAPTOP):
        browser.screen(*size, dark=dark)
        browser.open(lesson)
        assert not browser.run(WIDE), size
        small = browser.run(
            "[...document.querySelectorAll('button, select, input, summary')].filter(e => e.offsetParent)"
            ".map(e => (e.type === 'checkbox' ? e.closest('label') : e).getBoundingClientRect())"
            ".filter(b => b.width < 44 || b.height < 44).length"
        )
        assert small == 0, size
    assert browser.run(CONTRAST) == []
    assert browser.log == []


#: Text that stands out too little from what is behind it: (words, ratio), by the Web Content Accessibility Guidelines.
CONTRAST = """
(() => {
  const numbers = text => text.match(/[\\d.]+/g).map(Number);
  const light = c => c.slice(0, 3).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0);
  const behind = e => { for (; e; e = e.parentElement) {
    const c = numbers(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] > 0) return c; } };
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let seen = 0;
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !e.getClientRects().length) continue;
    seen++;
    const [one, other] = [light(numbers(getComputedStyle(e).color)), light(behind(e))].sort((a, b) => b - a);
    if ((one + 0.05) / (other + 0.05) < 4.5) found.push([walk.currentNode.data.trim(), (one + 0.05) / (other + 0.05)]);
  }
  if (seen < 50) found.push(["too little text", seen]);
  return found;
})()
"""


def test_coins_are_part_of_the_state(browser: Chromium, tmp_path: Path) -> None:
    run = Kept(Learner(world_of_text(COINS)), 12)
    export(run, tmp_path / "coins.html")
    browser.screen(*PHONE)
    browser.open(tmp_path / "coins.html")
    layout = run.world.dynamics.layout
    assert layout is not None
    taking = 0
    for index in range(12):
        episode = run.frame(index).episode
        assert episode is not None
        sets = layout.taken[episode.states].sum(axis=1)
        for step in (np.flatnonzero(np.diff(sets)) + 1).tolist():  # where a coin was taken
            state = int(episode.states[step])
            cell = int(layout.position[state] @ [layout.width, 1])
            left = browser.run(f"goTo({index}); here.step = {step}; choose({cell}); coinsLeft(coins())")
            assert left == layout.coins[~layout.taken[state]].tolist()
            taking += len(left) < 2
            if not run.world.dynamics.terminal[state]:
                policy = run.frame(index).probabilities[state]
                assert [line[1] for line in cell_numbers(browser)] == [f"{p:.3f}" for p in policy]
    assert taking >= 5
    assert not browser.run(WIDE)


def test_a_page_asks_for_nothing_and_runs_nothing_but_itself(browser: Chromium, tmp_path: Path) -> None:
    evil = "</script><script>window.caught = 1</script><img src=http://localhost:9/x onerror='window.caught = 1'>"
    text = SMALL.replace("Small room", evil.replace('"', "'")).replace(
        'map = """', 'tiles.X = { name = "<img src=x onerror=alert(1)>{{script}}" }\nmap = """'
    )
    run = Kept(Learner(world_of_text(text)), 4)
    run.briefing = replace(run.briefing, run=evil)
    export(run, tmp_path / "evil.html")
    browser.screen(*PHONE)
    browser.open(tmp_path / "evil.html")
    assert browser.run("document.querySelector('h1').textContent") == evil
    assert browser.run("document.title").startswith(evil)
    browser.run("choose(5)")
    assert browser.text("cell").startswith("Row 1, column 2: <img src=x onerror=alert(1)>{{script}}")
    assert browser.run("window.caught === undefined && document.querySelectorAll('script').length === 2")
    assert browser.log == []
    assert [url for url in browser.requests if not url.startswith("data:")] == [(tmp_path / "evil.html").as_uri()]
    # Had it slipped through, the policy of the page would have stopped it: so it does with what a test slips in.
    refused = browser.run(
        "new Promise(done => { addEventListener('securitypolicyviolation', e => done(e.violatedDirective));"
        "const script = document.createElement('script'); script.textContent = 'window.caught = 1';"
        "document.body.append(script); })"
    )
    assert refused == "script-src-elem"
    assert browser.run("fetch('data:,x').then(() => 'fetched', () => 'refused')") == "refused"
    assert browser.run("window.caught === undefined")


def test_of_a_large_board_only_the_most_probable_actions_are_kept(browser: Chromium, tmp_path: Path) -> None:
    room = "\n".join(["S" + "." * 48 + "G", *["." * 50] * 39])
    world = world_of_text(f'max_steps = 60\nmap = """\n{room}\n"""')
    run = Kept(Learner(world, batch=2), 60, kept=range(1, 61, 2))
    data, exported = page(run, limit=400_000)
    assert not exported.full
    assert exported.frames == 31
    assert exported.size <= 400_000
    path = tmp_path / "large.html"
    path.write_bytes(data)
    browser.screen(*PHONE)
    browser.open(path)
    browser.run("goTo(20); choose(0)")
    policy = run.frame(20).probabilities[0]
    lines = browser.run("[...document.querySelectorAll('#cell-actions tr')].slice(1).map(l => l.cells[1].textContent)")
    assert lines == [f"{p:.3f}" if k == policy.argmax() else "–" for k, p in enumerate(policy)]
    assert "the stronger, the surer" in browser.text("legend")
    browser.run("document.getElementById('closeup').click()")
    assert browser.run("board.cell") >= 14
    assert not browser.run(WIDE)
    assert browser.log == []
    with pytest.raises(ViewError, match="small has 1,999 states, too many for a page; expected at most"):
        page(run, limit=30_000)
