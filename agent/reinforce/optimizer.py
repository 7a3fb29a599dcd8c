"""What makes a step of a gradient: plain descent, or Adam (Kingma and Ba 2015).

The arithmetic is that of torch's own functions.  torch's classes around them are not used: they know no rows, and the
first one that is made imports torch's compiler, which takes over a second and is of no use here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor
from torch.optim.adam import adam

from agent.reinforce.policy import Policy
from agent.reinforce.settings import Settings
from agent.reinforce.states import ALL, States

_MOMENTS = ("exp_avg", "exp_avg_sq")


class Optimizer:
    """Descends on the parameters of a policy, and can take its last step back.

    ``moments`` holds for each of Adam's two running means, of the gradient and of its square, one tensor per
    parameter; plain descent has none.  ``steps`` counts the steps taken.
    """

    def __init__(self, policy: Policy, settings: Settings) -> None:
        self.parameters = [parameter.detach() for parameter in policy.parameters()]
        self.rate = settings.learning_rate
        self.steps = 0
        kinds = len(_MOMENTS) if settings.optimizer == "adam" else 0
        self.moments = [[torch.zeros_like(tensor) for tensor in self.parameters] for _ in range(kinds)]
        self._before: list[list[Tensor]] = []
        self._rows: States = ALL

    def step(self, gradients: Sequence[Tensor], rows: States = ALL) -> None:
        """θ ← θ − α · (what it makes of the gradients), equation (1).

        ``gradients`` has one tensor per parameter; of the first parameter it holds ``rows`` only.  Rows that are left
        out stay as they are, and so do their moments: with moments of zero a gradient of zero would change nothing.
        """
        tables = [self.parameters, *self.moments]
        taken = [[tensors[0][rows], *tensors[1:]] for tensors in tables]
        self._rows, self._before = rows, [[tensor.clone() for tensor in tensors] for tensors in taken]
        parameters, *moments = taken
        if moments:
            # A short memory of squared gradients: the returns of the first, random episodes can be a hundred times
            # those that come later, and would hold the steps down for long.  eps only guards against 0/0: credit may
            # be tiny.
            adam(
                parameters,
                list(gradients),
                exp_avgs=moments[0],
                exp_avg_sqs=moments[1],
                max_exp_avg_sqs=[],
                state_steps=[torch.tensor(float(self.steps)) for _ in gradients],
                fused=True,
                amsgrad=False,
                beta1=0.9,
                beta2=0.9,
                lr=self.rate,
                weight_decay=0.0,
                eps=1e-30,
                maximize=False,
            )
        else:
            for parameter, gradient in zip(parameters, gradients, strict=True):
                parameter.add_(gradient, alpha=-self.rate)
        self.steps += 1
        if rows is not ALL:  # what was taken by a list of rows is a copy
            for tensors, new in zip(tables, taken, strict=True):
                tensors[0][rows] = new[0]

    def undo(self) -> None:
        """Take the last step back."""
        for tensors, old in zip([self.parameters, *self.moments], self._before, strict=True):
            self._put(tensors, old)
        self.steps -= 1

    @contextmanager
    def step_taken_back(self) -> Iterator[None]:
        """The parameters as they were before the last step, for a while; before the first step, as they are."""
        taken = [tensor[self._rows] if not place else tensor for place, tensor in enumerate(self.parameters)]
        after = [tensor.clone() for tensor in taken]
        self._put(self.parameters, self._before[0] if self._before else after)
        try:
            yield
        finally:
            self._put(self.parameters, after)

    def _put(self, tensors: Sequence[Tensor], values: Sequence[Tensor]) -> None:
        """Write values into tensors: of the first into the rows of the last step."""
        tensors[0][self._rows] = values[0]
        for tensor, value in zip(tensors[1:], values[1:], strict=True):
            tensor.copy_(value)

    def state(self) -> dict[str, Tensor]:
        """What the next step depends on, by name; the tensors are the ones that it changes."""
        found = {}
        for number in range(len(self.parameters) if self.moments else 0):
            found[f"{number}.step"] = torch.tensor(float(self.steps))
            found |= {f"{number}.{name}": kind[number] for name, kind in zip(_MOMENTS, self.moments, strict=True)}
        return found

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """Bring it to what :meth:`state` gave; to the beginning where that is empty.  Raises KeyError, RuntimeError."""
        self.steps = int(state["0.step"]) if self.moments and state else 0
        for name, kind in zip(_MOMENTS, self.moments, strict=False):
            for number, tensor in enumerate(kind):
                tensor.copy_(state[f"{number}.{name}"]) if state else tensor.zero_()
