"""The share of pairs, on five patients, on 200 with equal scores, and where a coin decides."""

import numpy as np

from fathom.runtime.expect import Attempt, expect

five = np.array([0.9, 0.4, 0.6, 0.4, 0.1]), np.array([1, 1, 0, 0, 0])
rng = np.random.default_rng(2)
ill = (rng.random(200) < 0.25).astype(int)
many = np.round(rng.normal(size=200) + ill, 1), ill
same = np.full(50, 0.5), np.arange(50) % 2
PRAISE = "Right: this number is the area under the ROC curve, and no threshold was needed for it."


def check(attempt: Attempt) -> None:
    """Each list has equal scores somewhere."""
    for (scores, ill), who in (
        (five, "five patients"),
        (many, "200 patients"),
        (same, "patients who all score 0.5"),
    ):
        sick, well = scores[ill == 1][:, None], scores[ill == 0][None]
        higher, equal = sick > well, sick == well
        right = np.mean(higher + 0.5 * equal)
        causes = [
            (higher.mean(), "Pairs with equal scores are missing: each counts half."),
            ((higher | equal).mean(), "Pairs with equal scores count half; yours count whole."),
            (
                np.mean((higher | equal) + 0.5 * equal),
                "Pairs with equal scores count one and a half in yours: higher should hold only "
                "those with >, not those with >=.",
            ),
            (1 - right, "You count the pairs in which the *healthy* one is higher."),
            (
                np.sum(higher + 0.5 * equal),
                f"You summed; of {sick.size * well.size} pairs this is "
                "the number that is right. The AUC is their share: take the mean.",
            ),
            (
                np.mean(ill == (scores >= 0.5)),
                "This is the accuracy at the threshold 0.5. "
                "The AUC compares patients with each other, not with a threshold.",
            ),
        ]
        found = attempt.call("auc", scores, ill)
        expect(found, f"auc of {who}").number().near(right, causes=causes)
