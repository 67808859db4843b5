/** Two small buttons on the card under the pointer or with the focus: choose it, look at it. One pair serves all cards. */

import { choose, isChosen } from "./choose";
import { look } from "./look";
import { cardOf } from "./page";
import { around } from "./refresh";

const tools = document.querySelector<HTMLTemplateElement>("template#card-tools")?.content.firstElementChild as HTMLElement | null | undefined;

export function offer(): void {
  if (!tools) return;
  const show = (event: Event): void => {
    const card = cardOf(event.target);
    if (card && tools.parentElement !== card && !card.closest(".lifted")) card.append(tools);
    if (card) tools.querySelector("[aria-pressed]")?.setAttribute("aria-pressed", String(isChosen(card)));
  };
  document.addEventListener("pointerover", show);
  document.addEventListener("focusin", show);
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-tool]");
    const card = cardOf(button);
    if (!button || !card) return;
    if (button.dataset["tool"] === "look") look(card);
    else choose(card, event.shiftKey);
    show(event);
  });
  around(() => tools.remove(), () => undefined);
}
