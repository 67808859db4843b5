/** A line on which the server says that something of the workspace has changed (web/live.py); what, is asked for apart. */

export interface Line { open: () => boolean; close: () => void }

/** `told` is called for every change, and once the line stands: what happened before that was not heard. */
export function hear(workspace: string, told: () => void): Line {
  const line = new EventSource(`/w/${workspace}/live`);
  line.addEventListener("open", told);
  line.addEventListener("changed", told);
  return { open: () => line.readyState === EventSource.OPEN, close: () => line.close() };
}
