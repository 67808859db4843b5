/** Everyone, or one channel that says it differently. */

import { Icon, Mark, Where } from "./Bits";
import { useComposer } from "./context";
import { isOwn } from "./draft";
import { useFound } from "./Problems";
import { t } from "./words";

export function Tabs() {
  const { state, dispatch, chosen } = useComposer();
  const wrong = new Set(useFound().filter((f) => f.problem.level === "error").flatMap((f) => f.channels.map((c) => c.id)));
  if (chosen.length < 2 && !state.tab) return null;
  const choose = (tab: string): void => dispatch({ do: "tab", tab });
  const step = (event: KeyboardEvent): void => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!by) return;
    const tabs = [...(event.currentTarget as Element).querySelectorAll<HTMLElement>("[role=tab]")];
    const next = tabs[(tabs.indexOf(document.activeElement as HTMLElement) + by + tabs.length) % tabs.length];
    next?.focus();
    next?.click();
    event.preventDefault();
  };
  return (
    <div class="tabs-line" role="tablist" aria-label={t("Text for")} onKeyDown={step}>
      <button type="button" role="tab" id="tab-" class="tab-one" aria-selected={!state.tab} aria-controls="writing"
        tabIndex={state.tab ? -1 : 0} onClick={() => choose("")}><Icon name="members" size="small" />{t("Everyone")}</button>
      {chosen.map((channel) => {
        const own = isOwn(state.draft, channel.id);
        return (
          <button type="button" role="tab" key={channel.id} id={`tab-${channel.id}`} class="tab-one" aria-controls="writing"
            aria-selected={state.tab === channel.id} tabIndex={state.tab === channel.id ? 0 : -1} onClick={() => choose(channel.id)}
            title={`${channel.label} · ${channel.handle}`}>
            <Mark channel={channel} size="small" /><Where channel={channel} brief />
            {wrong.has(channel.id) && <span class="tab-wrong" title={t("Something is wrong here")}><Icon name="error" size="small" /><span class="sr-only">{t("Something is wrong here")}</span></span>}
            {own && <span class="own" title={t("Says it differently")}><span class="sr-only">{t("Says it differently")}</span></span>}
          </button>
        );
      })}
    </div>
  );
}

export function TabNote() {
  const { state, dispatch, chosen } = useComposer();
  const channel = chosen.find((c) => c.id === state.tab);
  if (!channel) return null;
  const own = isOwn(state.draft, channel.id);
  return (
    <p class="tab-note quiet">
      {own ? t("{name} on {network} says it differently.", { name: channel.name, network: channel.label })
        : t("Same as for everyone. Change anything here, and only {name} on {network} says it so.", { name: channel.name, network: channel.label })}
      {own && <button type="button" class="link-plain" onClick={() => dispatch({ do: "shared", tab: channel.id })}>{t("Back to the shared text")}</button>}
    </p>
  );
}
