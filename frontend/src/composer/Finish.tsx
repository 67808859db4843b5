/** When it goes out: date and time in the person's zone, and one primary button that says exactly what it does. */

import { useEffect, useState } from "preact/hooks";
import { ask } from "../app/request";
import { Icon } from "./Bits";
import { useComposer } from "./context";
import { isEmpty, plain, unfilled } from "./draft";
import { useFound } from "./Problems";
import { Queue } from "./Queue";
import { planned, RepeatDialog } from "./RepeatDialog";
import { savesItself } from "./saving";
import type { Plan, Post } from "./types";
import { changed, city, instant, oddity, spoken, suggestion, wall, type Zone } from "./when";
import { language, t } from "./words";
import { Zones } from "./Zones";

const minute = (at: string): number => Math.floor(Date.parse(at) / 60_000);

/** `under` shows how a post that goes out within a minute is doing. */
export function Finish({ save, under }: { save: () => Promise<Post | null>; under: (post: string) => void }) {
  const { state, dispatch, page, chosen } = useComposer();
  const [time, setTime] = useState(() => (state.draft.wish_at ? wall(state.draft.wish_at, page.zone) : suggestion(Date.parse(page.now), page.zone)));
  const [zone, setZone] = useState(page.zone);
  const [plan, setPlan] = useState<Plan | null>(page.repeat ?? null);
  const [planning, setPlanning] = useState(false);
  const wish = state.draft.wish_at;
  const at = changed(wish, time, zone);
  // what was typed stays in the fields although the clocks skip it; what somebody else chose comes into them
  useEffect(() => { if (wish && minute(wish) !== minute(instant(time, zone) ?? "")) setTime(wall(wish, zone)); }, [wish]);
  const errors = useFound().filter((f) => f.problem.level === "error").length;
  const uploading = state.uploads.some((u) => u.state !== "failed");
  const past = at !== null && Date.parse(at) < Date.now() + page.ahead;
  const quiet = savesItself(state);
  const may = page.may_publish !== false;
  const ready = chosen.length > 0 && !errors && !uploading && !state.busy && !isEmpty(plain(state.draft), page.signature) && state.saving.kind !== "conflict";
  const choose = (next: typeof time): void => {
    setTime(next);
    const chosenAt = changed(wish, next, zone);
    if (chosenAt) dispatch({ do: "wish", at: chosenAt });
  };

  const look = (next: Zone): void => {
    setZone(next);
    if (at) setTime(wall(at, next)); // the same instant, by other clocks
  };

  const keep = async (id: string, wanted: Plan | null): Promise<boolean> => {
    const outcome = await ask(wanted ? "PUT" : "DELETE", `${page.urls.api}/posts/${id}/repeat`, wanted ?? undefined);
    if (!outcome.ok) dispatch({ do: "busy", busy: "", refused: outcome.trouble.detail || t("The server could not be reached.") });
    return outcome.ok;
  };
  const settle = (next: Plan | null): void => {
    setPlan(next);
    if (!quiet && state.id) void keep(state.id, next); // it is on its way already; a draft's is kept once it has its time
  };

  const act = async (kind: "schedule" | "publish" | "save" | "queue", slot = at): Promise<void> => {
    dispatch({ do: "busy", busy: kind, refused: "" });
    const post = await save();
    if (!post || kind === "save") return dispatch({ do: "busy", busy: "" });
    const verb = kind === "schedule" && !quiet ? "move" : "schedule";
    const outcome = await ask("POST", `${page.urls.api}/posts/${post.id}/${verb}`, kind === "publish" ? { now: true } : kind === "queue" ? { queue: true } : { at });
    if (!outcome.ok) return dispatch({ do: "busy", busy: "", refused: outcome.trouble.detail || t("The server could not be reached. Nothing was scheduled; try again.") });
    if (quiet && plan && !(await keep(post.id, plan))) return;
    const soon = kind === "publish" || (slot !== null && Date.parse(slot) < Date.now() + page.ahead + 60_000);
    if (soon) return under(post.id);
    location.href = `${page.urls.calendar}?day=${slot ? wall(slot, page.zone).date : time.date}`;
  };

  useEffect(() => {
    const keys = (event: KeyboardEvent): void => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !ready || past || !at || !may) return;
      event.preventDefault();
      void act("schedule");
    };
    addEventListener("keydown", keys);
    return () => removeEventListener("keydown", keys);
  });

  const why = !chosen.length ? t("Choose a channel first.") : errors ? t("Mend what is wrong first.") : uploading ? t("Wait for the upload.") : past ? t("This time has passed.") : at ? "" : t("No time chosen yet");
  const label = at ? spoken(at, zone, language(), Date.parse(page.now)) : "…"; // half a date is none
  const open = unfilled(state.draft);
  const odd = oddity(time, zone);
  const oddly = odd === "never" ? t("The clocks skip {time} that day: it goes out {when}.", { time: time.time, when: label })
    : odd === "twice" && at === instant(time, zone) ? t("The clocks show {time} twice that day: it goes out the first time.", { time: time.time }) : "";
  return (
    <div class="finish">
      <div class="finish-when">
        <label class="sr-only" for="finish-date">{t("Date")}</label>
        <input class="input" type="date" id="finish-date" value={time.date} required onInput={(event) => choose({ ...time, date: event.currentTarget.value })} />
        <label class="sr-only" for="finish-time">{t("Time in {zone}", { zone: zone.name })}</label>
        <input class="input" type="time" id="finish-time" value={time.time} required onInput={(event) => choose({ ...time, time: event.currentTarget.value })} />
        <Zones zone={zone} set={look} at={at} />
        {may && <button type="button" class={`btn btn-ghost btn-sm finish-repeat ${plan ? "on" : ""}`} aria-haspopup="dialog" onClick={() => setPlanning(true)}><Icon name="repeat" size="small" />{planned(plan)}</button>}
        {planning && <RepeatDialog zone={zone} plan={plan} set={settle} onClose={() => setPlanning(false)} />}
      </div>
      <p class="finish-why fine" id="finish-why">{[why, oddly, open && t("Still to be filled in: {place}", { place: open })].filter(Boolean).join(" ")}</p>
      <div class="finish-acts">
        {(quiet || !may) && <button type="button" class={`btn ${may ? "btn-ghost finish-save" : "btn-primary"}`} disabled={!!state.busy} onClick={() => void act("save")}><Icon name="save" />{t("Save draft")}</button>}
        {quiet && may && <Queue zone={zone} ready={ready} add={(slot) => void act("queue", slot)} />}
        {quiet && may && <button type="button" class="btn finish-now" disabled={!ready} aria-describedby="finish-why" onClick={() => void act("publish")}><Icon name="send" /><span>{t("Publish now")}</span></button>}
        {may && <button type="button" class="btn btn-primary finish-main" disabled={!ready || past || !at} aria-describedby="finish-why" title="Ctrl+Enter" onClick={() => void act("schedule")}>
          <Icon name={state.busy === "schedule" ? "state-publishing" : "state-scheduled"} size={state.busy ? "spin" : ""} />
          <span>{quiet ? t("Schedule for {when}", { when: label }) : t("Save, to go out {when}", { when: label })}{at && <span class="finish-city"> {city(zone)}</span>}</span></button>}
      </div>
    </div>
  );
}
