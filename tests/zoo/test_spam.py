"""Logistic regression on features of messages, against scikit-learn and by hand."""

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

from fathom.data.messages import Message
from fathom.errors import DataError
from fathom.lab.config import configure, turn
from fathom.zoo.spam import FEATURES, Config, gather, run

OFF = dict.fromkeys((*FEATURES, "luck"), "off")
SOME = {"length": "on", "exclamations": "on", "capitals": "on"}


def gathered(**raw):
    config = configure(Config, raw)
    return gather(config, torch.Generator().manual_seed(config.seed))


def last(**raw):
    *_, frame = run(configure(Config, raw))
    return frame


def weights(frame):
    view = frame.draw()[1]["weights"]
    return dict(zip(view.words["rows"], view.arrays["values"][:, 0].tolist(), strict=True))


def test_each_feature_of_a_message_is_what_it_says():
    one = Message("WIN £50 now!! Call me, thanks: www.x.example", spam=True, reported=True)
    assert {name: float(feature(one)) for name, feature in FEATURES.items()} == {
        "length": 44,
        "exclamations": 2,
        "capitals": pytest.approx(4 / 44),
        "digits": 2,
        "money": 1,
        "link": 1,
        "alarm": 3,  # win, now, call
        "friendly": 1,  # thanks
        "reported": 1,
    }
    nothing = Message("", spam=False)
    assert {float(feature(nothing)) for feature in FEATURES.values()} == {0}


def test_it_finds_the_weights_that_scikit_learn_finds():
    frame = last(**OFF | SOME, lr=1, steps=2500, size=500)
    data = gathered(**OFF | SOME, size=500)
    columns = [data.names.index(name) for name in SOME]
    x, spam = data.x[:, columns].numpy(), data.spam.numpy()
    truth = LogisticRegression(C=np.inf, tol=1e-8).fit(x[: data.n], spam[: data.n])
    found = weights(frame)
    assert [found[name] for name in SOME] == pytest.approx(truth.coef_[0].tolist(), rel=0.02)
    assert found["start"] == pytest.approx(truth.intercept_[0], rel=0.02)
    numbers, held = frame.numbers(), slice(data.n, data.n + data.v)
    assert numbers["train_accuracy"] == pytest.approx(
        truth.score(x[: data.n], spam[: data.n]), abs=5e-3
    )
    least = log_loss(spam[held], truth.predict_proba(x[held]))
    assert numbers["val_loss"] == pytest.approx(least, rel=0.01)


def test_the_first_step_goes_against_the_gradient_worked_out_by_hand():
    _, second = run(configure(Config, {"steps": 1, "lr": 0.3}))
    data = gathered()
    x, spam = data.x[: data.n], data.spam[: data.n]
    by_hand = -0.3 * ((0.5 - spam)[:, None] * x).mean(dim=0)
    found = weights(second)
    for name in FEATURES:
        assert found[name] == pytest.approx(float(by_hand[data.names.index(name)]), abs=1e-6)
    assert found["start"] == pytest.approx(-0.3 * float((0.5 - spam).mean()), abs=1e-6)


def test_features_are_scaled_by_the_messages_that_are_learned_and_by_no_other():
    data = gathered()
    learned = data.x[: data.n].numpy()
    assert learned.mean(axis=0) == pytest.approx(np.zeros(len(data.names)), abs=1e-5)
    assert learned.std(axis=0, ddof=1) == pytest.approx(np.ones(len(data.names)), abs=1e-5)
    assert data.x[data.n :].mean(dim=0).abs().max() > 0.01


def test_without_any_feature_the_more_frequent_answer_is_all_there_is():
    numbers = last(**OFF).numbers()
    data = gathered()
    held = data.spam[data.n : data.n + data.v]
    assert numbers["val_accuracy"] == pytest.approx(float((held == 0).float().mean()))


def test_a_feature_that_is_switched_off_is_forgotten_and_comes_back_from_nothing():
    config = configure(Config, {"steps": 50})
    walk = run(config)
    for _ in range(20):
        frame = next(walk)
    assert weights(frame)["alarm"] > 0.1
    turn(config, "alarm", "off")
    assert "alarm" not in weights(next(walk))
    turn(config, "alarm", "on")
    assert weights(next(walk))["alarm"] == 0
    assert weights(next(walk))["alarm"] > 0


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2))]
)
def test_more_features_are_better_and_luck_is_not_one(seed):
    def held(*names):
        return last(seed=seed, size=3000, **OFF | dict.fromkeys(names, "on")).numbers()

    marks = held("exclamations")["val_accuracy"]
    more = held("exclamations", "capitals", "digits", "alarm")["val_accuracy"]
    assert more > marks + 0.05
    assert held("luck")["val_accuracy"] == pytest.approx(held()["val_accuracy"], abs=0.01)


@pytest.mark.parametrize("seed", range(3))
def test_all_words_and_few_messages_are_learned_by_heart(seed):
    numbers = last(seed=seed, train=0.04, vocabulary=1000).numbers()
    assert numbers["train_accuracy"] == 1
    assert numbers["val_accuracy"] < 0.95


def test_the_rows_of_the_table_add_up_to_the_sum_that_is_drawn():
    for vocabulary in (0, 50):
        _, views = last(vocabulary=vocabulary, message=7).draw()
        rows, cells = views["weights"].words["rows"], views["weights"].arrays["values"]
        assert len(rows) <= 17
        assert rows[-1] == "sum"
        assert cells[:-1, 2].sum() == pytest.approx(cells[-1, 2], abs=1e-4)
        assert views["sums"].arrays["xy"][7, 0] == pytest.approx(
            np.clip(cells[-1, 2], -8, 8), abs=1e-4
        )


def test_a_point_stands_right_of_the_border_when_it_is_called_spam():
    frame = last()
    numbers, views = frame.draw()
    xy, label = views["sums"].arrays["xy"], views["sums"].arrays["label"]
    assert ((xy[:, 0] > 0) == label).mean() == pytest.approx(numbers["val_accuracy"])


def test_the_drawer_is_opened_at_the_end():
    *before, end = run(configure(Config, {"steps": 5}))
    assert not any("test_accuracy" in one.seen for one in before)
    assert 0.5 < end.numbers()["test_accuracy"] <= 1


def test_the_real_messages_are_told_apart_better_than_by_always_saying_no(shared_data, monkeypatch):
    monkeypatch.setenv("FATHOM_DATA", str(shared_data))
    frame = last(data="sms")
    numbers, views = frame.draw()
    held = views["sums"].arrays["label"]
    assert len(held) > 900
    assert numbers["val_accuracy"] > (held == 0).mean() + 0.05
    assert weights(frame)["reported"] == 0  # nobody knows who wrote them


def test_where_the_real_messages_are_missing_the_made_ones_are_offered(tmp_path, monkeypatch):
    monkeypatch.setenv("FATHOM_DATA", str(tmp_path))
    monkeypatch.setenv("FATHOM_CACHE", str(tmp_path))
    monkeypatch.setenv("FATHOM_OFFLINE", "1")
    with pytest.raises(DataError, match="not on this machine") as caught:
        next(run(configure(Config, {"data": "sms"})))
    assert caught.value.instead == {"data": "made"}
    assert configure(Config, caught.value.instead).data == "made"
