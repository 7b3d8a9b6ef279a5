"""Back-propagation, one operation at a time, on the graph that PyTorch records.

Watch:   Values go forward, one operation a step, until the loss J is there. Then the gradient
         comes back from J: at each operation what arrives is multiplied by the slope of that
         operation, and where several ways meet they are added. The table holds each gradient
         against autograd, and against J after a nudge. Then the weights move, and it begins anew.
Promise: gap <= 0.000001 (for every seed; gap is the largest difference, so far, of a gradient
         from autograd or from the nudge)
Source:  Linnainmaa 1970, derivatives backwards through a program; Rumelhart, Hinton and
         Williams 1986, in a network
Pace:    2 steps a second
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field as dataclass_field
from functools import partial
from itertools import count
from typing import Any

import torch
from torch import Tensor
from torch.autograd.graph import get_gradient_edge
from torch.nn import functional as F

from fathom.lab import Frame, View, choice, field, graph, knob

EXAMPLES = 4  # they are taken in turn
NUDGE = 1e-5  # how far a value is moved to see what J does
CYCLE = ("1 take", "2 predict", "3 loss", "4 backward", "5 update")
TAKE, PREDICT, LOSS, BACKWARD, UPDATE = range(5)

# What can be done to values, and how it is written.
OPERATIONS: dict[str, tuple[Callable[..., Tensor], str]] = {
    "times": (torch.mul, "{} · {}"),
    "plus": (torch.add, "{} + {}"),
    "minus": (torch.sub, "{} − {}"),
    "squared": (torch.square, "{}²"),
    "sigmoid": (torch.sigmoid, "σ({})"),
    "tanh": (torch.tanh, "tanh({})"),
    "entropy": (F.binary_cross_entropy, "BCE({}, {})"),
}


class Expression:
    """A loss, one operation after the other: "result = what is done to what"; y is the truth."""

    def __init__(
        self, weights: str, inputs: str, truth: Callable[[Tensor], Tensor], program: str
    ) -> None:
        self.weights, self.inputs, self.truth = weights.split(), inputs.split(), truth
        self.operations: dict[str, tuple[str, list[str]]] = {}
        for name, _, operation, *given in map(str.split, program.split(";")):
            self.operations[name] = operation, given
        self.leaves = [*self.weights, *self.inputs, "y"]  # what is given, not computed

    def apply(self, name: str, values: dict[str, Tensor]) -> Tensor:
        """One operation, on what it is given."""
        operation, given = self.operations[name]
        return OPERATIONS[operation][0](*(values[one] for one in given))

    def formula(self, name: str) -> str:
        """How a result is made, as it is written."""
        operation, given = self.operations[name]
        return OPERATIONS[operation][1].format(*given)


EXPRESSIONS = {
    "line": Expression(
        "w b",
        "x",
        lambda x: 3 * x[0] + 1,
        "wx = times w x; guess = plus wx b; error = minus guess y; J = squared error",
    ),
    "neuron": Expression(
        "w₁ w₂ b",
        "x₁ x₂",
        lambda x: (x[0] > x[1]).to(x.dtype),
        "w₁x₁ = times w₁ x₁; w₂x₂ = times w₂ x₂; sum = plus w₁x₁ w₂x₂; z = plus sum b;"
        "p = sigmoid z; J = entropy p y",
    ),
    "network": Expression(
        "u₁ u₂ v₁ v₂ w₁ w₂",
        "x₁ x₂",
        lambda x: x[0] * x[1],
        "u₁x₁ = times u₁ x₁; u₂x₂ = times u₂ x₂; v₁x₁ = times v₁ x₁; v₂x₂ = times v₂ x₂;"
        "s₁ = plus u₁x₁ u₂x₂; s₂ = plus v₁x₁ v₂x₂; h₁ = tanh s₁; h₂ = tanh s₂;"
        "w₁h₁ = times w₁ h₁; w₂h₂ = times w₂ h₂; guess = plus w₁h₁ w₂h₂;"
        "error = minus guess y; J = squared error",
    ),
}


@dataclass
class Config:
    expression: str = choice("line", list(EXPRESSIONS), "what is computed: from a line to 2-2-1")
    lr: float = knob(0.05, 1e-3, 1.0, "how far an update goes", log=True, live=True)
    steps: int = knob(40, 1, 2000, "operations, forward and back", live=True)
    seed: int = knob(0, 0, 9999, "0: x = 2, y = 7, w = 1, b = 3 for the line; else other numbers")


@dataclass
class State:
    """What is known in the middle of a round; all by the name of the value."""

    phase: int
    now: str  # the value that has just been computed, or passed on its gradient
    values: dict[str, Tensor]  # in the order of the computation, each of no dimensions
    slopes: dict[tuple[str, str], float] = dataclass_field(default_factory=dict)
    gradients: dict[str, float] = dataclass_field(default_factory=dict)  # dJ / d value
    autograd: dict[str, float] = dataclass_field(default_factory=dict)
    nudged: dict[str, float] = dataclass_field(default_factory=dict)
    passed: set[str] = dataclass_field(default_factory=set)  # whose gradient is complete

    def gap(self) -> float:
        """The largest difference of a complete gradient from autograd, and from the nudge."""
        return max(
            (
                abs(self.gradients[name] - other[name])
                for name in self.passed
                for other in (self.autograd, self.nudged)
            ),
            default=0.0,
        )


def run(config: Config) -> Iterator[Frame]:
    """Show each operation of the training, and hold its gradients against two others."""
    expression = EXPRESSIONS[config.expression]
    weights, examples = deal(config)
    gap = 0.0
    for step, state in enumerate(train(config, weights, examples)):
        gap = max(gap, state.gap())
        given = {name: state.values[name] for name in expression.leaves}
        yield Frame(
            step,
            of=max(step, config.steps),
            loss=compute(expression, given | weights)["J"].item(),
            gap=gap,
            views=partial(look, config, state, weights),
        )
        if step >= config.steps:
            return


def train(
    config: Config, weights: dict[str, Tensor], examples: list[dict[str, Tensor]]
) -> Iterator[State]:
    """The training cycle in five steps, and a state after each operation in it."""
    expression = EXPRESSIONS[config.expression]
    for turn in count():
        # 1: take an example, and forget the gradients of the last one
        state = State(TAKE, "", weights | examples[turn % EXAMPLES])
        yield state
        # 2 and 3: predict, and compare with the right answer; PyTorch records each operation
        for name, (_, given) in expression.operations.items():
            state.phase = LOSS if state.phase == LOSS or "y" in given else PREDICT
            state.values[name], state.now = expression.apply(name, state.values), name
            if name == "J":
                hold_against(expression, state)
            yield state
        # 4: backward
        state.phase = BACKWARD
        names = {get_gradient_edge(state.values[name]).node: name for name in state.autograd}
        for node, slopes, gradients, complete in walk(state.values["J"]):
            state.now = names[node]
            for (to, _), slope in zip(node.next_functions, slopes, strict=True):
                if to is not None:  # nobody asks for the gradient of y: it is the truth
                    state.slopes[names[to], state.now] = torch.as_tensor(slope).item()
            state.gradients = {names[one]: value.item() for one, value in gradients.items()}
            state.passed = {names[one] for one in complete}
            yield state
        # 5: update; the inputs have gradients too, but they are as they are
        state.phase, state.now = UPDATE, ""
        for name in weights:
            moved = weights[name].detach() - config.lr * state.gradients[name]
            weights[name] = moved.requires_grad_()
        yield state


@torch.no_grad()
def walk(loss: Tensor) -> Iterator[tuple[Any, list[Any], dict[Any, Tensor], set[Any]]]:
    """Go back through the graph that PyTorch recorded, from the loss to the leaves.

    After each operation: the operation, its slopes, dJ / d of what has been reached, and the set
    of those to which every way has been gone. The chain rule is the line with the plus.
    """
    root: Any = loss.grad_fn
    ways = Counter(into for node in reach(root) for into, _ in node.next_functions)
    gradients = {root: torch.ones_like(loss)}  # dJ / dJ
    complete, ready = {root}, [root]
    while ready:
        node = ready.pop(0)
        slopes = [slope(node) for slope in SLOPES[node.name()]]
        for (into, _), slope in zip(node.next_functions, slopes, strict=True):
            if into is None:  # a plain number, which is no part of the graph
                continue
            gradients[into] = gradients.get(into, 0) + gradients[node] * slope
            ways[into] -= 1
            if not ways[into]:  # nothing more will be added
                complete.add(into)
                if into.next_functions:  # an operation: a leaf has nobody to pass it on to
                    ready.append(into)
        yield node, slopes, gradients, complete


def reach(root: Any) -> set[Any]:
    """All nodes from which the root was computed, and itself."""
    found, todo = {root}, [root]
    while todo:
        for into, _ in todo.pop().next_functions:
            if into is not None and into not in found:
                found.add(into)
                todo.append(into)
    return found


# The slope of each operation to each of its inputs. It is computed from what PyTorch's node has
# kept of the way forward, and that is all that the node has kept.
SLOPES: dict[str, tuple[Callable[[Any], Any], ...]] = {
    "AddBackward0": (lambda node: 1.0, lambda node: 1.0),
    "SubBackward0": (lambda node: 1.0, lambda node: -1.0),
    "MulBackward0": (lambda node: node._saved_other, lambda node: node._saved_self),
    "PowBackward0": (  # a^n: n a^(n-1)
        lambda node: node._saved_exponent * node._saved_self ** (node._saved_exponent - 1),
    ),
    "SigmoidBackward0": (lambda node: node._saved_result * (1 - node._saved_result),),  # p (1 - p)
    "TanhBackward0": (lambda node: 1 - node._saved_result**2,),  # 1 - h^2
    "BinaryCrossEntropyBackward0": (  # -y log p - (1 - y) log(1 - p), to p and to y
        lambda node: (
            (node._saved_self - node._saved_target) / (node._saved_self * (1 - node._saved_self))
        ),
        lambda node: (1 / node._saved_self - 1).log(),
    ),
}


# ---- the numbers, and what the walk is held against


def deal(config: Config) -> tuple[dict[str, Tensor], list[dict[str, Tensor]]]:
    """The first weights, and the examples; numbers with one decimal, to be read."""
    expression = EXPRESSIONS[config.expression]
    chance = torch.Generator().manual_seed(config.seed)
    draw = partial(torch.randn, generator=chance, dtype=torch.double)
    weights = draw(len(expression.weights)).round(decimals=1)
    x = draw(EXAMPLES, len(expression.inputs)).round(decimals=1)
    if config.expression == "line" and config.seed == 0:
        weights, x[0] = torch.tensor([1.0, 3.0], dtype=torch.double), 2.0
    known = [*expression.inputs, "y"]
    examples = [leaves(known, [*one, expression.truth(one)]) for one in x]
    return leaves(expression.weights, list(weights)), examples


def leaves(names: list[str], values: list[Tensor]) -> dict[str, Tensor]:
    """Values with which a graph begins; inputs too, so that they are seen in it, but not y."""
    begun = zip(names, values, strict=True)
    return {name: one.detach().clone().requires_grad_(name != "y") for name, one in begun}


@torch.no_grad()
def compute(expression: Expression, given: dict[str, Tensor]) -> dict[str, Tensor]:
    """All values; those that are given are taken as they are, computed or not."""
    values = dict(given)
    for name in expression.operations:
        if name not in given:
            values[name] = expression.apply(name, values)
    return values


def hold_against(expression: Expression, state: State) -> None:
    """The gradients by autograd, and by moving each value a little: (J(v+h) - J(v-h)) / 2h."""
    asked = {name: value for name, value in state.values.items() if value.requires_grad}
    theirs = torch.autograd.grad(state.values["J"], list(asked.values()), retain_graph=True)
    state.autograd = {name: one.item() for name, one in zip(asked, theirs, strict=True)}
    given = {name: state.values[name].detach() for name in expression.leaves}
    for name, value in asked.items():
        up, down = (
            compute(expression, given | {name: value.detach() + by})["J"] for by in (NUDGE, -NUDGE)
        )
        state.nudged[name] = (up - down).item() / (2 * NUDGE)


# ---- what is seen


def look(config: Config, state: State, weights: dict[str, Tensor]) -> dict[str, View]:
    """The five steps, the graph with values and gradients, and the table of gradients."""
    expression = EXPRESSIONS[config.expression]
    return {
        "graph": draw(expression, state),
        "cycle": cycle(config, expression, state, weights),
        "check": check(expression, state),
    }


def draw(expression: Expression, state: State) -> View:
    """Operations from left to right; in each its formula, its value and dJ / d value."""
    layers = arrange(expression)
    names = [name for layer in layers for name in layer]
    notes, tells = [], []
    for name in names:
        made = name in expression.operations
        what = "weight" if name in expression.weights else "answer" if name == "y" else "input"
        value = f"= {short(state.values[name].item())}" if name in state.values else ""
        slope = short(state.gradients[name]) if name in state.gradients else ""
        what = expression.formula(name) if made else what
        notes.append(f"{what}\n{value}\n{slope and '∂ ' + slope}")
        tells.append(f"{name}: {what} {value}" + (f"; dJ/d{name} = {slope}" if slope else ""))
    edges = [(one, to) for to, (_, given) in expression.operations.items() for one in given]
    return graph(
        layers,
        [names.index(one) for one, _ in edges],
        [names.index(to) for _, to in edges],
        [state.slopes.get(edge, 0.0) for edge in edges],
        notes=notes,
        now=names.index(state.now) if state.now else -1,
        tells=tells,
        edges="slope",
        title=headline(expression, state),
        says=headline(expression, state),
    )


def headline(expression: Expression, state: State) -> str:
    """What has just happened, in a line."""
    if state.phase == TAKE:
        return "take an example; the old gradients are forgotten"
    if state.phase == UPDATE:
        return "each weight goes a little way against its gradient"
    if state.phase != BACKWARD:
        value = short(state.values[state.now].item())
        return f"forward: {state.now} = {expression.formula(state.now)} = {value}"
    to = expression.operations[state.now][1]
    slopes = {one: state.slopes[one, state.now] for one in to if (one, state.now) in state.slopes}
    ways = " and ".join(f"{one} × {short(slope)}" for one, slope in slopes.items())
    return f"back: {short(state.gradients[state.now])} goes from {state.now} to {ways}"


def arrange(expression: Expression) -> list[list[str]]:
    """Values in columns: results after what they are made of, leaves just before their use."""
    place: dict[str, int] = {}
    for name, (_, given) in expression.operations.items():
        place[name] = 1 + max(place.get(one, 0) for one in given)
        for one in given:
            place.setdefault(one, place[name] - 1)
    return [[name for name in place if place[name] == at] for at in range(place["J"] + 1)]


def cycle(config: Config, expression: Expression, state: State, weights: dict[str, Tensor]) -> View:
    """The five steps of training, and what each has brought in this round."""
    said = {name: short(value.item()) for name, value in state.values.items()}
    guess = next(given[0] for _, given in expression.operations.values() if "y" in given)
    found = [f"∂{name} {short(state.gradients[name])}" for name in weights if name in state.passed]
    moved = [f"{name} = {short(value.item())}" for name, value in weights.items()]
    if len(weights) > 3:  # more do not fit into a box
        found, moved = [f"{len(found)} of {len(weights)}"], [f"{len(weights)} weights"]
    notes = [
        [f"{name} = {said[name]}" for name in (*expression.inputs, "y")],
        [f"{guess} = {said[guess]}"] if guess in said else [],
        [f"J = {said['J']}"] if "J" in said else [],
        found,
        [f"− {config.lr:g} · ∂", *(moved if state.phase == UPDATE else [])],
    ]
    return graph(
        [[name] for name in CYCLE],
        range(4),
        range(1, 5),
        [0.1] * 4,
        notes=["\n".join(lines) for lines in notes],
        now=state.phase,
        tells=CYCLE,
        title="the training cycle",
        says=f"{CYCLE[state.phase]}: step {state.phase + 1} of 5 in a round",
    )


def check(expression: Expression, state: State) -> View:
    """The gradient of each weight and each result, found in three ways."""
    rows = [*expression.weights, *expression.operations]
    ways = (state.gradients, state.autograd, state.nudged)
    done = sum(name in state.passed for name in rows)
    return field(
        [[way[name] if name in state.passed else math.nan for way in ways] for name in rows],
        lo=-8,
        hi=8,
        rows=[f"dJ/d{name}" for name in rows],
        columns=["going back", "autograd", "nudged"],
        title="each gradient in three ways",
        says=f"{done} of {len(rows)} gradients, and the largest difference is {state.gap():.1g}",
    )


def short(value: float) -> str:
    """Three digits, and a true minus sign."""
    return f"{value:.3g}".replace("-", "−")
