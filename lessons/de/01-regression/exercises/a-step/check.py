"""Ein Schritt von einer Geraden mit Fehlern beider Vorzeichen, dann der aus der Lektion."""

import numpy as np

from fathom.runtime.expect import Attempt, expect, show, wrong

LIMITS = {"cpu": 10, "wall": 30}
PRAISE = "Richtig: Geh ein paar Hundert davon, und du hast ein Modell trainiert."

hours = np.array([1.0, 2.0, 4.0, 5.0])
points = np.array([30.0, 30.0, 50.0, 60.0])
w, b, lr = 7.0, 20.0, 0.02
error = w * hours + b - points  # -3, 4, -2, -5
slope_w, slope_b = 2 * (error * hours).mean(), 2 * error.mean()  # -14, -3
right = np.array([w - lr * slope_w, b - lr * slope_b])  # 7.28, 20.06
later = 2 * (right[0] * hours + b - points).mean()  # slope_b, wenn w schon weitergegangen ist

CAUSES = [
    (
        [w + lr * slope_w, b + lr * slope_b],
        "Du gehst bergauf: Der Gradient zeigt dorthin, wo der Verlust steigt. Zieh ihn ab.",
    ),
    (
        [w - slope_w, b - slope_b],
        "Du hast den ganzen Gradienten genommen. Ein Schritt ist Lernrate mal Gradient: "
        "lr * slope_w.",
    ),
    (
        [-lr * slope_w, -lr * slope_b],
        "Das ist, wie weit du gehst, nicht wo du ankommst: Zieh es vom alten w und b ab.",
    ),
    (
        [right[0], b - lr * 2 * (error * hours).mean()],
        "slope_b ist mit den Stunden multipliziert wie slope_w. Der Achsenabschnitt verschiebt "
        "jede Schätzung um gleich viel, also stehen hier die Fehler allein.",
    ),
    ([right[0], b - lr * error.mean()], "Die 2 in slope_b fehlt: Sie kommt vom Quadrat."),
    (
        [right[0], b - lr * 2 * error.sum()],
        "slope_b ist eine Summe; der Verlust ist ein Mittelwert, also auch seine Steigung.",
    ),
    (
        [right[0], b - lr * later],
        "Du hast erst w geändert und slope_b an der neuen Geraden berechnet. Beide gehören zur "
        "alten Geraden: Berechne sie, bevor du etwas änderst.",
    ),
    (right[::-1], "Beide Zahlen stimmen, aber in der falschen Reihenfolge: return w, b."),
    ([w, b], "Die Gerade hat sich nicht bewegt: Gib das neue w und b zurück."),
    (
        [right[0], -lr * slope_b],
        "Dein b ist nur der Weg, den es geht: Zieh ihn vom alten b ab.",
    ),
    ([right[0], b], "Nur w hat sich bewegt: Auch b geht einen Schritt."),
]


def told(called, right, mine):
    """Wenn keine bekannte Ursache passt: was erwartet wird und was da ist."""
    return mine, f"{called} soll {show(right)} sein, ist aber {show(mine)}."


def check(attempt: Attempt) -> None:
    """Wohin die Gerade geht; jeder Rechenweg ist richtig."""
    found = attempt.call("step", w, b, hours, points, lr)
    if isinstance(found, list | tuple) and any(np.ndim(one) for one in found):
        wrong(
            "step gibt ein Array zurück, wo eine Zahl stehen soll: Eine Steigung ist der "
            "Mittelwert über alle Studierenden."
        )
    expect(found, "Das Ergebnis von step").that(
        np.shape(found) == (2,), "step soll zwei Zahlen zurückgeben: return w, b."
    ).near(right, causes=[*CAUSES, told("Das Ergebnis von step", right, found)])
    three = np.array([1.0, 2.0, 3.0]), np.array([20.0, 27.0, 37.0])
    found = attempt.call("step", 10.0, 10.0, *three, 0.01)
    lesson = np.array([9.9, 9.96])
    expect(found, "Der Schritt aus der Lektion").near(
        lesson, causes=[told("Der Schritt aus der Lektion", lesson, found)]
    )
