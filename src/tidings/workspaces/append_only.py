"""The database itself refuses to change an entry of an audit log, and to delete one while its workspace lives.

A workspace is at its end when its data key is destroyed: only an erasure does that, as the first thing of all.
SQLite makes a table anew to change it. A migration that does so to one of these two takes the guard off first and puts
it on again at its end.
"""

from collections.abc import Mapping
from typing import Any

SQLITE = (
    """
CREATE TRIGGER audit_unchanged BEFORE UPDATE ON workspaces_auditentry
BEGIN SELECT RAISE(ABORT, 'An audit log is written once.'); END""",
    """
CREATE TRIGGER audit_kept BEFORE DELETE ON workspaces_auditentry
WHEN EXISTS (SELECT 1 FROM workspaces_workspace WHERE id = OLD.workspace_id AND data_key <> '')
BEGIN SELECT RAISE(ABORT, 'An audit log is written once.'); END""",
)
POSTGRESQL = (
    """
CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND NOT EXISTS (
        SELECT 1 FROM workspaces_workspace WHERE id = OLD.workspace_id AND data_key <> ''
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'An audit log is written once.' USING ERRCODE = 'integrity_constraint_violation';
END $$""",
    """
CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE ON workspaces_auditentry
FOR EACH ROW EXECUTE FUNCTION audit_stays()""",
)
THERE = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'workspaces_auditentry'",
    "postgresql": """
SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass('workspaces_auditentry') AND tgenabled <> 'D'""",
}
ON = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
OFF = {
    "sqlite": ("DROP TRIGGER audit_unchanged", "DROP TRIGGER audit_kept"),
    "postgresql": ("DROP TRIGGER audit_stays ON workspaces_auditentry", "DROP FUNCTION audit_stays"),
}


def missing(connection: Any) -> list[str]:
    """The guards that are not there, or are switched off."""
    with connection.cursor() as cursor:
        cursor.execute(THERE[connection.vendor])
        there = {name for (name,) in cursor.fetchall()}
    wanted = {words[2] for words in map(str.split, ON[connection.vendor]) if words[1] == "TRIGGER"}
    return sorted(wanted - there)


def guard(_apps: Any, schema_editor: Any) -> None:
    """For a migration: from here on entries stay as they are."""
    _run(schema_editor, ON)


def unguard(_apps: Any, schema_editor: Any) -> None:
    """For a migration: the tables can be made anew."""
    _run(schema_editor, OFF)


def _run(schema_editor: Any, statements: Mapping[str, tuple[str, ...]]) -> None:
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)
