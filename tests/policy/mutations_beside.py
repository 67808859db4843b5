"""Breakages of what is proven beside this folder: backups, keys, archives, notices of networks, logs, who runs it."""

from tests.policy.mutation import Mutation

BACKUPS, RESTORES, KEYS = "../commands/test_backup", "../commands/test_restore", "../commands/test_keys"
HEARING, CANARY, ENGINE = "../channels/test_hear", "../privacy/test_canary", "../privacy/test_engine"
EVENTS = "../channels/test_events"
HOSTILE, IMPORT, EXPORT = "../privacy/test_hostile_archive", "../privacy/test_import", "../privacy/test_export"
PAGES, OPERATORS = "../privacy/test_pages", "../privacy/test_operators"
GONE = "../privacy/test_member_gone"

BESIDE = (
    # backups
    Mutation(
        "an archive holds the keys of its owners", "commands/backups/write.py", '["" if name == KEY else value for',
        "[value for", (f"{BACKUPS}::test_even_opened",),
    ),
    Mutation(
        "an archive is not sealed", "commands/backups/write.py",
        "stream.seal(told.frames(), key, said.place(owner.name))", "told.frames()", (f"{BACKUPS}::test_it_is_ours",),
    ),
    Mutation(
        "others on the machine can read an archive", "commands/backups/write.py", "os.O_EXCL, 0o600)",
        "os.O_EXCL, 0o644)", (f"{BACKUPS}::test_it_is_ours",),
    ),
    Mutation(
        "an archive that was changed is believed", "commands/backups/read.py", "if sealed != manifest.digest(text):",
        "if False:", (f"{BACKUPS}::test_a_damaged",),
    ),
    Mutation(
        "a restore does not read the ledger", "privacy/ledger.py",
        "path().read_text().splitlines() if path().exists() else []", "[]",
        (f"{RESTORES}::test_who_was_erased",),
    ),
    Mutation(
        "who is erased while a backup is made gets a key again", "commands/backups/write.py",
        'owners.every("default")} - gone', 'owners.every("default")}', (f"{BACKUPS}::test_who_is_erased",),
    ),
    Mutation(
        "a restore publishes once more", "commands/backups/decide.py", "waiting.filter(due_at__lte=now)",
        "waiting.none()", (f"{BACKUPS}::test_what_may_have_gone",),
    ),
    Mutation(
        "a restore erases who had thought better of it", "commands/backups/decide.py", "    _grace(now)\n", "",
        (f"{BACKUPS}::test_a_wish",),
    ),
    # keys
    Mutation(
        "an old key stays in the ring", "commands/keys.py", "secrets.keep(secrets.ring().only_last(), _file())", "pass",
        (f"{KEYS}::test_after_a_rotation",),
    ),
    Mutation(
        "a rotation leaves a table out", "privacy/rewrap.py",
        '    Wrapped(AppCredential, "data_key", "app_credential:{pk}:data_key"),\n', "",
        (f"{KEYS}::test_every_column",),
    ),
    Mutation(
        "values are not sealed anew", "privacy/reseal.py", "return key.seal(key.open(value, place), place)",
        "return value", (f"{KEYS}::test_after_a_rotation",),
    ),
    Mutation(
        "the key that a value names is not looked for", "core/secrets.py",
        "next((key for key in (self.key, *self.others) if _id(key) == name), None)", "self.key",
        (f"{KEYS}::test_rows_that_were_read",),
    ),
    # what networks tell us
    Mutation(
        "a notice without a signature is believed", "networks/_signed.py",
        "return bool(secret) and hmac.compare_digest(made, signature)", "return True",
        (f"{HEARING}::test_a_wrong_signature",),
    ),
    Mutation(
        "an app without a secret can be spoken for", "networks/_signed.py", "bool(secret) and ", "",
        (f"{HEARING}::test_an_app_without",),
    ),
    Mutation(
        "an old notice is believed", "networks/_signed.py", "return at - AHEAD <= clock.now() <= at + lives",
        "return True", (f"{HEARING}::test_a_wrong_signature",),
    ),
    Mutation(
        "who forges Discord's key is believed", "networks/_discordevents.py",
        "(InvalidSignature, ValueError):\n        return False", "(InvalidSignature, ValueError):\n        return True",
        (f"{EVENTS}::test_discord_s_question",),
    ),
    Mutation(
        "what Discord tells another app is meant for ours", "networks/_discordevents.py",
        ' or str(said.get("application_id")) != app.client_id', "", (f"{EVENTS}::test_discord_must",),
    ),
    Mutation(
        "what Slack tells again ends an app that came back", "networks/_slackevents.py",
        '_signed.instant(said.get("event_time"))', "at", (f"{EVENTS}::test_a_removal",),
    ),
    Mutation(
        "a person's own token at Slack ends the bot", "networks/_slackevents.py",
        '(kind == "tokens_revoked" and bots)', 'kind == "tokens_revoked"', (f"{EVENTS}::test_a_person_s_own",),
    ),
    Mutation(
        "what Twitch tells another app is meant for ours", "networks/_twitchevents.py", " or not _ours(said, app)", "",
        (f"{EVENTS}::test_twitch_must",),
    ),
    Mutation(
        "what Twitch tells again ends what was connected since", "channels/hear.py",
        ' and knock(ONCE, "notice", told.id)', " and False",
        (f"{EVENTS}::test_a_message_of_twitch_that_is_said_again",),
    ),
    Mutation(
        "there is an address that nothing is proven at", "web/hear.py", " or not verbs.can(speaks)", "",
        (f"{EVENTS}::test_without_what",),
    ),
    Mutation(
        "what a network gave stays", "privacy/purge.py", 'person_id="", server={}, sealed=""', 'server={}, sealed=""',
        (f"{HEARING}::test_what_the_network",),
    ),
    Mutation(
        "access that is not confirmed in time is kept", "channels/forget.py",
        "return sum(_expire(stale) for stale in _stale(now))", "return 0",
        ("../channels/test_verify::test_access_that_has_ended",),
    ),
    # what a purge takes along
    Mutation(
        "what goes with a person out of workspaces of others stays", "privacy/purge.py",
        "    counts += rows.erase_beside(id)\n", "", (f"{GONE}::",),
    ),
    Mutation(
        "mails about who is gone stay", "privacy/purge.py",
        '        "mails": traces.drop_mails({*addresses, user.name}),\n', "",
        (f"{GONE}::",),
    ),
    Mutation(
        "sessions of who is gone stay", "privacy/purge.py",
        '        "sessions.Session": traces.sign_out({*addresses, str(user.pk), user.pk.hex}),\n', "",
        (f"{CANARY}::test_what_only_names",),
    ),
    Mutation(
        "exports of who is gone stay", "privacy/rows.py", '    "privacy.Export": _archives,\n', "",
        (f"{GONE}::",),
    ),
    Mutation(
        "uploads of who is gone stay", "privacy/rows.py", '    "media.Upload": _arrivals,\n', "",
        (f"{GONE}::",),
    ),
    Mutation(
        "what was counted for somebody's channels stays", "privacy/rows.py", '    "channels.Channel": _rates,\n', "",
        (f"{CANARY}::test_what_only_names",),
    ),
    Mutation(
        "backups of a workspace that is gone can be opened", "privacy/purge.py",
        '    keyfile.forget("workspace", id)\n', "", (f"{GONE}::",),
    ),
    Mutation(
        "copies for networks are not looked for", "privacy/datamap.py",
        'plain="id media fits mime size width height key created_at", exported=False,\n        files="key",',
        'plain="id media fits mime size width height key created_at", exported=False,',
        (f"{CANARY}::test_of_an_erased_person_nothing",),
    ),
    Mutation(
        "objects in a bucket stay", "media/bucket.py", "obstore.delete(self._there, checked(key))", "pass",
        (f"{CANARY}::test_of_an_erased_person_a_bucket",),
    ),
    Mutation(
        "deleted rows stay in the pages", "framework.py", "PRAGMA secure_delete=ON", "PRAGMA secure_delete=OFF",
        (f"{CANARY}::test_of_an_erased_person_nothing",),
    ),
    # archives
    Mutation(
        "an archive makes operators", "privacy/arrive.py", '"is_operator": admission.first', '"is_operator": True',
        (f"{HOSTILE}::test_nobody_becomes",),
    ),
    Mutation(
        "an address in an archive counts as proven", "privacy/arrive.py", 'values["verified"] and admission.first',
        'values["verified"]', (f"{HOSTILE}::test_an_address_that_was",),
    ),
    Mutation(
        "channels of an archive are live", "privacy/arrive.py", "paused=DISCONNECTED", 'paused=""',
        (f"{IMPORT}::test_what_is_imported",),
    ),
    Mutation(
        "what was on its way elsewhere goes out here", "privacy/arrive.py",
        'values |= {"state": "unsure", "reason": ON_ITS_WAY}', "pass", (f"{HOSTILE}::test_what_was_on_its_way",),
    ),
    Mutation(
        "an export tells the addresses of others", "privacy/pack.py", 'values_list("pk", "name")',
        'values_list("pk", "email")', (f"{IMPORT}::test_people_who_are",),
    ),
    Mutation(
        "an export holds what others made", "privacy/scope.py", '(Q(**{f"{table.by}__in": self.joined}) & made)',
        'Q(**{f"{table.by}__in": self.joined})', (f"{EXPORT}::test_a_workspace_of_others",),
    ),
    # what people wish
    Mutation(
        "mails go to who wants none", "workspaces/mail.py", "Q(mailed=False) | Q(frozen_at__isnull=False)",
        "Q(pk=None)", (f"{ENGINE}::test_who_wants_no_mails",),
    ),
    Mutation(
        "who is frozen may do everything", "workspaces/policy.py", "member.user.frozen_at", "None",
        ("../workspaces/test_policy::test_who_is_frozen",),
    ),
    Mutation(
        "a browser that was left open erases somebody", "web/erasure.py",
        "@login_required\n@reauthentication_required  # type: ignore[untyped-decorator]\ndef erase_me",
        "@login_required\ndef erase_me", (f"{PAGES}::test_nobody_is_erased",),
    ),
    Mutation(
        "the public page says of whom it is", "web/templates/tidings/deletion.html", "{% block gate %}",
        "{% block gate %}{{ erasure.subject }}", (f"{PAGES}::test_the_public_page_tells",),
    ),
    Mutation(
        "nobody is told that their erasure was asked for", "web/erasure.py",
        'get_adapter().send_notification_mail("account/email/erasure_asked", user, said)', "pass",
        (f"{OPERATORS}::test_who_is_to_be_erased",),
    ),
    Mutation(
        "an instance is left without an operator", "privacy/erase.py", "if operators.indispensable(user):", "if False:",
        (f"{OPERATORS}::test_the_only_operator",),
    ),
    Mutation(
        "an instance that everybody left opens to the next visitor", "privacy/operators.py",
        "return nobody_yet() and not deserted()", "return nobody_yet()", (f"{OPERATORS}::test_an_instance",),
    ),
    # API keys
    Mutation(
        "API keys are kept as they are", "workspaces/api_keys.py",
        "hash=hashed(token)", "hash=token[:64]", ("../api/test_keys::test_a_key_is_shown_once",), times=2,
    ),
    Mutation(
        "a key that has ended opens", "workspaces/api_keys.py", "Q(ends_at=None) | Q(ends_at__gt=clock.now())",
        "~Q(pk=None)", ("../api/test_keys::test_a_key_that_is_no_more",),
    ),
    Mutation(
        "a key may more than its member", "workspaces/api_keys.py",
        "    for verb in scopes:\n        require(member, verb)\n", "",
        ("../api/test_keys::test_nobody_makes_a_key",),
    ),
    # logs, and what is shown to others
    Mutation(
        "a changed audit log is taken for a whole one", "workspaces/audit.py",
        "if (entry.number, entry.before, entry.hash) != (number, before, digest(entry)):", "if False:",
        ("../workspaces/test_audit::test_whoever_gets_past",),
    ),
    Mutation(
        "a file that was published may run script", "web/public_media.py",
        '    "Content-Security-Policy": "default-src \'none\'; sandbox",\n', "",
        ("../web/test_public_media::",),
    ),
    # sign-ins and invitations
    Mutation(
        "a link lets back in who was sent away", "workspaces/members.py",
        "return by is not None and not by.user.frozen_at and may(by, _needed(invitation.role))", "return True",
        ("../workspaces/test_members::test_an_invitation_ends_with",),
    ),
    Mutation(
        "the key of a session is enough to come in", "web/vouch.py",
        'constant_time_compare(marked(key.decode("latin-1")), value.decode("latin-1"))', "True",
        ("test_5_safe::test_5_rest_what_the_database",),
    ),
    Mutation(
        "a sign-in can be put into another session", "workspaces/sessions.py", '"django_session:{pk}:session_data"',
        '"django_session:session_data"', ("test_5_safe::test_5_rest_a_sign_in",),
    ),
    # what is left of somebody in odd places
    Mutation(
        "archives of others go on naming who is gone", "privacy/purge.py", "    counts += _exports_beside(id)\n", "",
        (f"{ENGINE}::test_archives_of_fellow",),
    ),
    Mutation(
        "deliveries go on naming who wanted to be forgotten", "privacy/purge.py", "told = unsay(id)", "told = 0",
        ("../channels/test_unsay::test_no_delivery",),
    ),
    Mutation(
        "an old backup brings back whom a network erased", "privacy/heard.py",
        'ledger.put("channel", channel.pk)', "pass", ("../channels/test_unsay::test_a_backup",),
    ),
    Mutation(
        "a restore brings invitations back", "commands/backups/put_back.py",
        "if table.model in owners.LEFT_OUT:", "if False:", (f"{RESTORES}::test_who_was_erased",),
    ),
    Mutation(
        "one erasure that breaks off stops all others", "privacy/erase.py", "broken.append(error)", "raise",
        (f"{ENGINE}::test_an_erasure_that_cannot",),
    ),
    Mutation(
        "half of a picture stays when a process is killed", "media/remove.py",
        "*place().iterdir()", "*()", ("../media/test_library::test_what_a_killed",),
    ),
    Mutation(
        "a log line repeats what a network says", "channels/refresh.py", "because = type(reaction).__name__",
        "because = reaction.reason", ("../channels/test_quiet_logs::",),
    ),
    Mutation(
        "prove does not read audit logs", "commands/proofs/left.py", "for workspace, number in broken if number",
        "for workspace, number in broken if False", ("test_prove::test_what_is_put",),
    ),
)
