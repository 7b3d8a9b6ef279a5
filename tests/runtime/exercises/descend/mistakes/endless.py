"""Expect: look for a loop that never ends"""

w = 5.0
while w != 0:
    w = w - 0.1 * 2 * (w + 1)
