"""Expect: one bias for each *input*"""

def parameters(sizes):
    total = 0
    for inputs, outputs in zip(sizes[:-1], sizes[1:]):
        total = total + inputs * outputs + inputs
    return total


print(parameters([2, 3, 1]), "should be 13")
print(parameters([400, 120, 84, 10]))
