"""What one step does, event by event, in the order of docs/levels.md; each world is a map of a few cells."""

from __future__ import annotations

import numpy as np
import pytest

from game.world.dynamics import Dynamics, build
from game.world.level_file import parse_level

Cell = tuple[int, int]
#: What happened: the cell after the step, the coins taken by then, the reward, whether the episode ended.
Happened = tuple[Cell, tuple[Cell, ...], float, bool]


def world(rows: str, rest: str = "") -> Dynamics:
    """The world of a map whose lines are separated by spaces, with the rest of its file."""
    drawn = rows.replace(" ", "\n")
    return build(parse_level(f'map = """\n{drawn}\n"""\n{rest}', "test", "test"))


def state_at(dynamics: Dynamics, cell: Cell, taken: tuple[Cell, ...] = ()) -> int:
    layout = dynamics.layout
    assert layout is not None
    coins = [tuple(coin) for coin in layout.coins.tolist()]
    return int(layout.cell_states[sum(1 << coins.index(coin) for coin in taken), cell[0], cell[1]])


def after(dynamics: Dynamics, cell: Cell, action: str, taken: tuple[Cell, ...] = ()) -> dict[Happened, float]:
    """Everything that one action may lead to, with its probability."""
    layout = dynamics.layout
    assert layout is not None
    found: dict[Happened, float] = {}
    state, number = state_at(dynamics, cell, taken), dynamics.actions.index(action)
    for k in range(dynamics.n_outcomes):
        at = state, number, k
        if dynamics.probability[at] > 0:
            following = dynamics.next_state[at]
            row, column = (int(place) for place in layout.position[following])
            coins = tuple((int(r), int(c)) for r, c in layout.coins[layout.taken[following]])
            happened = ((row, column), coins, float(dynamics.reward[at]), bool(dynamics.ends[at]))
            assert happened not in found, "equal outcomes are merged"
            found[happened] = float(dynamics.probability[at])
    return found


def cells(dynamics: Dynamics, cell: Cell, action: str) -> dict[Cell, float]:
    """Only where one action may lead."""
    found: dict[Cell, float] = {}
    for (place, *_), chance in after(dynamics, cell, action).items():
        found[place] = found.get(place, 0.0) + chance
    return found


EIGHT = 'actions = ["up", "up-right", "right", "down-right", "down", "down-left", "left", "up-left", "stay"]\n'


@pytest.mark.parametrize(
    ("action", "cell"),
    [
        ("up", (0, 1)),
        ("up-right", (0, 2)),
        ("right", (1, 2)),
        ("down-right", (2, 2)),
        ("down", (2, 1)),
        ("down-left", (2, 0)),
        ("left", (1, 0)),
        ("up-left", (0, 0)),
        ("stay", (1, 1)),
    ],
)
def test_each_action_moves_where_its_name_says(action: str, cell: Cell) -> None:
    assert cells(world("... ... ...", EIGHT), (1, 1), action) == {cell: 1.0}


@pytest.mark.parametrize("action", ["up", "left", "right", "down"])
def test_walls_and_edges_block(action: str) -> None:
    assert cells(world(".#. ###"), (0, 0), action) == {(0, 0): 1.0}


def test_a_diagonal_move_passes_between_two_walls() -> None:
    assert cells(world(".# #.", EIGHT), (0, 0), "down-right") == {(1, 1): 1.0}


class TestSwap:
    def test_the_action_turns_into_its_opposite(self) -> None:
        dynamics = world("... .?. ...", EIGHT)
        assert cells(dynamics, (1, 1), "up") == {(2, 1): 1.0}
        assert cells(dynamics, (1, 1), "up-left") == {(2, 2): 1.0}

    def test_stay_is_its_own_opposite(self) -> None:
        assert cells(world("... .?. ...", EIGHT), (1, 1), "stay") == {(1, 1): 1.0}

    def test_the_opposite_need_not_be_an_action_of_the_level(self) -> None:
        assert cells(world(".?.", 'actions = ["right"]'), (0, 1), "right") == {(0, 0): 1.0}

    def test_it_acts_from_the_tile_stood_on_not_the_tile_entered(self) -> None:
        assert cells(world("..?."), (0, 1), "right") == {(0, 2): 1.0}


class TestSlip:
    def test_it_turns_a_quarter_to_either_side_half_each(self) -> None:
        dynamics = world("... ... ...", "slip = 0.2")
        assert cells(dynamics, (1, 1), "up") == pytest.approx({(0, 1): 0.8, (1, 0): 0.1, (1, 2): 0.1})

    def test_it_turns_to_directions_that_are_no_actions(self) -> None:
        dynamics = world("... ... ...", 'slip = 0.2\nactions = ["left", "right"]')
        assert cells(dynamics, (1, 1), "left") == pytest.approx({(1, 0): 0.8, (0, 1): 0.1, (2, 1): 0.1})

    def test_a_diagonal_slips_to_diagonals(self) -> None:
        dynamics = world("... ... ...", EIGHT + "slip = 0.2")
        assert cells(dynamics, (1, 1), "up-right") == pytest.approx({(0, 2): 0.8, (0, 0): 0.1, (2, 2): 0.1})

    def test_stay_never_slips(self) -> None:
        assert cells(world("... .~. ...", EIGHT + "slip = 1"), (1, 1), "stay") == {(1, 1): 1.0}

    def test_it_comes_after_the_swap(self) -> None:
        dynamics = world("... .?. ...", "slip = 0.2")
        assert cells(dynamics, (1, 1), "up") == pytest.approx({(2, 1): 0.8, (1, 0): 0.1, (1, 2): 0.1})

    def test_ice_replaces_the_slip_of_the_level(self) -> None:
        dynamics = world("... .~. ...", "slip = 0.2")
        third = 1 / 3
        assert cells(dynamics, (1, 1), "up") == pytest.approx({(0, 1): third, (1, 0): third, (1, 2): third})
        assert cells(dynamics, (1, 0), "up") == pytest.approx({(0, 0): 0.8, (1, 0): 0.1, (1, 1): 0.1})

    def test_blocked_slips_add_up_to_one_outcome(self) -> None:
        assert after(world("..", "slip = 0.2"), (0, 0), "right") == pytest.approx(
            {((0, 1), (), 0.0, False): 0.8, ((0, 0), (), 0.0, False): 0.2}
        )

    def test_a_tile_may_take_the_slip_away(self) -> None:
        dynamics = world("... .o. ...", "slip = 0.2\n[tiles.o]\nslip = 0")
        assert cells(dynamics, (1, 1), "up") == {(0, 1): 1.0}

    def test_a_slip_of_one_never_goes_where_it_is_meant_to(self) -> None:
        assert cells(world("... ... ...", "slip = 1"), (1, 1), "up") == {(1, 0): 0.5, (1, 2): 0.5}


class TestWind:
    def test_it_pushes_after_the_move(self) -> None:
        assert cells(world("... ... .^. ..."), (2, 1), "right") == {(1, 2): 1.0}

    @pytest.mark.parametrize(("letter", "cell"), [("^", (0, 1)), (">", (1, 2)), ("v", (2, 1)), ("<", (1, 0))])
    def test_each_standard_wind_blows_where_its_letter_points(self, letter: str, cell: Cell) -> None:
        dynamics = world(f"... .{letter}. ...", 'actions = ["stay"]')
        assert cells(dynamics, (1, 1), "stay") == {cell: 1.0}

    def test_it_pushes_after_a_blocked_move_too(self) -> None:
        assert cells(world("... .^# ..."), (1, 1), "right") == {(0, 1): 1.0}

    def test_it_is_the_wind_of_the_tile_stood_on_at_the_start_of_the_step(self) -> None:
        assert cells(world("... .^. ..."), (1, 0), "right") == {(1, 1): 1.0}
        assert cells(world("... ^>. ..."), (1, 0), "right") == {(0, 1): 1.0}

    def test_each_cell_of_a_longer_push_is_blocked_by_itself(self) -> None:
        rest = '[tiles.w]\npush = "up"\npush_cells = 3'
        assert cells(world(". . . w", rest + "\n"), (3, 0), "left") == {(0, 0): 1.0}
        assert cells(world("# . . w", rest), (3, 0), "left") == {(1, 0): 1.0}
        assert cells(world(". # . w", rest), (3, 0), "left") == {(2, 0): 1.0}

    def test_it_may_push_diagonally(self) -> None:
        dynamics = world("... ... w..", '[tiles.w]\npush = "up-right"\npush_cells = 2')
        assert cells(dynamics, (2, 0), "left") == {(0, 2): 1.0}

    def test_it_pushes_what_has_slipped(self) -> None:
        dynamics = world("... ... .^. ...", "slip = 0.2")
        assert cells(dynamics, (2, 1), "right") == pytest.approx({(1, 2): 0.8, (0, 1): 0.1, (2, 1): 0.1})

    def test_a_swap_a_slip_and_a_wind_act_in_this_order(self) -> None:
        dynamics = world(
            "..... ..... ..m.. .....", '[tiles.m]\neffect = "swap"\nslip = 0.5\npush = "right"\npush_cells = 1'
        )
        # "left" becomes right; it slips to up or down; then the wind takes it one cell to the right.
        assert cells(dynamics, (2, 2), "left") == {(2, 4): 0.5, (1, 3): 0.25, (3, 3): 0.25}


class TestPay:
    def test_the_tile_entered_pays_and_other_cells_pay_the_step_reward(self) -> None:
        dynamics = world("..o", "step_reward = -1\n[tiles.o]\nreward = 5")
        assert after(dynamics, (0, 0), "right") == {((0, 1), (), -1.0, False): 1.0}
        assert after(dynamics, (0, 1), "right") == {((0, 2), (), 5.0, False): 1.0}

    def test_a_tile_pays_nothing_to_who_stays_on_it(self) -> None:
        dynamics = world(".o", "step_reward = -1\n[tiles.o]\nreward = 5")
        assert after(dynamics, (0, 1), "right") == {((0, 1), (), -1.0, False): 1.0}

    def test_a_reward_of_zero_is_a_reward(self) -> None:
        dynamics = world(".o", "step_reward = -1\n[tiles.o]\nreward = 0")
        assert after(dynamics, (0, 0), "right") == {((0, 1), (), 0.0, False): 1.0}

    def test_only_the_final_cell_acts_not_the_one_crossed_before_the_wind(self) -> None:
        dynamics = world("... .X. ..^", "step_reward = -1")
        # From the wind at (2, 2): left to (2, 1), then up onto the pit.
        assert after(dynamics, (2, 2), "left") == {((1, 1), (), -1.0, True): 1.0}
        crossed = world("... ... X^.", "step_reward = -1")
        assert after(crossed, (2, 1), "left") == {((1, 0), (), -1.0, False): 1.0}

    def test_blown_back_onto_the_first_cell_pays_the_step_reward(self) -> None:
        dynamics = world(". w", 'step_reward = -1\n[tiles.w]\nreward = 5\npush = "down"')
        assert after(dynamics, (1, 0), "up") == {((1, 0), (), -1.0, False): 1.0}

    def test_goal_and_pit_pay_one_and_minus_one_and_end(self) -> None:
        dynamics = world("X.G", "step_reward = -0.1")
        assert after(dynamics, (0, 1), "right") == {((0, 2), (), 1.0, True): 1.0}
        assert after(dynamics, (0, 1), "left") == {((0, 0), (), -1.0, True): 1.0}
        assert dynamics.goal.sum() == 1

    def test_ending_states_are_self_loops_that_pay_nothing(self) -> None:
        dynamics = world("X.G", "step_reward = -0.1\nslip = 0.5")
        for cell in ((0, 0), (0, 2)):
            assert dynamics.terminal[state_at(dynamics, cell)]
            assert after(dynamics, cell, "up") == {(cell, (), 0.0, True): 1.0}
        assert not dynamics.terminal[state_at(dynamics, (0, 1))]
        assert not dynamics.goal[dynamics.terminal].any()


class TestRestart:
    REST = 'step_reward = -1\n[tiles.C]\neffect = "restart"\nreward = -100'

    def test_it_pays_then_puts_back_on_the_start(self) -> None:
        assert after(world("S.C", self.REST), (0, 1), "right") == {((0, 0), (), -100.0, False): 1.0}

    def test_it_draws_from_the_start_distribution(self) -> None:
        dynamics = world("SC.Z", self.REST + "\n[tiles.Z]\nstart = 3")
        assert after(dynamics, (0, 2), "left") == {
            ((0, 0), (), -100.0, False): 0.25,
            ((0, 3), (), -100.0, False): 0.75,
        }

    def test_a_uniform_start_is_drawn_over_all_cells_to_stand_on(self) -> None:
        dynamics = world(".C.G", self.REST)
        assert cells(dynamics, (0, 0), "right") == {(0, 0): 0.5, (0, 2): 0.5}

    def test_it_keeps_the_coins_taken(self) -> None:
        dynamics = world("S.C *..", self.REST)
        assert after(dynamics, (0, 1), "right", ((1, 0),)) == {((0, 0), ((1, 0),), -100.0, False): 1.0}

    def test_without_a_reward_of_its_own_it_pays_the_step_reward(self) -> None:
        dynamics = world("S.C", 'step_reward = -1\n[tiles.C]\neffect = "restart"')
        assert after(dynamics, (0, 1), "right") == {((0, 0), (), -1.0, False): 1.0}

    def test_slipping_onto_it_from_the_start_differs_from_staying(self) -> None:
        dynamics = world("S CC", self.REST + "\n[tiles.S]\nslip = 0.5")
        assert after(dynamics, (0, 0), "right") == {
            ((0, 0), (), -1.0, False): 0.75,
            ((0, 0), (), -100.0, False): 0.25,
        }


class TestCoins:
    def test_a_coin_pays_once_and_leaves_the_set(self) -> None:
        dynamics = world(".*.", "step_reward = -0.1")
        assert after(dynamics, (0, 0), "right") == {((0, 1), ((0, 1),), 1.0, False): 1.0}
        assert after(dynamics, (0, 0), "right", ((0, 1),)) == {((0, 1), ((0, 1),), -0.1, False): 1.0}

    def test_taken_its_cell_is_floor_as_the_level_has_it(self) -> None:
        rest = "step_reward = -0.1\nslip = 0.5\n[tiles.'*']\nslip = 0\npush = 'up'\ngoal = true\n"
        dynamics = world("... .*. ...", rest + "[tiles.'.']\nreward = -0.3")
        taken = ((1, 1),)
        assert after(dynamics, (1, 0), "right", taken)[(1, 1), taken, -0.3, False] == 0.5
        assert after(dynamics, (1, 1), "right", taken) == {
            ((1, 2), taken, -0.3, False): 0.5,
            ((0, 1), taken, -0.3, False): 0.25,
            ((2, 1), taken, -0.3, False): 0.25,
        }
        assert dynamics.goal[state_at(dynamics, (1, 0))].any()
        assert not dynamics.goal[state_at(dynamics, (1, 0), taken)].any()

    def test_states_are_cells_times_sets_of_coins(self) -> None:
        dynamics = world("S** ..#")
        assert dynamics.n_states == 5 * 4
        assert dynamics.start.sum() == dynamics.start[state_at(dynamics, (0, 0))] == 1.0

    def test_coins_are_taken_one_by_one_in_any_order(self) -> None:
        dynamics = world("*S*")
        assert list(after(dynamics, (0, 1), "left")) == [((0, 0), ((0, 0),), 1.0, False)]
        assert list(after(dynamics, (0, 1), "right", ((0, 0),))) == [((0, 2), ((0, 0), (0, 2)), 1.0, False)]

    def test_a_coin_that_ends_the_episode_is_the_last_one(self) -> None:
        dynamics = world("S*", '[tiles."*"]\nends = true')
        assert after(dynamics, (0, 0), "right") == {((0, 1), ((0, 1),), 1.0, True): 1.0}
        assert dynamics.terminal[state_at(dynamics, (0, 1), ((0, 1),))]

    def test_coins_with_restarts_at_many_start_cells_keep_their_probabilities(self) -> None:
        dynamics = world("..* .C.", 'slip = 0.3\n[tiles.C]\neffect = "restart"')
        assert dynamics.probability.sum(axis=-1) == pytest.approx(np.ones((12, 4)), abs=1e-15)


class TestStart:
    def test_without_a_start_tile_it_is_uniform_over_cells_to_stand_on(self) -> None:
        dynamics = world(".~?^ #XG* ....", '[tiles.C]\neffect = "restart"')
        layout = dynamics.layout
        assert layout is not None
        begins = {tuple(cell) for cell in layout.position[dynamics.start > 0].tolist()}
        assert begins == {(0, 0), (0, 1), (0, 2), (0, 3), (2, 0), (2, 1), (2, 2), (2, 3)}
        assert dynamics.start[dynamics.start > 0] == pytest.approx(np.full(8, 1 / 8))

    def test_start_tiles_share_by_their_weights(self) -> None:
        dynamics = world("S.Z.S", "[tiles.Z]\nstart = 2")
        assert dynamics.start.tolist() == [0.25, 0.0, 0.5, 0.0, 0.25]

    def test_a_start_tile_without_weight_is_an_ordinary_cell(self) -> None:
        assert world("S.", "[tiles.S]\nstart = 0").start.tolist() == [0.5, 0.5]


class TestObserve:
    def test_cell_tells_all_states_apart(self) -> None:
        assert world("S*.").observation.tolist() == list(range(6))

    def test_nothing_is_a_constant(self) -> None:
        assert set(world("S?.G", 'observe = "nothing"').observation.tolist()) == {0}

    def test_tile_is_the_letter_with_the_start_and_taken_coins_as_floor(self) -> None:
        dynamics = world("S.~*", 'observe = "tile"')
        seen = dynamics.observation.reshape(2, 4)
        assert seen[0, 0] == seen[0, 1] == seen[1, 3]
        assert len({*seen[0, 1:].tolist()}) == 3
        assert dynamics.n_observations == 3


def test_the_same_uniform_means_the_same_slip_wherever_one_stands() -> None:
    dynamics = world("...... ...... ......", "slip = 0.5")
    layout = dynamics.layout
    assert layout is not None
    up = dynamics.actions.index("up")
    for column in range(1, 5):
        state = state_at(dynamics, (1, column))
        ways = layout.position[dynamics.next_state[state, up]] - layout.position[state]
        assert ways.tolist() == [[-1, 0], [0, -1], [0, 1]]


def test_fractions_in_quotes_are_exact() -> None:
    dynamics = world(". . .", "slip = '2/3'\nstep_reward = ' -1 / 4 '\ndiscount = '0.5'")
    assert dynamics.reward[0, 0, 0] == -0.25
    assert dynamics.discount == 0.5
    assert cells(dynamics, (1, 0), "up") == pytest.approx({(0, 0): 1 / 3, (1, 0): 2 / 3}, abs=1e-15)


def test_what_no_outcome_fills_is_zero_and_in_range() -> None:
    dynamics = world("S.G ~~X", "step_reward = -1")
    empty = dynamics.probability == 0
    assert empty.any()
    assert not dynamics.reward[empty].any()
    assert not dynamics.ends[empty].any()
    assert ((dynamics.next_state >= 0) & (dynamics.next_state < dynamics.n_states)).all()


def test_the_tables_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="read-only"):
        world("..").reward[0, 0, 0] = 1.0
