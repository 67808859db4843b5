/** Requests to our own API: the CSRF header, JSON both ways, and failures as one type. */

export interface Trouble {
  status: number; // 0: the server could not be reached
  detail: string;
  body: unknown;
}

export type Outcome<T> = { ok: true; value: T } | { ok: false; trouble: Trouble };

export function csrf(): string {
  return /(?:^|; )(?:__Host-)?csrf=([^;]+)/.exec(document.cookie)?.[1] ?? "";
}

export async function ask<T>(method: string, url: string, body?: unknown): Promise<Outcome<T>> {
  const headers: Record<string, string> = { Accept: "application/json", "X-CSRFToken": csrf() };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer: Response;
  try {
    answer = await fetch(url, {
      method, headers, credentials: "same-origin", redirect: "manual",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch {
    return { ok: false, trouble: { status: 0, detail: "", body: null } };
  }
  const said: unknown = await answer.json().catch(() => null);
  if (answer.ok) return { ok: true, value: said as T };
  const detail = (said as { detail?: unknown } | null)?.detail;
  const status = answer.type === "opaqueredirect" ? 401 : answer.status; // sent to the sign-in page
  return { ok: false, trouble: { status, detail: typeof detail === "string" ? detail : "", body: said } };
}
