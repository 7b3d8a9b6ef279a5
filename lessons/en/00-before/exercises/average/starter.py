def average(values):
    total = 0
    for value in values:
        total = ...
    return ...


rain = [0, 4, 12, 3, 0, 0, 9]
print(average(rain), "should be 4.0")
