"""Expect: path has the shape (6,), but should be (51,)"""

w = 5.0
path = [w]
for step in range(5):
    w = w - 0.1 * 2 * w
    path.append(w)
