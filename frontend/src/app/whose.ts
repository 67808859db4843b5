/** What this browser keeps is one person's: it goes when they sign out, when somebody else comes, and with time. */

const WHOSE = "tidings:whose";
const DRAFT = "tidings:draft:";
const KEPT = 30 * 86_400_000; // ms; the privacy policy says so

export function whose(): void {
  document.addEventListener("submit", (event) => {
    if (new URL((event.target as HTMLFormElement).action, location.href).pathname === "/accounts/logout/") quietly(() => localStorage.clear());
  });
  quietly(() => {
    const person = document.body.dataset["person"];
    const before = localStorage.getItem(WHOSE);
    if (person && before && before !== person) localStorage.clear();
    if (person) localStorage.setItem(WHOSE, person);
    for (const name of Object.keys(localStorage)) if (name.startsWith(DRAFT) && old(name)) localStorage.removeItem(name);
  });
}

const old = (name: string): boolean =>
  Date.now() - Number((JSON.parse(localStorage.getItem(name) ?? "{}") as { at?: number }).at) > KEPT;

function quietly(act: () => void): void {
  try { act(); } catch { /* this browser keeps nothing */ }
}
