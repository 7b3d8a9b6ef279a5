"""Messages become numbers, and a weight for each number learns to tell spam from the rest.

Watch:   Every message is a point: to the right of the line it is called spam. The two clouds
         part while the weights grow. Switch a feature off: the others take over a part of
         its work. Choose another message, and read how its features add up to its sum. The
         feature luck knows nothing; with few messages in train it gets a weight all the same.
Promise: test_accuracy >= 0.88 when data=made (for every seed)
Source:  Cox 1958, logistic regression; Almeida and Gomez Hidalgo 2011, SMS Spam Collection
Pace:    20 steps a second
Asks:    How does it tell spam from the rest?
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from fathom.data import messages, sms_spam
from fathom.data.messages import Message
from fathom.lab import Frame, View, choice, field, knob, line, points, switch

NAMES = ("not spam", "spam")
REACH = 8.0  # sums further away than this are drawn at the edge
ROWS = 14  # features that are shown, those with the greatest weights
LETTERS = 70  # of a message that are shown
ALARM = """
account bank bill call cash chance chosen claim confirm congratulations customer free guaranteed
loan locked mobile now offer overdue password pay prize reply secret stop text txt urgent win
winner won
"""
FRIENDLY = """
are birthday celebrate coming dinner home how i im late lol lovely meet my ok see sorry thanks
there tomorrow we yes
"""

FEATURES: dict[str, Callable[[Message], float]] = {
    "length": lambda one: len(one.text),
    "exclamations": lambda one: one.text.count("!"),
    "capitals": lambda one: sum(map(str.isupper, one.text)) / max(1, len(one.text)),
    "digits": lambda one: sum(map(str.isdigit, one.text)),
    "money": lambda one: len(re.findall("[£$€]", one.text)),
    "link": lambda one: "www." in one.text.lower() or "http" in one.text.lower(),
    "alarm": lambda one: counted(ALARM, one.text),
    "friendly": lambda one: counted(FRIENDLY, one.text),
    "reported": lambda one: one.reported,
}


@dataclass
class Config:
    data: str = choice("made", ["made", "sms"], "made messages, or the real SMS Spam Collection")
    size: int = knob(800, 40, 3000, "how many messages are made; all there are of the real ones")
    train: float = knob(0.6, 0.02, 0.9, "the share that is learned; val and test halve the rest")
    length: bool = switch(True, "feature: how many characters", live=True)
    exclamations: bool = switch(True, "feature: how many exclamation marks", live=True)
    capitals: bool = switch(True, "feature: the share of capital letters", live=True)
    digits: bool = switch(True, "feature: how many digits", live=True)
    money: bool = switch(True, "feature: how many signs of £, $ and €", live=True)
    link: bool = switch(True, "feature: whether there is an address", live=True)
    alarm: bool = switch(True, "feature: how many words such as win, free, urgent", live=True)
    friendly: bool = switch(True, "feature: how many words such as thanks, home", live=True)
    reported: bool = switch(True, "feature: author reported before (made messages)", live=True)
    luck: bool = switch(False, "feature: a random number, which knows nothing", live=True)
    vocabulary: int = knob(0, 0, 1000, "the commonest words, each of them a feature too")
    lr: float = knob(0.5, 1e-3, 10.0, "the learning rate", log=True, live=True)
    message: int = knob(0, 0, 999, "the message, of those held out, that is read", live=True)
    steps: int = knob(200, 1, 5000, "updates of the weights", live=True)
    seed: int = knob(0, 0, 9999, "chooses the messages and who is held out")


@dataclass
class Data:
    """N messages to learn from, V held out, T in the drawer until the end; F features."""

    texts: list[str]  # N + V + T of them
    spam: Tensor  # (N + V + T,) 0 or 1
    x: Tensor  # (N + V + T, F) features in standard deviations from their mean
    names: list[str]  # of the F features
    n: int  # N
    v: int  # V

    def parts(self) -> tuple[slice, slice, slice]:
        """The rows of train, val and test."""
        n, v = self.n, self.v
        return slice(n), slice(n, n + v), slice(n + v, len(self.texts))


def run(config: Config) -> Iterator[Frame]:
    """Logistic regression by gradient descent on all training messages at once."""
    data = gather(config, torch.Generator().manual_seed(config.seed))
    weights = torch.zeros(len(data.names), requires_grad=True)  # (F,)
    start = torch.zeros((), requires_grad=True)
    optimizer = torch.optim.SGD([weights, start], lr=config.lr)
    for step in count():
        on = chosen(config, data.names)  # (F,) 1 for the features that are switched on
        with torch.no_grad():
            weights *= on  # what was switched off is forgotten
        sums = data.x @ (weights * on) + start  # (N + V + T,)
        loss = binary_cross_entropy_with_logits(sums[: data.n], data.spam[: data.n])
        seen = measure(data, sums.detach(), last=step >= config.steps)
        views = partial(look, config, data, on, weights, start)
        yield Frame(step, of=max(step, config.steps), loss=loss.item(), **seen, views=views)
        if step >= config.steps:
            return
        optimizer.param_groups[0]["lr"] = config.lr
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def measure(data: Data, sums: Tensor, last: bool) -> dict[str, float]:
    """The share of right answers, and the loss on val; test waits in its drawer until the end."""
    train, val, test = data.parts()
    right = ((sums > 0) == (data.spam > 0.5)).float()
    seen = {
        "train_accuracy": right[train].mean().item(),
        "val_accuracy": right[val].mean().item(),
        "val_loss": binary_cross_entropy_with_logits(sums[val], data.spam[val]).item(),
    }
    if last:
        seen["test_accuracy"] = right[test].mean().item()
    return seen


def chosen(config: Config, names: list[str]) -> Tensor:
    """Which features count (F,): every word of the vocabulary, and what is switched on."""
    return torch.tensor([float(getattr(config, name, True)) for name in names])


def words(text: str) -> list[str]:
    """The words of a message, in small letters."""
    return re.findall(r"[a-z']+", text.lower())


def counted(listed: str, text: str) -> int:
    """How many words of the text are in the list."""
    known = set(listed.split())
    return sum(word in known for word in words(text))


def gather(config: Config, chance: torch.Generator) -> Data:
    """Messages in a random order, as rows of features that are scaled by what is learned."""
    found = messages.load(config.size, chance) if config.data == "made" else sms_spam.load()
    order = torch.randperm(len(found), generator=chance)
    found = [found[at] for at in order.tolist()]
    n = max(2, round(config.train * len(found)))
    v = (len(found) - n + 1) // 2

    columns = [[float(feature(one)) for one in found] for feature in FEATURES.values()]
    columns.append(torch.randn(len(found), generator=chance).tolist())
    split = [words(one.text) for one in found]
    common = Counter(word for said in split[:n] for word in set(said))
    known = sorted(common, key=lambda word: (-common[word], word))[: config.vocabulary]
    columns += [[float(word in said) for said in map(set, split)] for word in known]
    x = torch.tensor(columns).T  # (N + V + T, F)

    spread = x[:n].std(dim=0)
    x = (x - x[:n].mean(dim=0)) / torch.where(spread > 0, spread, 1)
    names = [*FEATURES, "luck", *(f"“{word}”" for word in known)]
    spam = torch.tensor([float(one.spam) for one in found])
    return Data([one.text for one in found], spam, x, names, n, v)


# ---- what is seen


@torch.no_grad()
def look(config: Config, data: Data, on: Tensor, weights: Tensor, start: Tensor) -> dict[str, View]:
    """One message as a sum, and the sums of all messages that are held out."""
    _, held, _ = data.parts()
    sums = data.x[held] @ weights + start  # (V,)
    spam = data.spam[held]
    one = config.message % data.v
    right = int(((sums > 0) == (spam > 0.5)).sum())
    base = max(int(spam.sum()), data.v - int(spam.sum()))
    height = (torch.arange(data.v) + 0.5) / data.v
    place = torch.stack([sums.clamp(-REACH, REACH), height], dim=1)  # (V, 2)
    across, up = place[one].tolist()
    return {
        "sums": points(
            place,
            label=spam,
            names=NAMES,
            x=(-REACH - 0.4, REACH + 0.4),
            y=(0, 1),
            title="The messages held out",
            x_label="sum: left not spam, right spam",
            y_label="each at its own height",
            says=f"{right} of {data.v} messages held out are right; "
            f"always saying the same would get {base}",
        ),
        "border": line([0, 0], [0, 1], on="sums", says="at 0 the answer changes"),
        "read": line([0, across], [up, up], on="sums", says="the message that is read"),
        "weights": table(data, on, weights, start, data.n + one),
    }


def table(data: Data, on: Tensor, weights: Tensor, start: Tensor, at: int) -> View:
    """Weights, the features of one message, and what each adds to its sum."""
    there = on.nonzero()[:, 0]
    order = there[weights[there].abs().argsort(descending=True, stable=True)][:ROWS].sort().values
    value = data.x[at, order]
    rest = float(data.x[at] @ weights - value @ weights[order])
    total = float(data.x[at] @ weights + start)
    rows = [[w, x, w * x] for w, x in zip(weights[order].tolist(), value.tolist(), strict=True)]
    names = [data.names[one] for one in order.tolist()]
    if len(there) > ROWS:
        rows.append([0.0, 0.0, rest])
        names.append("all others")
    rows += [[float(start), 1.0, float(start)], [0.0, 0.0, total]]
    text = data.texts[at]
    short = text if len(text) <= LETTERS else text[: LETTERS - 1] + "…"
    sure = float(torch.tensor(total).sigmoid())
    said, is_ = NAMES[int(total > 0)], NAMES[int(data.spam[at])]
    return field(
        torch.tensor(rows),
        lo=-3,
        hi=3,
        rows=[*names, "start", "sum"],
        columns=["weight", "feature", "adds"],
        title=f"“{short}” is {is_}, and is called {said}",
        says=f"“{text}” gets the sum {total:.1f}: spam with {100 * sure:.0f} %, "
        f"so it is called {said}, and it is {is_}",
    )
