/** The calendar, and wherever else a post can be moved: calendar/*.ts, one file for each thing that hands do. README says the markup. */

import { choosingCards } from "./calendar/choose";
import { wholeDay } from "./calendar/day";
import { dragging } from "./calendar/drag";
import { keys } from "./calendar/keys";
import { listen } from "./calendar/live";
import { looking } from "./calendar/look";
import { askWhen } from "./calendar/move";
import { present } from "./calendar/now";
import { movable } from "./calendar/page";
import { offer } from "./calendar/tools";

document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest("[data-move]");
  const card = button && movable(button);
  if (card) askWhen(card);
});
choosingCards();
dragging();
keys();
looking();
wholeDay();
offer();
listen();

const now = document.querySelector("#calendar .week .today [data-hour]:not(:empty)") ?? document.querySelector('#calendar .week [data-hour="8"]');
now?.scrollIntoView({ block: "nearest" });
present();
if (innerWidth < 640) document.querySelector("#calendar .today")?.scrollIntoView({ block: "center" });
