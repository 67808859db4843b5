/** The smallest pieces: an icon, a channel's face, a counter, a dialog. */

import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Channel, Count } from "./types";
import { language, t } from "./words";

export function Icon({ name, size = "" }: { name: string; size?: string }) {
  return <svg class={`icon ${size}`} aria-hidden="true"><use href={`/static/icons.svg#${name}`} /></svg>;
}

export function Net({ channel }: { channel: Channel }) {
  return <img class="net" src={`/static/networks/${channel.network}.svg`} alt={channel.label} width="16" height="16" />;
}

export function Mark({ channel, size = "" }: { channel: Channel; size?: string }) {
  const face = channel.avatar
    ? <img class="face" src={channel.avatar} alt="" />
    : <span class="face" aria-hidden="true">{(channel.name || channel.handle).replace("@", "").slice(0, 1)}</span>;
  return <span class={`mark ${size} ${channel.paused ? "off" : ""}`}>{face}<Net channel={channel} /></span>;
}

/** A channel's name, and below it where that is: many channels of one person are called the same. */
export function Where({ channel, brief = false }: { channel: Channel; brief?: boolean }) {
  const name = channel.name || channel.handle;
  const more = !brief && channel.handle && channel.handle !== name;
  return <span class="pick-name"><bdi class="cut">{name}</bdi><small class="cut">{channel.label}{more && <> · <bdi>{channel.handle}</bdi></>}</small></span>;
}

/** How full, as a ring and as a number; over the limit the number is what is too much. */
export function Counter({ count, label, brief = false }: { count: Count; label: string; brief?: boolean }) {
  const share = Math.min(1, count.used / count.limit);
  const level = count.used > count.limit ? "over" : share > 0.9 ? "near" : "";
  const words = `${label}: ${t("{used} of {limit} {unit}", { ...count })}`;
  return (
    <span class={`counter ${level}`} title={words}>
      <svg viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="8" /><circle class="fill" cx="10" cy="10" r="8" pathLength="100" stroke-dasharray={`${share * 100} 100`} /></svg>
      <span class="sr-only">{words}</span>{(!brief || share > 0.8) && <span aria-hidden="true">{(count.limit - count.used).toLocaleString(language())}</span>}
    </span>
  );
}

interface DialogProps { title: string; roomy?: boolean; onClose: () => void; children: ComponentChildren }

export function Dialog({ title, roomy, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class={`dialog ${roomy ? "roomy" : ""}`} aria-label={title} onClose={onClose}>
      <div class="dialog-head"><h2>{title}</h2>
        <button type="button" class="btn btn-ghost btn-square btn-sm" aria-label={t("Close")} onClick={() => dialog.current?.close()}><Icon name="close" /></button>
      </div>
      {children}
    </dialog>
  );
}
