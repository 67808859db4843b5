/** Where the script is: the library's element, its API, the open folder, and its words. */

export const library = document.querySelector<HTMLElement>("#library");
export const list = document.querySelector<HTMLUListElement>("[data-uploads]");
export const api = library?.dataset["api"] ?? "";
export const folder = library?.dataset["folder"] ?? "";

export const word = (name: string): string => list?.dataset[name] ?? "";

/** What the library shows, fetched anew; the list of what is on its way stays. */
export async function refresh(): Promise<void> {
  const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
  const fresh = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#shown") : null;
  if (!fresh) return location.reload();
  document.querySelector("#shown")?.replaceWith(fresh);
  document.dispatchEvent(new Event("shown"));
}

const UNITS = ["B", "kB", "MB", "GB", "TB"];

export function size(bytes: number): string {
  const step = bytes > 0 ? Math.min(4, Math.floor(Math.log10(bytes) / 3)) : 0;
  return `${(bytes / 1000 ** step).toLocaleString(document.documentElement.lang || "en", { maximumFractionDigits: step ? 1 : 0 })} ${UNITS[step]}`;
}

export const sentOf = (sent: number, all: number): string => (all ? word("of").replace("{sent}", size(sent)).replace("{size}", size(all)) : size(sent));
