import io

import numpy as np
import pandas as pd


def split(who, when, start):
    test = when >= start
    train = ~test & ~np.isin(who, who[test])
    return train, test


TEXT = """
patient,day,pulse
A,3,71
B,12,88
C,20,64
A,31,73
D,44,90
E,52,77
B,60,85
F,75,69
D,81,93
G,90,80
"""  # your own table fits here, too
visits = pd.read_csv(io.StringIO(TEXT.strip()), sep=None, engine="python")
early, late = split(visits["patient"].to_numpy(), visits["day"].to_numpy(), 60)
print(visits.assign(train=early, test=late))
