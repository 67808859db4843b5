/** Emoji to pick from: found by their names, in a grid that the arrow keys walk. */

import type { RefObject } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Icon } from "./Bits";
import { type Emoji, type Emojis, emojis, recent, setTone, sought, tone, toned, use } from "./emoji";
import { t } from "./words";

interface Props { insert: (text: string) => void }

export function EmojiButton({ insert }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);
  const toggled = (event: ToggleEvent): void => {
    const shown = event.newState === "open";
    setOpen(shown);
    if (shown) place(panel.current!, button.current!);
  };
  const pick = (char: string, stay: boolean): void => {
    use(char);
    if (!stay) panel.current?.hidePopover();
    insert(char);
  };
  return (
    <>
      <button ref={button} type="button" class="btn btn-ghost btn-sm" aria-haspopup="dialog" aria-expanded={open} onClick={() => panel.current?.togglePopover()}><Icon name="smile" />{t("Emoji")}</button>
      <div ref={panel} popover="auto" class="emoji" role="dialog" aria-label={t("Emoji")} onToggle={toggled}>{open && <Panel pick={pick} />}</div>
    </>
  );
}

/** Under the button, or above it where there is no room; always within the window. */
function place(panel: HTMLElement, button: HTMLElement): void {
  const { left, top, bottom } = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  panel.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  panel.style.top = `${bottom + height + 8 < innerHeight ? bottom + 4 : Math.max(8, top - height - 4)}px`;
}

function Panel({ pick }: { pick: (char: string, stay: boolean) => void }) {
  const [all, setAll] = useState<Emojis | null | "gone">(null);
  const [query, setQuery] = useState("");
  const [shade, setShade] = useState(tone());
  const field = useRef<HTMLInputElement>(null);
  const grid = useRef<HTMLDivElement>(null);
  useEffect(() => { field.current?.focus(); void emojis().then((found) => setAll(found ?? "gone")); }, []);
  const sections = useMemo(() => (all && all !== "gone" ? sectioned(all, query) : []), [all, query]);
  const count = sections.reduce((sum, [, list]) => sum + list.length, 0);
  return (
    <>
      <div class="emoji-head">
        <input ref={field} class="input input-sm" type="search" aria-label={t("Search emoji")} placeholder={t("Search emoji")} value={query} onInput={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={(event) => { if (event.key === "ArrowDown" || event.key === "Enter") { event.preventDefault(); const first = grid.current?.querySelector<HTMLElement>("button"); if (event.key === "Enter" && query) first?.click(); else first?.focus(); } }} />
        <select class="select select-sm" aria-label={t("Skin tone")} value={shade} onChange={(event) => { const next = Number(event.currentTarget.value); setTone(next); setShade(next); }}>
          {["✋", "✋🏻", "✋🏼", "✋🏽", "✋🏾", "✋🏿"].map((hand, at) => <option key={at} value={at}>{hand}</option>)}</select>
      </div>
      <p class={count ? "sr-only" : "suggest-said"} role="status">{all === "gone" ? t("The server could not be reached.") : !all ? t("Looking…") : count ? t("{n} found", { n: count }) : t("Nothing was found.")}</p>
      <div ref={grid} class="emoji-grid" onKeyDown={(event) => walk(event, grid, field)}>
        {sections.map(([name, list]) => (
          <section key={name} aria-label={name}><p class="emoji-group" aria-hidden="true">{name}</p>
            <div>{list.map((one) => { const char = toned(one, shade); return (
              <button type="button" key={one[0]} title={one[1]} aria-label={one[1]} tabIndex={-1} onClick={(event) => pick(char, event.shiftKey)}>{char}</button>); })}</div></section>
        ))}
      </div>
    </>
  );
}

function sectioned({ groups, emoji }: Emojis, query: string): [string, Emoji[]][] {
  if (query.trim()) return [[t("Found"), sought(emoji, query.trim())]];
  const lately = recent();
  const last = lately.map((char) => emoji.find((one) => one[0] === char || one[4]?.includes(char))).filter((one): one is Emoji => !!one);
  return [[t("Used lately"), [...new Set(last)]], ...groups.map(([group, name]): [string, Emoji[]] => [name, emoji.filter((one) => one[3] === group)])]
    .filter((section): section is [string, Emoji[]] => section[1]!.length > 0);
}

/** Arrow keys: sideways one by one, up and down to the nearest in the next row; up from the first row is the search. */
function walk(event: KeyboardEvent, grid: RefObject<HTMLElement | null>, field: RefObject<HTMLInputElement | null>): void {
  const buttons = [...grid.current!.querySelectorAll<HTMLElement>("button")];
  const at = buttons.indexOf(document.activeElement as HTMLElement);
  if (at < 0) return;
  const side = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const down = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const next = side ? buttons[at + (document.dir === "rtl" ? -side : side)] : down ? nearest(buttons, at, down) : event.key === "Home" ? buttons[0] : event.key === "End" ? buttons.at(-1) : null;
  if (next === null) return;
  event.preventDefault();
  (next ?? (down === -1 ? field.current : buttons[at]))?.focus();
}

function nearest(buttons: HTMLElement[], at: number, way: number): HTMLElement | undefined {
  const { left, top } = buttons[at]!.getBoundingClientRect();
  const ahead = way > 0 ? buttons.slice(at + 1) : buttons.slice(0, at).reverse();
  const row = ahead.find((one) => Math.abs(one.getBoundingClientRect().top - top) > 4)?.getBoundingClientRect().top;
  const inRow = ahead.filter((one) => Math.abs(one.getBoundingClientRect().top - (row ?? Infinity)) < 4);
  return inRow.sort((a, b) => Math.abs(a.getBoundingClientRect().left - left) - Math.abs(b.getBoundingClientRect().left - left))[0];
}
