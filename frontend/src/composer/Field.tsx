/** One option of a channel, drawn by its kind. */

import { useState } from "preact/hooks";
import type { ComponentType } from "preact";
import { useComposer } from "./context";
import { Lookup } from "./Lookup";
import { Tags } from "./Tags";
import type { Channel, Option } from "./types";
import { city, instant, wall } from "./when";
import { t } from "./words";

export interface FieldProps { channel: Channel; option: Option; id: string; value: unknown; set: (next: unknown) => void; described: string | undefined }

const written = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

function Flag({ option, id, value, set, described }: FieldProps) {
  return <input type="checkbox" class="checkbox" id={id} checked={value === true} aria-required={option.needed || undefined} aria-describedby={described} onChange={(event) => set(event.currentTarget.checked)} />;
}

function Choice({ option, id, value, set, described }: FieldProps) {
  const known = option.choices.some(([choice]) => choice === written(value));
  return (
    <select class="select select-sm" id={id} value={written(value)} aria-required={option.needed} aria-describedby={described} onChange={(event) => set(event.currentTarget.value)}>
      {!known && <option value="">{t("Choose…")}</option>}
      {option.choices.map(([choice, label]) => <option key={choice} value={choice}>{label}</option>)}
    </select>
  );
}

const line = (mode: "text" | "url" | "numeric") => function Line({ option, id, value, set, described }: FieldProps) {
  return <input class="input input-sm" id={id} inputMode={mode} value={written(value)} maxLength={mode === "numeric" ? 12 : option.longest} dir="auto"
    placeholder={mode === "url" ? "https://" : undefined} aria-required={option.needed} aria-describedby={described} onInput={(event) => set(event.currentTarget.value.trim() && event.currentTarget.value)} />;
};

function Time({ option, id, value, set, described }: FieldProps) {
  const { page } = useComposer();
  const at = written(value);
  const told = at && !Number.isNaN(Date.parse(at)) ? wall(at, page.zone) : null;
  const [typed, setTyped] = useState(told ? `${told.date}T${told.time}` : "");
  const choose = (next: string): void => {
    const [date, time] = next.split("T");
    setTyped(next);
    set(date && time ? instant({ date, time: time.slice(0, 5) }, page.zone) : "");
  };
  return (
    <span class="time-field">
      <input class="input input-sm" type="datetime-local" id={id} value={typed} aria-required={option.needed} aria-describedby={described} onInput={(event) => choose(event.currentTarget.value)} />
      <span class="fine" title={page.zone.name}>{city(page.zone)}</span>
    </span>
  );
}

const KINDS: Partial<Record<Option["kind"], ComponentType<FieldProps>>> = {
  flag: Flag, choice: Choice, text: line("text"), url: line("url"), number: line("numeric"), time: Time, lookup: Lookup, tags: Tags,
};

export function Field({ channel, option, value }: { channel: Channel; option: Option; value: unknown }) {
  const { dispatch } = useComposer();
  const Kind = KINDS[option.kind];
  if (!Kind) return null;
  const id = `option-${channel.id}-${option.name}`;
  const help = option.help ? `${id}-help` : undefined;
  const set = (next: unknown): void => dispatch({ do: "option", channel: channel.id, name: option.name, value: next === option.default ? undefined : next });
  const control = <Kind channel={channel} option={option} id={id} value={value} set={set} described={help} />;
  const flag = option.kind === "flag";
  return (
    <div class={`field ${flag ? "row" : ""} ${option.kind === "tags" ? "field-wide" : ""}`}>
      {flag && control}
      <label for={id}>{option.label}{option.needed && <span class="needed" title={t("This is needed")}> *<span class="sr-only"> {t("This is needed")}</span></span>}</label>
      {!flag && control}
      {option.help && <p class="help" id={help}>{option.help}</p>}
    </div>
  );
}
