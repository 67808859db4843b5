/** Whom to mention, on the one channel a text is for: @ and some letters, and the network's people to pick from. */

import type { RefObject } from "preact";
import { useState } from "preact/hooks";
import { useComposer } from "./context";
import { mentioned } from "./draft";
import { useLooking } from "./looking";
import { Suggest, usePicking } from "./Suggest";
import type { Channel, Mention } from "./types";
import { t } from "./words";

interface Picker { list: preact.JSX.Element | null; keys: (event: KeyboardEvent) => boolean; look: () => void; attributes: Record<string, string | undefined> }

/** `write` puts the text with the mention in its place; each network writes them its own way, so it is for one channel only. */
export function useMentions(id: string, audience: Channel[], area: RefObject<HTMLTextAreaElement | null>, write: (text: string) => void): Picker {
  const { page } = useComposer();
  const channel = audience.length === 1 && audience[0]!.mentions ? audience[0]! : null;
  const [typing, setTyping] = useState<{ from: number; query: string } | null>(null);
  const looked = useLooking<Mention>(`${page.urls.api}/channels/${channel?.id ?? ""}/mentions`, typing && channel ? typing.query : null);
  const pick = (one: Mention): void => {
    const field = area.current;
    if (!field || !typing) return;
    const before = `${field.value.slice(0, typing.from)}${one.text} `;
    write(before + field.value.slice(typing.from + 1 + typing.query.length).replace(/^ /, ""));
    setTyping(null);
    requestAnimationFrame(() => { field.focus(); field.setSelectionRange(before.length, before.length); });
  };
  const open = !!typing && !!channel;
  const picking = usePicking(looked.found ?? [], open, pick, () => setTyping(null));
  const look = (): void => {
    const field = area.current;
    const found = field ? mentioned(field.value, field.selectionStart) : null;
    setTyping((before) => (before?.from === found?.from && before?.query === found?.query ? before : found));
  };
  const list = open ? <Suggest id={id} label={t("People on {network}", { network: channel.label })} looked={looked} picking={picking}
    show={(one) => ({ key: one.text, label: one.label, note: one.text === one.label ? "" : one.text })} />
    : typing && typing.query.length > 1 && audience.length ? <p class="part-hint fine" role="status">{nobody(audience)}</p> : null;
  const attributes = open && looked.found?.length ? { "aria-controls": id, "aria-activedescendant": `${id}-${picking.at}` } : {};
  return { list, keys: picking.keys, look, attributes };
}

/** Why nobody is looked for. */
const nobody = (audience: Channel[]): string => audience.length > 1 ? t("To look for people, choose one channel above: each network writes their names its own way.")
  : t("{network} has no look-up of people: write the name as it is there.", { network: audience[0]!.label });
