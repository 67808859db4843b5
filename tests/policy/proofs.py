"""Which tests prove which sentence of the policy, beside those in this folder that are named by its id.

A test is named by file and function; a house test looks that each of them exists and that no sentence is without one.
"""

from collections.abc import Mapping

PROOFS: Mapping[str, tuple[str, ...]] = {
    "1.account": ("tests/house/test_datamap.py::test_the_data_map_names_every_column_of_every_table_and_no_other",),
    "1.tokens": ("tests/journeys/test_connect_every_network.py::test_*",),
    "1.content": ("tests/permissions/test_matrix.py::test_who_may_gets_in_and_nobody_else_learns_or_changes_anything",),
    "1.logs": ("tests/privacy/test_retain.py::test_*",),
    "2.use": ("tests/house/test_layers.py::test_there_is_one_door_out",),
    "3.official": (
        "tests/house/test_networks.py::test_a_network_links_to_its_documentation_and_policy_over_https",
        "tests/house/test_layers.py::test_networks_know_neither_database_nor_pages",
    ),
    "3.sharing": ("tests/core/test_door.py::test_*",),
    "3.terms": ("tests/house/test_networks.py::test_a_network_links_to_its_documentation_and_policy_over_https",),
    "4.retention": ("tests/privacy/test_retain.py::test_a_mountain_of_old_entries_is_carried_away_a_little_at_once",),
    "4.channel": (
        "tests/channels/test_ending.py::test_after_the_click_neither_the_token_nor_its_ciphertext_is_kept_anywhere",
        "tests/channels/test_siblings.py::test_*",
    ),
    "4.account": (
        "tests/privacy/test_canary.py::test_of_an_erased_person_nothing_is_left_in_any_byte_and_of_another_everything",
        "tests/privacy/test_canary.py::test_the_markers_stand_in_every_column_that_can_hold_one",
        "tests/privacy/test_canary.py::test_of_an_erased_person_a_bucket_holds_no_object_and_of_another_every",
        "tests/channels/test_hear.py::test_what_the_network_gave_goes_when_the_person_wants_it_and_what_was_written_stays",
    ),
    "4.backup": (
        "tests/commands/test_restore.py::test_who_was_erased_does_not_come_back",
        "tests/commands/test_backup.py::test_who_is_forgotten_in_the_file_of_keys_cannot_be_read",
        "tests/commands/test_backup.py::test_who_is_erased_while_it_is_made_stays_forgotten",
        "tests/commands/test_backup.py::test_it_is_ours_alone_and_nothing_can_be_read_in_it",
    ),
    "5.rest": (
        "tests/house/test_secrets.py::test_*",
        "tests/commands/test_keys.py::test_after_a_rotation_everything_opens_with_the_new_key_alone",
    ),
    "5.tls": (
        "tests/web/test_headers.py::test_over_https_browsers_are_told_to_stay_there",
        "tests/commands/test_tls.py::test_*",
    ),
    "6.cookies": ("tests/browser/test_pages.py::test_a_page_of_a_workspace_is_sound",),
    "6.browser": (
        "tests/browser/test_shell.py::test_offline_a_page_says_so_and_nothing_of_anybody_s_is_kept",
        "tests/browser/test_shell.py::test_what_the_browser_keeps_goes_when_somebody_else_comes_with_time_and_at_the_end",
        "tests/web/test_headers.py::test_signing_out_leaves_nothing_in_the_browser",
    ),
    "7.access": (
        "tests/privacy/test_export.py::test_every_personal_column_is_in_the_archive_and_no_sealed_one",
        "tests/privacy/test_import.py::test_what_is_imported_into_an_empty_instance_and_exported_again_is_equal",
    ),
    "7.correct": ("tests/web/test_settings.py::test_*",),
    "7.delete": ("tests/privacy/test_canary.py::test_*",),
    "7.object": (
        "tests/privacy/test_engine.py::test_of_a_frozen_person_nothing_goes_out_until_she_goes_on_and_decides",
        "tests/privacy/test_engine.py::test_no_chore_touches_what_is_frozen",
        "tests/privacy/test_engine.py::test_who_wants_no_mails_gets_none_but_those_for_the_login",
        "tests/privacy/test_engine.py::test_a_channel_that_is_not_to_be_observed_is_not_read_back",
        "tests/web/test_security_log.py::test_who_does_not_want_to_be_watched_is_only_where_somebody_fails",
    ),
    "7.contact": ("tests/commands/test_doctor.py::test_*",),
}
