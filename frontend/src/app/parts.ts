/** The parts of a template in its form: one more, one fewer, another order. What they had keeps to them by `was`. */

type Act = "add" | "up" | "down" | "away";

/** Which part is which, for whoever hears them read out; the ends of the list have nowhere to go. */
function name(box: HTMLElement): void {
  const rows = [...box.querySelectorAll<HTMLLIElement>("ol > li")];
  const said = (words: string | undefined, at: number): string => (words ?? "").replace("{place}", String(at + 1));
  rows.forEach((row, at) => {
    const button = (act: Act): HTMLButtonElement => row.querySelector(`[data-part=${act}]`)!;
    row.querySelector("textarea")!.ariaLabel = said(box.dataset["word"], at);
    button("up").ariaLabel = said(box.dataset["upWord"], at);
    button("down").ariaLabel = said(box.dataset["downWord"], at);
    button("away").ariaLabel = said(box.dataset["awayWord"], at);
    button("up").disabled = at === 0;
    button("down").disabled = at === rows.length - 1;
    button("away").disabled = rows.length === 1;
  });
}

function act(box: HTMLElement, button: HTMLElement): void {
  const row = button.closest("li");
  const kind = button.dataset["part"] as Act;
  const list = box.querySelector("ol")!;
  if (kind === "add") list.append(box.querySelector("template")!.content.cloneNode(true));
  else if (kind === "up") row?.previousElementSibling?.before(row);
  else if (kind === "down") row?.nextElementSibling?.after(row);
  const near = kind === "away" ? (row?.nextElementSibling ?? row?.previousElementSibling) : kind === "add" ? list.lastElementChild : row;
  if (kind === "away") row?.remove();
  name(box);
  near?.querySelector("textarea")?.focus();
}

export function parts(): void {
  document.querySelectorAll<HTMLElement>("[data-parts]").forEach(name);
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-part]");
    const box = button?.closest<HTMLElement>("[data-parts]");
    if (box && button) act(box, button);
  });
}
