/** What is wrong, each with a click to where it is mended. */

import { Icon, Net } from "./Bits";
import { useComposer } from "./context";
import { variantOf } from "./draft";
import { cuts, shapeName } from "./mending";
import type { Channel, Problem } from "./types";
import { t } from "./words";

interface Found { problem: Problem; position: number; channels: Channel[] }

export function useFound(): Found[] {
  const { state, chosen } = useComposer();
  const found = new Map<string, Found>();
  for (const said of state.check?.channels ?? []) {
    const channel = chosen.find((c) => c.id === said.channel);
    for (const item of channel ? said.items : []) {
      for (const problem of item.problems) {
        const key = `${item.position}|${problem.where}|${problem.message}`;
        const before = found.get(key);
        if (before) before.channels.push(channel!);
        else found.set(key, { problem, position: item.position, channels: [channel!] });
      }
    }
  }
  return [...found.values()].sort((a, b) => Number(a.problem.level === "warning") - Number(b.problem.level === "warning"));
}

export function Problems() {
  const { state, dispatch, page } = useComposer();
  const parts = state.draft.items.length;
  const found = useFound();
  const go = ({ problem, position, channels }: Found): void => {
    const part = state.draft.items[position];
    const channel = channels[0];
    if (!part || !channel) return;
    const [where, place] = problem.where.split("-");
    const variant = variantOf(part, channel.id);
    const own = where === "text" ? variant?.text != null : where === "media" ? variant?.media != null : true;
    dispatch({ do: "tab", tab: own && !["text", "media"].includes(where!) ? (state.tab && channel.id) : own ? channel.id : "" });
    const id = where === "media" ? `media-${part.key}-${place ?? 0}` : where === "text" ? `text-${part.key}`
      : where === "poll" ? `poll-${part.key}` : `option-${channel.id}-${problem.where}`;
    requestAnimationFrame(() => focusOn(id, `text-${part.key}`));
  };
  return (
    <div class="problems" role="status" aria-label={t("What is wrong")}>
      {found.map((each) => (
        <div class={`problem ${each.problem.level}`} key={`${each.position}${each.problem.where}${each.problem.message}`}>
          <button type="button" class="problem-go" onClick={() => go(each)}>
            <Icon name={each.problem.level} />
            <span class="grow">{each.problem.message}{parts > 1 && <span class="fine"> {t("Part {place}", { place: each.position + 1 })}</span>}</span>
            <span class="nets" title={each.channels.map((c) => c.name || c.handle).join(", ")}>{each.channels.map((channel) => <Net key={channel.id} channel={channel} />)}{each.channels.length === 1 && <span class="nets-name">{each.channels[0]!.label}</span>}</span>
          </button>
          {each.problem.where === "channel" && <a class="btn btn-sm" href={page.urls.channels}>{t("Connect again")}</a>}
          {!!each.problem.ratio && <button type="button" class="btn btn-sm" onClick={() => cuts(state, each.problem, each.position, each.channels).forEach(dispatch)}>
            <Icon name="crop" size="small" />{t("Crop to {shape}", { shape: shapeName(each.problem) })}</button>}
        </div>
      ))}
    </div>
  );
}

function focusOn(id: string, otherwise: string): void {
  const element = document.getElementById(id) ?? document.getElementById(otherwise);
  const group = element?.closest("details");
  if (group) group.open = true;
  const field = element instanceof HTMLFieldSetElement ? element.querySelector("input") : element;
  field?.focus();
  field?.scrollIntoView({ block: "center", behavior: "smooth" });
}
