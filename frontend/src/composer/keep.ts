/** What is being written, kept in this browser until the server has it: a failed request or a closed tab loses nothing. */

import type { Draft } from "./types";

export interface Kept { draft: Draft; revision: number }

const name = (workspace: string, id: string): string => `tidings:draft:${workspace}:${id || "new"}`;

export function keep(workspace: string, id: string, kept: Kept): void {
  try {
    localStorage.setItem(name(workspace, id), JSON.stringify({ ...kept, at: Date.now() }));
  } catch { /* full or forbidden: the server still gets it */ }
}

export function kept(workspace: string, id: string): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(name(workspace, id)) ?? "null") as Kept | null;
  } catch {
    return null;
  }
}

export function forget(workspace: string, id: string): void {
  try {
    localStorage.removeItem(name(workspace, id));
  } catch { /* nothing was kept */ }
}
