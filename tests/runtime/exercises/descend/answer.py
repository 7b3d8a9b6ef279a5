w = 5.0
path = [w]
for step in range(50):
    w = w - 0.1 * 2 * w
    path.append(w)
