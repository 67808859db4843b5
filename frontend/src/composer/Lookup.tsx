/** An option whose choices are on the network: type, pick; what was picked keeps its name. */

import { useEffect, useRef, useState } from "preact/hooks";
import { ask } from "../app/request";
import { Icon } from "./Bits";
import { useComposer } from "./context";
import type { FieldProps } from "./Field";
import { remember, remembered } from "./labels";
import { useLooking } from "./looking";
import { Suggest, usePicking } from "./Suggest";
import type { Found } from "./types";
import { t } from "./words";

export function Lookup({ channel, option, id, value, set, described }: FieldProps) {
  const { page } = useComposer();
  const url = `${page.urls.api}/channels/${channel.id}/options/${option.name}`;
  const chosen = typeof value === "string" ? value : "";
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState<string | null>(null); // null: what is chosen stands there
  const label = useLabel(url, channel.id, option.name, chosen);
  const field = useRef<HTMLInputElement>(null);
  const looked = useLooking<Found>(url, open ? (typed ?? "") : null);
  const own = typed?.trim() ?? "";
  const found = [...(looked.found ?? []), ...(own && looked.found ? [{ value: own, label: t("Use “{text}” as it is", { text: own }) }] : [])];
  const close = (): void => { setOpen(false); setTyped(null); };
  const pick = (one: Found): void => {
    remember(channel.id, option.name, one.value, looked.found?.includes(one) ? one.label : one.value);
    set(one.value);
    close();
  };
  const picking = usePicking(found, open, pick, close);
  const write = (text: string): void => {
    if (!text) set("");
    setTyped(text);
    setOpen(true);
  };
  return (
    <div class="suggest-box">
      <input ref={field} class="input input-sm" id={id} role="combobox" autocomplete="off" aria-autocomplete="list" aria-expanded={open && found.length > 0}
        aria-controls={`${id}-list`} aria-activedescendant={open && found.length ? `${id}-list-${picking.at}` : undefined} aria-required={option.needed} aria-describedby={described}
        placeholder={t("Search…")} value={typed ?? label} onInput={(event) => write(event.currentTarget.value)}
        onFocus={(event) => { event.currentTarget.select(); setOpen(true); }} onClick={() => setOpen(true)} onBlur={close}
        onKeyDown={(event) => { if (!picking.keys(event) && event.key === "ArrowDown") setOpen(true); }} />
      {chosen && <button type="button" class="btn btn-ghost btn-square btn-xs suggest-away" aria-label={t("Clear {name}", { name: option.label })} onClick={() => { set(""); field.current?.focus(); }}><Icon name="close" size="small" /></button>}
      {open && <Suggest id={`${id}-list`} label={option.label} looked={{ ...looked, found: looked.found && found }} picking={picking} show={(one) => ({ key: one.value, label: one.label })} />}
    </div>
  );
}

/** What the value is called: as remembered, else as the network's likeliest choices say, else the value itself. */
function useLabel(url: string, channel: string, option: string, value: string): string {
  const [, draw] = useState(0);
  const known = value && remembered(channel, option, value);
  useEffect(() => {
    if (!value || known) return;
    let stale = false;
    void ask<Found[]>("GET", `${url}?q=`).then((outcome) => {
      const one = outcome.ok ? outcome.value.find((each) => each.value === value) : undefined;
      if (one) remember(channel, option, value, one.label);
      if (one && !stale) draw((n) => n + 1);
    });
    return () => { stale = true; };
  }, [value]);
  return known || value;
}
