w = 5.0
path = [w]
for step in range(50):
    w = ...
    path.append(w)
