/** Short messages at the foot of the page, with an undo where there is one. Words come from the body's data. */

export function word(name: string): string {
  return document.body.dataset[name] ?? "";
}

export function toast(text: string, undo?: () => void, seconds = undo ? 10 : 5): void {
  const place = document.getElementById("toasts");
  if (!place) return;
  const card = document.createElement("div");
  card.className = "toast-card";
  card.append(Object.assign(document.createElement("span"), { textContent: text }));
  const leave = (): void => card.remove();
  if (undo) card.append(button(word("undo"), "", () => { leave(); undo(); }));
  card.append(button("✕", "plain", leave, word("close")));
  over(place);
  place.replaceChildren(card);
  let left = setTimeout(leave, seconds * 1000);
  card.addEventListener("pointerenter", () => clearTimeout(left));
  card.addEventListener("focusin", () => clearTimeout(left));
  card.addEventListener("pointerleave", () => { left = setTimeout(leave, 3000); });
}

/** Above the dialog that is open, where alone it can be read and clicked; else on the page. */
function over(place: HTMLElement): void {
  const opened = [...document.querySelectorAll("dialog:modal")].pop();
  (opened ?? document.body).append(place);
  opened?.addEventListener("close", () => document.body.append(place), { once: true });
}

function button(text: string, kind: string, act: () => void, label?: string): HTMLButtonElement {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: text, className: kind });
  if (label) made.setAttribute("aria-label", label);
  made.addEventListener("click", act);
  return made;
}
