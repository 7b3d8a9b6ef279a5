"""Ein Schritt bei vier Studierenden, über und unter der Geraden, dann 300 bei der Prüfung."""

import numpy as np

from fathom.data import exam
from fathom.runtime.expect import Attempt, expect, wrong

LIMITS = {"cpu": 20, "wall": 60}
PRAISE = "Richtig: 300 davon, und die Gerade ist so gut wie trainiert."
STEPS, RATE = 300, 0.025

hours = np.array([1.0, 2.0, 4.0, 5.0])
points = np.array([30.0, 30.0, 50.0, 60.0])
w, b, lr = 7.0, 20.0, 0.02
miss = points - (w * hours + b)  # 3, -4, 2, 5
slope_w, slope_b = -2 * (miss * hours).mean(), -2 * miss.mean()  # -14, -3
right = np.array([w - lr * slope_w, b - lr * slope_b])  # 7.28, 20.06
later = -2 * (points - (right[0] * hours + b)).mean()  # slope_b, wenn w schon weiter ist

CAUSES = [
    (
        [w + lr * slope_w, b + lr * slope_b],
        "Du steigst: Dein Verlust wächst von Schritt zu Schritt. Geh gegen die Steigung.",
    ),
    (
        [w - lr * slope_w / 2, b - lr * slope_b / 2],
        "Halb so weit, wie es sein soll: Das Quadrat bringt in beide Steigungen den Faktor 2.",
    ),
    (
        [w - lr * slope_b, b - lr * slope_b],
        "w und b bewegen sich um gleich viel. In der Steigung von w stehen auch die Stunden.",
    ),
    (
        [right[0], b - lr * later],
        "b hat schon das neue w benutzt. Berechne erst beide Steigungen, dann beweg beide.",
    ),
    (
        [w - 4 * lr * slope_w, b - 4 * lr * slope_b],
        "Du hast über alle addiert: Bei der Prüfung ist das 20-mal zu weit und explodiert schon "
        "bei lr = 0.0014. Der Verlust ist ein Mittelwert, also sind es auch seine Steigungen.",
    ),
    (
        [w - slope_w, b - slope_b],
        "Du hast die ganze Steigung genommen. Ein Schritt ist Lernrate mal Steigung: lr * slope_w.",
    ),
    (
        [-lr * slope_w, -lr * slope_b],
        "Das ist, wie weit du gehst, nicht wo du ankommst: Zieh es vom alten w und b ab.",
    ),
    (right[::-1], "Beide Zahlen stimmen, aber in der falschen Reihenfolge: return w, b."),
    ([w, b], "Die Gerade hat sich nicht bewegt: Gib das neue w und b zurück."),
    ([right[0], b], "Nur w hat sich bewegt: Auch b geht einen Schritt."),
    ([w, right[1]], "Nur b hat sich bewegt: Auch w geht einen Schritt."),
]


def check(attempt: Attempt) -> None:
    """Wohin ein Schritt geht, wie auch immer berechnet; dann, wohin viele führen."""
    found = attempt.call("step", w, b, hours, points, lr)
    if isinstance(found, list | tuple) and any(np.ndim(one) for one in found):
        wrong(
            "step gibt ein Array zurück, wo eine Zahl stehen soll: Eine Steigung ist ein Mittelwert "
            "über alle Studierenden."
        )
    expect(found, "Das Ergebnis von step").that(
        np.shape(found) == (2,), "step soll zwei Zahlen zurückgeben: return w, b."
    ).near(right, causes=CAUSES)
    x, y = np.linspace(0.5, 10, 20), np.array(exam.POINTS, dtype=float)
    line = [0.0, 0.0]
    for _ in range(STEPS):
        line = attempt.call("step", *line, x, y, RATE)
    best = np.polyfit(x, y, 1)
    loss, least = (np.mean((y - np.polyval(one, x)) ** 2) for one in (line, best))
    expect(line, f"Die Gerade nach {STEPS} Schritten").that(
        bool(loss < 1.01 * least),
        f"Nach {STEPS} Schritten ist der Verlust {loss:.1f}, der beste ist {least:.1f}: Der erste "
        "Schritt stimmt; such also, was nicht in jedem Schritt gleich ist.",
    )
