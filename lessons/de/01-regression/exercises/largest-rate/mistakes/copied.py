"""Expect: Berechne es aus den Stunden"""

import numpy as np

hours = np.arange(0.5, 10.5, 0.5)  # (20,)


def largest_rate(hours):
    ww = 2 * (hours**2).mean()  # um wie viel die Steigung von w wächst, wenn w um 1 wächst
    wb = 2 * hours.mean()  # um wie viel sie wächst, wenn b um 1 wächst
    bb = 2.0  # um wie viel die Steigung von b wächst, wenn b um 1 wächst
    steepest = np.linalg.eigvalsh(np.array([[ww, wb], [wb, bb]]))[-1]
    return 0.0273


print(largest_rate(hours), "soll 0.0273 sein")
