"""Die Maschine zwei Schritte lang bei dreien, dann die gewählte Lernrate bei allen."""

import numpy as np

from fathom.runtime.expect import Attempt, expect, show, wrong

LIMITS = {"cpu": 10, "wall": 30}
PRAISE = "Richtig: Daten, Verlust, Gradient, Lernrate. Dieselben Zeilen trainieren ein Netz."
STEPS = 1000
ROOM = 1.01  # wie weit über dem besten Verlust man enden darf

hours = np.array([0.5, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 9.0, 9.5])
points = np.array([27.0, 25.0, 40.0, 38.0, 52.0, 49.0, 66.0, 71.0, 90.0, 81.0])
three = np.array([1.0, 2.0, 3.0]), np.array([20.0, 27.0, 37.0])
best = np.mean((np.polyval(np.polyfit(hours, points, 1), hours) - points) ** 2)


def walk(x, y, lr, steps, way=-1):
    """Die Geraden (steps + 1, 2) und ihr Verlust (steps + 1,)."""
    w = b = 0.0
    lines, losses = [], []
    for _ in range(steps + 1):
        error = w * x + b - y
        lines.append((w, b))
        losses.append((error**2).mean())
        w, b = w + way * lr * 2 * (error * x).mean(), b + way * lr * 2 * error.mean()
    return np.array(lines), np.array(losses)


def told(called, right, mine):
    """Wenn keine bekannte Ursache passt: was erwartet wird und was da ist."""
    return mine, f"{called} soll {show(right)} sein, ist aber {show(mine)}."


def check(attempt: Attempt) -> None:
    """Erst die Maschine, dann die Lernrate, dann die Antwort."""
    machine(attempt)
    rate(attempt)
    w, b = attempt["w"], attempt["b"]
    promise = [
        (w * 7, "In seven fehlt der Achsenabschnitt: Auch ohne Lernen gibt es Punkte. Addiere b."),
        (w + b, "Das ist die Vorhersage für eine Stunde. Setz sieben Stunden ein."),
        (7.0, "seven sind noch die Stunden: Setz sie in die Gerade ein, w * 7 + b."),
    ]
    seven = expect(attempt["seven"], "seven").number()
    seven.near(w * 7 + b, causes=[*promise, told("seven", w * 7 + b, seven.value)])


def machine(attempt: Attempt) -> None:
    """Zwei Schritte bei den dreien aus der Lektion, mit der Lernrate 0,01."""
    lines, losses = walk(*three, 0.01, 2)
    found = attempt.call("fit", *three, 0.01, 2)
    if not isinstance(found, list | tuple) or len(found) != 3:
        wrong("fit soll drei Dinge zurückgeben: return w, b, losses.")
    up, _ = walk(*three, 0.01, 2, way=1)
    causes = [
        (up[2], "Deine Maschine geht bergauf: Zieh den Gradienten ab, statt ihn zu addieren."),
        (lines[1], "Sie hört nach einem von zwei Schritten auf: Das return steht in der Schleife."),
        (
            np.polyfit(*three, 1),
            "Diese Gerade kommt aus einer Formel. Sie stimmt, aber hier soll die Maschine laufen.",
        ),
        ([0.0, 0.0], "w und b sind nach zwei Schritten noch 0: Gib ihnen ihre neuen Werte."),
        (
            after_w(*three),
            "b geht von einem w aus, das sich schon bewegt hat: Ändere beide zugleich.",
        ),
    ]
    expect(found[:2], "w und b nach zwei Schritten").near(
        lines[2], causes=[*causes, told("w und b nach zwei Schritten", lines[2], found[:2])]
    )
    kept = found[2]
    if np.shape(kept) != (2,):
        wrong(
            "losses soll für jeden von 2 Schritten eine Zahl enthalten, hat aber die Form "
            f"{np.shape(kept)}: Häng in jedem Schritt einmal den mittleren quadratischen Fehler an."
        )
    causes = [
        (losses[1:], "Du hebst den Verlust nach jedem Schritt auf; gefragt ist der davor."),
        (
            losses[:2] * 3,
            "In losses stehen Summen: Der Verlust ist der Mittelwert der quadrierten Fehler.",
        ),
        (losses[:2] ** 0.5, "Du hast eine Wurzel gezogen: Lass sie weg."),
    ]
    expect(kept, "losses").near(losses[:2], causes=[*causes, told("losses", losses[:2], kept)])


def after_w(x, y, lr=0.01):
    """Wohin zwei Schritte führen, wenn b das schon geänderte w sieht."""
    w = b = 0.0
    for _ in range(2):
        w = w - lr * 2 * ((w * x + b - y) * x).mean()
        b = b - lr * 2 * (w * x + b - y).mean()
    return np.array([w, b])


def rate(attempt: Attempt) -> None:
    """Die gewählte Lernrate kommt in den erlaubten Schritten an."""
    lr = float(expect(attempt["lr"], "lr").number().value)
    if not lr > 0:
        wrong(f"lr ist {lr:g}: Eine Lernrate ist größer als 0, sonst geht es nicht bergab.")
    with np.errstate(all="ignore"):  # wer davonläuft, bekommt es in Worten gesagt
        end = walk(hours, points, lr, STEPS)[1][-1]
    if not end < 1e6:
        wrong(
            f"Mit lr = {lr:g} wächst der Verlust, bis er keine Zahl mehr ist: Jeder Schritt "
            "springt über das Tal. Mach lr kleiner."
        )
    if end > ROOM * best:
        wrong(
            f"Mit lr = {lr:g} ist die Maschine nach {STEPS} Schritten nicht angekommen: Ihr "
            f"Verlust ist {end:.1f}, der der besten Geraden {best:.1f}. Mach lr größer."
        )
    w, b = walk(hours, points, lr, STEPS)[0][-1]
    mine = attempt["w"], attempt["b"]
    if not np.allclose(mine, (w, b), rtol=1e-3, atol=1e-3):
        wrong(
            f"w und b sollen sein, was fit nach {STEPS} Schritten gibt, {w:.2f} und {b:.2f}, sind "
            f"aber {show(mine[0])} und {show(mine[1])}."
        )
