"""Tables have the shape they claim, come from the generator alone, and hold their groups."""

import pytest
import torch

from fathom.data import tables

MADE = [tables.heaps, tables.rings, tables.customers, tables.cloud, tables.fish]


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("made", MADE)
def test_the_seed_of_the_generator_decides(made):
    one, same, other = made(seeded()), made(seeded()), made(seeded(1))
    assert torch.equal(one.rows, same.rows)
    assert not torch.equal(one.rows, other.rows)


@pytest.mark.parametrize("made", [*MADE, lambda _: tables.iris()])
def test_every_column_and_every_group_has_a_name(made):
    table = made(seeded())
    assert table.rows.shape == (len(table.group), len(table.columns))
    assert table.group.unique().tolist() == list(range(len(table.names)))
    assert table.rows.isfinite().all()


def test_customers_come_whole_times_and_euros_are_the_larger_numbers():
    rows = tables.customers(seeded()).rows
    assert torch.equal(rows, rows.round())
    assert rows.min() >= 1
    visits, euros = tables.spread(rows)
    assert 40 < euros / visits < 80


def test_the_cloud_is_three_times_as_long_as_wide_whichever_way_it_lies():
    for seed in range(5):
        rows = tables.cloud(seeded(seed)).rows
        _, sizes, _ = torch.linalg.svd(rows - rows.mean(dim=0))
        assert 2.4 < sizes[0] / sizes[1] < 4


def test_of_the_fish_length_and_height_tell_the_same_and_speed_something_else():
    table = tables.fish(seeded())
    found = torch.corrcoef(table.rows.T)
    assert found[0, 2] > 0.9
    assert found[:, 1].abs().sort().values[:2].max() < 0.25


def test_the_first_iris_is_the_one_that_fisher_printed_with_its_petals_first():
    table = tables.iris()
    assert table.rows[0].tolist() == pytest.approx([1.4, 0.2, 5.1, 3.5])
    assert table.columns[0] == "petal length in cm"
    assert table.group.bincount().tolist() == [50, 50, 50]


def test_a_column_of_one_value_spreads_by_one_and_the_others_as_they_do():
    rows = torch.tensor([[1.0, 5.0], [3.0, 5.0]])
    assert tables.spread(rows).tolist() == [1.0, 1.0]
    assert tables.spread(3 * rows).tolist() == [3.0, 1.0]
