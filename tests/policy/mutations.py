"""Deliberate breakages of the promise: an edit of one file each, and the tests of which one at least must turn red.

`python -m tests.policy.mutate` makes each in a copy of the source. Every breakage that got past the tests adds one.
"""

from tests.policy.mutation import Mutation
from tests.policy.mutations_beside import BESIDE

MUTATIONS = (
    # 1 · what is kept
    Mutation(
        "a column about people is in nobody's list", "privacy/datamap.py", "frozen_at mailed ", "frozen_at ",
        ("test_1_held::test_1_account_the_policy",),
    ),
    Mutation(
        "passwords are hashed as nobody should", "framework.py", '"tidings.workspaces.passwords.Hasher"',
        '"django.contrib.auth.hashers.PBKDF2PasswordHasher"', ("test_1_held::test_1_account_a_password",),
    ),
    Mutation(
        "failed sign-ins are not logged", "workspaces/security.py", "    SecurityEvent.objects.create(\n",
        "    if kind in FAILED:\n        return\n    SecurityEvent.objects.create(\n", ("test_1_held::test_1_logs_",),
    ),
    Mutation(
        "whoever guesses is never held back", "workspaces/locks.py",
        "if len(failures) < self.free:", "if failures or True:",
        ("test_1_held::test_1_logs_the_log_is_used",),
    ),
    Mutation(
        "addresses stay whole", "privacy/retain.py", "return network(ip, 24, 48) or None", "return ip",
        ("test_1_held::test_1_logs_an_address",),
    ),
    Mutation(
        "the log forgets nothing", "privacy/retain.py", "_deleted(events.filter(at__lt=kept))", "0",
        ("test_1_held::test_1_logs_an_address",),
    ),
    Mutation(
        "who does not want it is watched all the same", "workspaces/security.py",
        "or user is None or user.watched else None", "or True else None", ("test_7_rights::test_7_object_who_does",),
    ),
    # 2 · what it is used for
    Mutation(
        "a chore phones home", "privacy/retain.py",
        "    events, browsers = SecurityEvent.objects, UserSession.objects\n",
        "    events, browsers = SecurityEvent.objects, UserSession.objects\n"
        "    from tidings import outside\n    from tidings.core.http import Request\n"
        '    outside.door()(Request("POST", "http://127.0.0.1:9/", "fetch", body=b"alive"))\n',
        ("test_2_use::",),
    ),
    Mutation(
        "a request can be made for another use", "core/request.py",
        '"fetch", "preview"]', '"fetch", "preview", "learn"]',
        ("test_2_use::", "test_prove::test_of_a_sound"),
    ),
    # 3 · who gets something
    Mutation(
        "checking a draft sends it", "api/check.py", "    draft = tidy(body.draft())\n",
        "    draft = tidy(body.draft())\n"
        "    from tidings import outside\n    from tidings.core.http import Request\n"
        '    outside.door()(Request("POST", "http://127.0.0.1:9/", "look", body=draft.items[0].text.encode()))\n',
        ("test_3_shared::test_3_sharing_no",),
    ),
    Mutation(
        "content goes out for another purpose", "deliveries/deliver.py", '"publish"', '"look"',
        ("test_3_shared::test_3_sharing_what",),
    ),
    Mutation(
        "posts go out before they are due", "deliveries/schedule.py", "due_at=when, again_at=when,",
        "due_at=clock.now(), again_at=clock.now(),", ("test_3_shared::test_3_sharing_no",),
    ),
    Mutation(
        "the door leads to private addresses", "core/addresses.py",
        "return ip.is_global and not ip.is_multicast and not", "return True or not",
        ("test_3_shared::test_3_sharing_the_door",),
    ),
    Mutation(
        "cookies go to networks", "networks/base.py", 'return {"Authorization": f"Bearer',
        'return {"Cookie": "a=b", "Authorization": f"Bearer', ("test_3_shared::test_3_official_requests",),
    ),
    Mutation(
        "networks are linked to by name only", "web/templates/tidings/privacy.html",
        '<a class="link-plain" href="{{ row.network.policy }}" rel="noopener noreferrer">{{ row.policy }}</a>',
        "{{ row.policy }}", ("test_3_shared::test_3_terms",),
    ),
    Mutation(
        "the page to connect does not tell a network's terms", "web/templates/tidings/channels/network.html",
        "{{ terms.terms }}", "", ("test_3_shared::test_3_terms_what",),
    ),
    Mutation(
        "a network that can be connected is not named", "privacy/facts.py",
        "if n.name in kept or not all(", "if not all(", ("test_page::test_a_network_is_named",),
    ),
    # 4 · how long
    Mutation(
        "files of the library are swept up", "media/remove.py", "Media.objects.filter(key=key).exists()\n", "False\n",
        ("test_4_ends::test_4_retention",),
    ),
    Mutation(
        "a token is kept after its channel was disconnected", "channels/forget.py",
        '        sealed="", token_ends_at=None,',
        "        token_ends_at=None,", ("test_4_ends::test_4_channel",),
    ),
    Mutation(
        "the network is not told", "channels/revoke.py", 'speaks(access, outside.door(), "revoke").revoke()', "pass",
        ("test_4_ends::test_4_channel",),
    ),
    Mutation(
        "a network that was silent is not told again", "channels/revoke.py", "elif not again or one.tries",
        "elif True or one.tries", ("test_4_ends::test_4_channel_a_network",),
    ),
    Mutation(
        "deleted bytes stay in the file", "database/scour.py", "wal_checkpoint(TRUNCATE)", "wal_checkpoint(PASSIVE)",
        ("test_4_ends::test_4_channel",),
    ),
    Mutation(
        "there is no grace", "privacy/erase.py", "Erasure.objects.filter(due_at__lte=now, stopped_at=None,",
        "Erasure.objects.filter(stopped_at=None,", ("test_4_ends::test_4_account",),
    ),
    Mutation(
        "nobody is ever erased", "privacy/erase.py",
        "done += _carry_out(erasure, now)", "done += 0",
        ("test_4_ends::test_4_account",),
    ),
    Mutation(
        "who changes their mind is erased", "privacy/erase.py", "early.update(stopped_at=now)", "early.count()",
        ("test_4_ends::test_4_account",),
    ),
    Mutation(
        "a purge leaves files", "privacy/rows.py", "        store().delete(name)\n", "        pass\n",
        ("../privacy/test_canary::test_of_an_erased",),
    ),
    Mutation(
        "what somebody typed about a person stays in the log", "privacy/purge.py",
        "SecurityEvent.objects.filter(whom__in=hashes).delete()[0]", "0", ("test_4_ends::test_4_account_who_asks",),
    ),
    Mutation(
        "people wait for longer than networks' terms allow", "settings.py", "1, ge=0, le=7,", "1, ge=0, le=70,",
        ("test_4_ends::test_4_account_the_grace",),
    ),
    Mutation(
        "backups can be opened for ever", "privacy/purge.py", '    keyfile.forget("user", id)\n', "",
        ("test_4_ends::test_4_backup",),
    ),
    Mutation(
        "the ledger is not written", "privacy/erase.py",
        "    ledger.add(erasure)\n", "", ("test_4_ends::test_4_backup",),
    ),
    # 5 · how it is kept safe
    Mutation(
        "nothing is encrypted", "core/secrets.py", 'return f"2.{self.id}.{_encrypt(self.key, plain.encode(), place)}"',
        "return plain", ("test_5_safe::test_5_rest", "test_1_held::test_1_tokens"),
    ),
    Mutation(
        "what is sealed may be moved", "core/secrets.py",
        "place.encode())", 'b"")', ("test_5_safe::test_5_rest_what",), 2,
    ),
    Mutation(
        "invitations are kept as they are", "workspaces/members.py",
        "return hashlib.sha256(token.encode()).hexdigest()", "return token", ("test_5_safe::test_5_rest_an_inv",),
    ),
    Mutation(
        "plain HTTP is served on a public address", "web/gate.py", 'settings().secure and scope["scheme"] == "http"',
        'False and scope["scheme"] == "http"', ("test_5_safe::test_5_tls",),
    ),
    Mutation(
        "browsers are not told to stay with HTTPS", "web/headers.py",
        "if settings().secure else {}", "if False else {}",
        ("test_5_safe::test_5_tls",),
    ),
    Mutation(
        "doctor lets a public address without HTTPS pass", "instance/exposed.py", "elif not ours.secure:",
        "elif False:", ("test_5_safe::test_5_tls_a_public_address_without",),
    ),
    # 6 · cookies
    Mutation(
        "another cookie is set", "web/middleware.py",
        "        response = get_response(request)\n        response.headers",
        "        response = get_response(request)\n        response.set_cookie('visits', '1')\n"
        "        response.headers",
        ("test_6_cookies::test_6_cookies_every",),
    ),
    Mutation(
        "pictures may come from elsewhere", "framework.py",
        '"img-src": [SELF,', '"img-src": [SELF, "https://cdn.example",',
        ("test_6_cookies::test_6_cookies_every",),
    ),
    Mutation(
        "a page loads something from elsewhere", "web/templates/tidings/base.html", "{% block scripts %}",
        '<script src="https://cdn.example/count.js"></script>{% block scripts %}',
        ("test_6_cookies::test_6_cookies_every",),
    ),
    Mutation(
        "scripts may read the session", "privacy/cookies.py", "timedelta(days=14), unseen=True",
        "timedelta(days=14), unseen=False", ("test_6_cookies::",),
    ),
    # 7 · what people can do
    Mutation(
        "an export lacks a table", "privacy/scope.py", 'table.owner in ("user", "workspace"))',
        'table.owner in ("user", "workspace") and table.model != "posts.Item")',
        ("test_7_rights::test_7_access",),
    ),
    Mutation(
        "an export holds what is sealed", "privacy/lines.py", 'if kinds[field.name] != "sealed" and field', "if field",
        ("test_7_rights::test_7_access",),
    ),
    Mutation(
        "an export can be fetched for longer than was said", "privacy/export.py",
        "timedelta(days=settings().export_days)", "timedelta(days=365)", ("test_7_rights::test_7_access",),
    ),
    Mutation(
        "a column cannot be corrected", "privacy/correct.py", '"week_starts", ', "", ("test_7_rights::test_7_correct",),
    ),
    Mutation(
        "freezing stops nothing", "privacy/freeze.py", "    still(alone(user), FROZEN)\n", "",
        ("test_7_rights::test_7_object_for",),
    ),
    Mutation(
        "posts are read back whatever people want", "deliveries/readback.py",
        "    out = out.filter(channel__observed=True)\n", "", ("test_7_rights::test_7_object_who",),
    ),
    Mutation(
        "numbers are read whatever people want", "analytics/switch.py",
        "meter.audience_at = yes,", "meter.audience_at = True,", ("test_7_rights::test_7_object_who",),
    ),
    Mutation(
        "messages are read whatever people want", "inbox/switch.py",
        '{"wanted": yes,', '{"wanted": True,', ("test_7_rights::test_7_object_who",),
    ),
    Mutation(
        "others' words are kept as long as anything", "inbox/retain.py",
        "at__lt=oldest(network, now)", "at__lt=oldest(network, now).replace(year=2000)",
        ("test_4_ends::test_4_retention_what_others",),
    ),
    Mutation(
        "doctor does without a contact", "instance/exposed.py",
        'yield Finding("contact", "error", "Nobody', 'yield Finding("contact", "warning", "Nobody',
        ("test_7_rights::test_7_contact",),
    ),
    # the policy itself
    Mutation(
        "the policy hides what is not kept", "privacy/policy.py", "wording not in UNTRUE)", "True)",
        ("test_7_rights::test_7_contact", "test_5_safe::test_5_tls"),
    ),
    Mutation(
        "the policy promises HTTPS whatever is set", "privacy/policy.py",
        '"5.tls": _tls,', '"5.tls": lambda known: PROMISED,',
        ("test_5_safe::test_5_tls",),
    ),
    Mutation(
        "the policy prints days of its own", "privacy/policy.py",
        "days(language, known.log_days)", "days(language, 30)",
        ("test_page::test_what_is_set",),
    ),
    Mutation(
        "the policy tells passwords of settings", "privacy/facts.py", "unquote(parts.hostname or",
        "unquote(parts.netloc or", ("test_page::test_what_is_set",),
    ),
    Mutation(
        "a sentence is missing in German", "privacy/texts/de.toml",
        "nobody = ", "nobodies = ", ("test_page::test_both",),
    ),
    Mutation(
        "people must sign in to read it", "web/privacy.py",
        "@require_safe\ndef page",
        "@__import__('django.contrib.auth.decorators', fromlist=['x']).login_required\ndef page",
        ("test_page::test_anybody",),
    ),
    Mutation(
        "prove is always content", "commands/proofs/said.py", "return None if self.unseen else not self.wrong",
        "return True", ("test_prove::test_what",),
    ),
    Mutation(
        "prove takes a check that broke down for a proof", "commands/prove.py",
        'of {area}", 0, [fault])', 'of {area}", 0)',
        ("test_prove::test_a_check",),
    ),
    *BESIDE,
)
