/** A poll within the narrowest limits of those who take one. */

import { Icon } from "./Bits";
import { useComposer } from "./context";
import { pollLimits } from "./draft";
import type { Channel, Part, Poll } from "./types";
import { t } from "./words";

const LENGTHS = [30, 60, 360, 720, 1440, 4320, 10_080, 20_160, 43_200]; // minutes

function spoken(minutes: number): string {
  if (minutes < 60) return t("{n} minutes", { n: minutes });
  if (minutes < 1440) return minutes === 60 ? t("1 hour") : t("{n} hours", { n: Math.round(minutes / 60) });
  return minutes === 1440 ? t("1 day") : t("{n} days", { n: Math.round(minutes / 1440) });
}

/** Starts a poll for everyone here who takes one; null when nobody does. */
export function usePollStart(part: Part, audience: Channel[]): (() => void) | null {
  const { dispatch } = useComposer();
  const { limits } = pollLimits(audience);
  if (!limits) return null;
  const minutes = Math.max(limits.shortest, Math.min(1440, limits.longest));
  const channels = audience.filter((c) => c.poll).map((c) => c.id);
  return () => dispatch({ do: "poll", part: part.key, channels, poll: { choices: ["", ""], minutes } });
}

export function PollEditor({ part, poll, audience }: { part: Part; poll: Poll; audience: Channel[] }) {
  const { dispatch } = useComposer();
  const { limits, without } = pollLimits(audience);
  if (!limits) return null;
  const channels = audience.filter((c) => c.poll).map((c) => c.id);
  const set = (next: Poll | null): void => dispatch({ do: "poll", part: part.key, channels, poll: next });
  const lengths = [...new Set([...LENGTHS.filter((m) => m >= limits.shortest && m <= limits.longest), poll.minutes])].sort((a, b) => a - b);
  const write = (place: number, text: string): void => set({ ...poll, choices: poll.choices.map((c, at) => (at === place ? text : c)) });
  return (
    <fieldset class="poll" id={`poll-${part.key}`}>
      <legend><Icon name="poll" size="small" />{t("Poll")}</legend>
      <button type="button" class="btn btn-ghost btn-square btn-xs poll-away" aria-label={t("Remove the poll")} onClick={() => set(null)}><Icon name="close" size="small" /></button>
      {poll.choices.map((choice, place) => (
        <div class="poll-choice" key={place}>
          <input class="input input-sm" aria-label={t("Choice {place}", { place: place + 1 })} placeholder={t("Choice {place}", { place: place + 1 })}
            maxLength={limits.characters} value={choice} onInput={(event) => write(place, event.currentTarget.value)} />
          {poll.choices.length > 2 && <button type="button" class="btn btn-ghost btn-square btn-sm" aria-label={t("Remove choice {place}", { place: place + 1 })}
            onClick={() => set({ ...poll, choices: poll.choices.filter((_, at) => at !== place) })}><Icon name="close" size="small" /></button>}
        </div>
      ))}
      <div class="poll-foot">
        {poll.choices.length < limits.choices && <button type="button" class="btn btn-ghost btn-sm" onClick={() => set({ ...poll, choices: [...poll.choices, ""] })}><Icon name="add" size="small" />{t("Add a choice")}</button>}
        <label class="poll-length">{t("Open for")} <select class="select select-sm" value={poll.minutes} onChange={(event) => set({ ...poll, minutes: Number(event.currentTarget.value) })}>
          {lengths.map((minutes) => <option key={minutes} value={minutes}>{spoken(minutes)}</option>)}</select></label>
      </div>
      {without.length > 0 && <p class="fine">{t("No polls on: {names}. Only the text goes there.", { names: without.map((c) => `${c.name} (${c.label})`).join(", ") })}</p>}
    </fieldset>
  );
}
