/** The head of a part in a thread: its number, its delay, moving and removing it. */

import { Icon } from "./Bits";
import { useComposer } from "./context";
import type { Part } from "./types";
import { t } from "./words";

const DELAYS = [0, 60, 300, 900, 1800, 3600, 3 * 3600, 86_400]; // seconds

function spoken(seconds: number): string {
  if (!seconds) return t("right after");
  if (seconds < 3600) return t("{n} min later", { n: seconds / 60 });
  return seconds < 86_400 ? t("{n} h later", { n: seconds / 3600 }) : t("a day later");
}

export function PartMenu({ part, place, parts }: { part: Part; place: number; parts: number }) {
  const { dispatch } = useComposer();
  const number = place + 1;
  const move = (by: number): void => dispatch({ do: "move-part", part: part.key, by });
  const delays = DELAYS.includes(part.delay) ? DELAYS : [...DELAYS, part.delay].sort((a, b) => a - b);
  return (
    <div class="part-head">
      <span class="part-number numbers">{number}/{parts}</span>
      {place > 0 && (
        <select class="select select-sm part-delay" aria-label={t("When part {place} follows", { place: number })} value={part.delay}
          onChange={(event) => dispatch({ do: "delay", part: part.key, delay: Number(event.currentTarget.value) })}>
          {delays.map((seconds) => <option key={seconds} value={seconds}>{spoken(seconds)}</option>)}
        </select>
      )}
      <span class="part-acts">
        <button type="button" class="btn btn-ghost btn-square btn-xs" disabled={place === 0} aria-label={t("Move part {place} up", { place: number })} onClick={() => move(-1)}><Icon name="up" size="small" /></button>
        <button type="button" class="btn btn-ghost btn-square btn-xs" disabled={number === parts} aria-label={t("Move part {place} down", { place: number })} onClick={() => move(1)}><Icon name="down" size="small" /></button>
        <button type="button" class="btn btn-ghost btn-square btn-xs" aria-label={t("Remove part {place}", { place: number })} onClick={() => dispatch({ do: "remove-part", part: part.key })}><Icon name="remove" size="small" /></button>
      </span>
    </div>
  );
}
