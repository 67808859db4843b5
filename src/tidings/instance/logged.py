"""What is wrong with the audit logs of workspaces."""

from collections.abc import Iterator

from django.db import DatabaseError, connection

from tidings.instance.finding import Finding
from tidings.workspaces.append_only import missing
from tidings.workspaces.audit import broken


def audit_logs() -> Iterator[Finding]:
    """Every entry is as it was written, and the database still refuses to change one."""
    try:
        found, lacking = list(broken()), missing(connection)
    except DatabaseError:
        return  # said by `database`, or the tables are not there yet
    for workspace, number in found:
        where = f"The audit log of workspace {workspace} is not as it was written from entry {number} on"
        sentence = f"{where}: compare it with a backup, and find out who else can write to the database."
        yield Finding("audit-logs", "error", sentence)
    if lacking:
        named = ", ".join(lacking)
        sentence = f"The database lets entries of audit logs be changed: somebody has taken {named} away."
        yield Finding("audit-logs", "error", sentence)


EVERY = (audit_logs,)
