/** A list to pick from by mouse or keyboard, under what is being typed. */

import { useEffect, useState } from "preact/hooks";
import { Icon } from "./Bits";
import type { Looked } from "./looking";
import { t } from "./words";

interface Picking<T> { at: number; keys: (event: KeyboardEvent) => boolean; pick: (one: T) => void }

/** Arrows move, Enter and Tab pick, Escape closes; true: the key was taken. */
export function usePicking<T>(found: T[], open: boolean, pick: (one: T) => void, close: () => void): Picking<T> {
  const [at, setAt] = useState(0);
  useEffect(() => setAt(0), [found]);
  const keys = (event: KeyboardEvent): boolean => {
    const chosen = found[at];
    if (!open || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return false;
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown" && found.length) setAt((at + 1) % found.length);
    else if (event.key === "ArrowUp" && found.length) setAt((at + found.length - 1) % found.length);
    else if ((event.key === "Enter" || (event.key === "Tab" && !event.shiftKey)) && chosen) pick(chosen);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  return { at, keys, pick };
}

interface Props<T> { id: string; label: string; looked: Looked<T>; picking: Picking<T>; show: (one: T) => { key: string; label: string; note?: string } }

export function Suggest<T>({ id, label, looked, picking, show }: Props<T>) {
  const { found, trouble } = looked;
  useEffect(() => document.getElementById(`${id}-${picking.at}`)?.scrollIntoView({ block: "nearest" }), [picking.at]);
  return (
    <div class="suggest">
      {found && found.length > 0 && <ul role="listbox" id={id} aria-label={label}>
        {found.map((one, place) => {
          const shown = show(one);
          return (
            <li key={shown.key} id={`${id}-${place}`} role="option" aria-selected={place === picking.at}
              onMouseDown={(event) => { event.preventDefault(); picking.pick(one); }}>
              <span class="cut">{shown.label}</span>{shown.note && <small class="cut">{shown.note}</small>}
            </li>
          );
        })}
      </ul>}
      <p class={found?.length ? "sr-only" : "suggest-said"} role="status">
        {trouble || (!found ? <><Icon name="state-publishing" size="spin" /> {t("Looking…")}</> : found.length ? t("{n} found", { n: found.length }) : t("Nothing was found."))}
      </p>
    </div>
  );
}
