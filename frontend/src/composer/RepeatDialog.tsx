/** How a post repeats: at an interval by somebody's clocks, or into free slots after a rest; until when, or how often. */

import { useState } from "preact/hooks";
import { Dialog } from "./Bits";
import { useComposer } from "./context";
import type { Plan } from "./types";
import { instant, wall, type Zone } from "./when";
import { t } from "./words";

const DAY = 86_400_000;

type Ends = "never" | "until" | "times";

export function RepeatDialog({ zone, plan, set, onClose }: { zone: Zone; plan: Plan | null; set: (plan: Plan | null) => void; onClose: () => void }) {
  const { chosen, page } = useComposer();
  const [kind, setKind] = useState(plan?.kind ?? "every");
  const [every, setEvery] = useState(plan?.every ?? 1);
  const [unit, setUnit] = useState(plan?.unit ?? "week");
  const [rest, setRest] = useState(plan?.rest_days ?? 30);
  const [ends, setEnds] = useState<Ends>(plan?.times ? "times" : plan?.until ? "until" : "never");
  const [times, setTimes] = useState(plan?.times ?? 5);
  const [date, setDate] = useState(plan?.until?.slice(0, 10) ?? "");
  const picky = chosen.filter((channel) => channel.one_text_once);
  const keep = (event: Event): void => {
    event.preventDefault();
    const until = ends === "until" ? instant({ date, time: "23:59" }, zone) : null;
    set({ kind, every, unit, rest_days: rest, zone: zone.name, until, times: ends === "times" ? times : null });
    onClose();
  };
  const number = (value: number, take: (value: number) => void, label: string, most = 365) =>
    <input class="input input-sm repeat-number" type="number" min={1} max={most} required aria-label={label} value={value} onInput={(event) => take(event.currentTarget.valueAsNumber || 1)} />;
  return (
    <Dialog title={t("Repeat")} onClose={onClose}>
      <form class="form" onSubmit={keep}>
        <label class="repeat-kind"><input class="radio" type="radio" name="kind" checked={kind === "every"} onChange={() => setKind("every")} /><span>{t("Every")}
          {number(every, setEvery, t("Every how many"))}
          <select class="select select-sm w-auto" aria-label={t("Unit")} value={unit} onChange={(event) => setUnit(event.currentTarget.value as Plan["unit"])}>
            <option value="day">{t("days")}</option><option value="week">{t("weeks")}</option><option value="month">{t("months")}</option>
          </select><span class="fine">{t("at the same time of day in {zone}", { zone: zone.name })}</span></span></label>
        <label class="repeat-kind"><input class="radio" type="radio" name="kind" checked={kind === "evergreen"} onChange={() => setKind("evergreen")} /><span>{t("Evergreen: into a free slot, not sooner than")}
          {number(rest, setRest, t("Days of rest"))}{t("days later")}</span></label>
        <div class="field"><label for="repeat-ends">{t("Ends")}</label>
          <div class="flex flex-wrap gap-2"><select class="select select-sm w-auto" id="repeat-ends" value={ends} onChange={(event) => setEnds(event.currentTarget.value as Ends)}>
            <option value="never">{t("never")}</option><option value="until">{t("on a day")}</option><option value="times">{t("after so many times")}</option>
          </select>
          {ends === "times" && number(times, setTimes, t("Times"), 1000)}
          {ends === "until" && <input class="input input-sm w-auto" type="date" required min={wall(page.now, zone).date} max={wall(zone.end - DAY, zone).date} aria-label={t("Last day")} value={date} onInput={(event) => setDate(event.currentTarget.value)} />}</div></div>
        {picky.length > 0 && <p class="note warning"><span class="grow">{t("{names} may refuse a text that was posted there before. Change a word in each copy, or leave the channel out.", { names: [...new Set(picky.map((c) => c.label))].join(", ") })}</span></p>}
        <p class="fine">{t("Each copy stands on the calendar a week ahead, where it can be changed or deleted by itself.")}</p>
        <div class="dialog-foot">{plan && <button type="button" class="btn" onClick={() => { set(null); onClose(); }}>{t("Do not repeat")}</button>}
          <button type="submit" class="btn btn-primary">{t("Repeat it")}</button></div>
      </form>
    </Dialog>
  );
}

/** In short, for the button. */
export function planned(plan: Plan | null): string {
  if (!plan) return t("Repeat…");
  if (plan.kind === "evergreen") return t("Evergreen");
  if (plan.every === 1) return { day: t("Every day"), week: t("Every week"), month: t("Every month") }[plan.unit];
  const unit = { day: t("days"), week: t("weeks"), month: t("months") }[plan.unit];
  return t("Every {n} {unit}", { n: plan.every, unit });
}
