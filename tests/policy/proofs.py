"""Which tests prove which sentence of the policy, beside those in this folder that are named by its id.

A test is named by file and function; a house test looks that each of them exists and that no sentence is without one.
"""

from collections.abc import Mapping

PROOFS: Mapping[str, tuple[str, ...]] = {
    "1.account": ("tests/house/test_datamap.py::test_the_data_map_names_every_column_of_every_table_and_no_other",),
    "1.tokens": ("tests/journeys/test_connect_every_network.py::test_*",),
    "1.content": ("tests/web/test_page_access.py::test_a_stranger_finds_nothing",),
    "1.logs": ("tests/privacy/test_retain.py::test_*",),
    "2.use": ("tests/house/test_layers.py::test_there_is_one_door_out",),
    "3.official": (
        "tests/house/test_networks.py::test_a_network_links_to_its_documentation_and_policy_over_https",
        "tests/house/test_layers.py::test_networks_know_neither_database_nor_pages",
    ),
    "3.sharing": ("tests/core/test_door.py::test_*",),
    "3.terms": ("tests/house/test_networks.py::test_a_network_links_to_its_documentation_and_policy_over_https",),
    "4.retention": (),
    "4.channel": ("tests/channels/test_siblings.py::test_*",),
    "4.account": (
        "tests/privacy/test_canary.py::test_of_an_erased_person_nothing_is_left_in_any_byte_and_of_another_everything",
        "tests/privacy/test_canary.py::test_the_markers_stand_in_every_column_that_can_hold_one",
    ),
    "4.backup": (),
    "5.rest": ("tests/house/test_secrets.py::test_*",),
    "5.tls": (
        "tests/web/test_headers.py::test_over_https_browsers_are_told_to_stay_there",
        "tests/commands/test_tls.py::test_*",
    ),
    "6.cookies": ("tests/browser/test_pages.py::test_a_page_of_a_workspace_is_sound",),
    "7.access": ("tests/privacy/test_export.py::test_every_personal_column_is_in_the_archive_and_no_sealed_one",),
    "7.correct": ("tests/web/test_settings.py::test_*",),
    "7.delete": ("tests/privacy/test_canary.py::test_*",),
    "7.object": (),
    "7.contact": ("tests/commands/test_doctor.py::test_*",),
}
