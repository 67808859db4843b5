/** What every component of the composer may reach. */

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Action } from "./state";
import type { Channel, Page, State } from "./types";

export interface Composer {
  page: Page;
  workspace: string;
  state: State;
  dispatch: (action: Action) => void;
  upload: (part: string, tab: string, files: File[]) => void;
}

export const Shared = createContext<Composer | null>(null);

export function useComposer(): Composer & { chosen: Channel[] } {
  const composer = useContext(Shared);
  if (!composer) throw new Error("used outside the composer");
  const { channels, draft } = composer.state;
  return { ...composer, chosen: channels.filter((channel) => draft.channels.includes(channel.id)) };
}
