/** The line of the present minute: in sight when the page opens, and where it belongs from then on. */

import { wall } from "../composer/when";
import { here, root } from "./page";

export function present(): void {
  const frame = root();
  const hour = frame?.querySelector(".hour:has(.now)");
  if (frame && hour) frame.scrollTop += hour.getBoundingClientRect().top - frame.getBoundingClientRect().top - frame.clientHeight / 2;
  setInterval(place, 30_000);
}

function place(): void {
  const { date, time } = wall(Date.now(), here);
  const line = root()?.querySelector(".now");
  const list = root()?.querySelector(`[data-day="${date}"][data-hour="${Number(time.slice(0, 2))}"]`);
  if (!line || !list) return;
  line.querySelector("path")?.setAttribute("d", `M0 ${Number(time.slice(3, 5))}h1`);
  if (list.previousElementSibling !== line) list.before(line);
}
