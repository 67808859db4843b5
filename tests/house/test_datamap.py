"""Every table and column is in the data map, so that nothing is kept that export, erasure and policy do not know."""

from tidings.privacy import datamap


def test_the_data_map_names_every_column_of_every_table_and_no_other() -> None:
    assert list(datamap.unknown()) == []


def test_a_column_is_of_one_kind() -> None:
    for table in datamap.TABLES:
        named = " ".join((table.personal, table.sealed, table.points, table.plain)).split()
        assert len(named) == len(set(named)), table.model


def test_every_way_to_an_owner_leads_there(db: None) -> None:
    for table in datamap.TABLES:
        if table.by:
            assert table.of("0190c5b0-0000-7000-8000-000000000000").count() == 0
        if table.goes_with:
            assert not table.rows._base_manager.filter(**{table.goes_with: None}).exists()
