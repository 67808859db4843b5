/** The service worker for being offline, where the page names one; a person can do without it in this browser. */

const OFF = "offline-off";

export function worker(): void {
  const url = document.body.dataset["worker"];
  if (!("serviceWorker" in navigator) || !url) return;
  for (const box of document.querySelectorAll<HTMLInputElement>("[data-offline]")) {
    box.checked = localStorage.getItem(OFF) === null;
    box.addEventListener("change", () => (box.checked ? come(url) : void leave()));
  }
  if (localStorage.getItem(OFF) === null) come(url);
}

function come(url: string): void {
  localStorage.removeItem(OFF);
  navigator.serviceWorker.register(url).catch(() => undefined); // a browser that keeps nothing takes none
}

async function leave(): Promise<void> {
  localStorage.setItem(OFF, "1");
  for (const each of await navigator.serviceWorker.getRegistrations()) each.active?.postMessage("leave");
}
