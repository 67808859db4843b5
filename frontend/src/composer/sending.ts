/** How far a post is: its deliveries, asked for when the server says that something has changed, until each has come to its end.
 * While no such line stands – a proxy may not let it through – they are asked for again and again, quickly while something happens. */

import { useEffect, useState } from "preact/hooks";
import { ask } from "../app/request";
import { hear, type Line } from "./hearing";

export interface Delivery {
  id: string; channel: string; position: number; state: string; label: string; due_at: string; reason: string; url: string; note: string; delivered_at: string | null;
}
export interface Row { channel: string; parts: Delivery[]; out: number; state: string; worst: Delivery; stopped: boolean; ended: boolean }

const OVER = ["delivered", "failed", "unsure", "held", "cancelled"];
const WORST = ["failed", "unsure", "held", "cancelled", "sending", "settling", "waiting", "delivered"];
const PAUSE = 1000; // ms
const LONGEST = 8000;
const CALM = 20_000; // between two looks while the line stands: it may be dead without anybody knowing

/** A channel's parts as one row: the part that needs somebody most speaks for it. On a paused channel nothing goes on by itself. */
export function rows(deliveries: Delivery[], paused: Set<string>): Row[] {
  const channels = [...new Set(deliveries.map((one) => one.channel))];
  return channels.map((channel) => {
    const parts = deliveries.filter((one) => one.channel === channel).sort((a, b) => a.position - b.position);
    const worst = [...parts].sort((a, b) => WORST.indexOf(a.state) - WORST.indexOf(b.state))[0]!;
    const stuck = OVER.includes(worst.state) && worst.state !== "delivered"; // what follows a stuck part waits for it
    const stopped = worst.state === "waiting" && paused.has(channel);
    return { channel, parts, worst, stopped, out: parts.filter((one) => one.state === "delivered").length, state: worst.state, ended: stuck || stopped || parts.every((one) => OVER.includes(one.state)) };
  });
}

/** The deliveries as they are now; `again` asks at once and goes on asking. */
export function useDeliveries(workspace: string, url: string, paused: Set<string>): { all: Row[]; lost: boolean; again: () => void } {
  const [deliveries, setDeliveries] = useState<Delivery[]>([]);
  const [lost, setLost] = useState(false);
  const [round, setRound] = useState(0);
  useEffect(() => {
    let timer = 0, pause = PAUSE, before = "", over = false, asking = false, stale = false;
    let line: Line | null = null;
    const look = async (): Promise<void> => {
      if (asking) { stale = true; return; } // what is being answered may be older than the news
      clearTimeout(timer);
      asking = true;
      stale = false;
      const outcome = await ask<{ deliveries: Delivery[] }>("GET", url);
      asking = false;
      if (over) return;
      setLost(!outcome.ok);
      const now = outcome.ok ? JSON.stringify(outcome.value.deliveries.map((one) => one.state)) : before;
      pause = now === before ? Math.min(pause * 1.25, LONGEST) : PAUSE;
      before = now;
      if (outcome.ok) setDeliveries(outcome.value.deliveries);
      if (stale) return void look();
      const going = !outcome.ok || !outcome.value.deliveries.length || rows(outcome.value.deliveries, paused).some((row) => !row.ended);
      if (going) timer = setTimeout(() => void look(), outcome.ok && line?.open() ? CALM : pause);
      else line?.close();
    };
    line = hear(workspace, () => void look());
    void look();
    return () => { over = true; clearTimeout(timer); line?.close(); };
  }, [url, round]);
  return { all: rows(deliveries, paused), lost, again: () => setRound((n) => n + 1) };
}
