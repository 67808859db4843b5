/** What the page tells the calendar's scripts: whose time it is, its words, and where the cards stand. */

import { spoken, wall, zoneOf, type Wall, type Zone } from "../composer/when";

const told = { ...document.getElementById("calendar-hands")?.dataset, ...document.getElementById("calendar-data")?.dataset };

export const workspace = told["workspace"] ?? "";
export const seen = told["seen"] ?? "";
export const posts = `/api/v1/workspaces/${workspace}/posts`;
export const here: Zone = zoneOf(told["zone"] ?? "UTC", told["changes"] ?? "");
const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;

export const root = (): HTMLElement | null => document.getElementById("calendar");
export const view = (): string => root()?.dataset["view"] ?? "";
/** Where the hands are: in the day that is open over the month, else in the calendar. */
const place = (): Element | null => document.querySelector("#whole-day-dialog[open]") ?? root();
export const cards = (): HTMLElement[] => [...(place()?.querySelectorAll<HTMLElement>(".chip[data-post]") ?? [])];
export const card = (post: string): HTMLElement | null => place()?.querySelector<HTMLElement>(`.chip[data-post="${CSS.escape(post)}"]`) ?? null;
export const cardOf = (element: EventTarget | null): HTMLElement | null => (element as Element | null)?.closest<HTMLElement>(":is(#calendar, #whole-day) .chip[data-post]") ?? null;
export const post = (element: HTMLElement): string => element.dataset["post"] ?? "";

/** What can be moved around this element: a card, a post's page, a row of what needs attention. */
export const movable = (element: Element | null): HTMLElement | null => element?.closest<HTMLElement>('[data-post][data-movable="true"]') ?? null;
export const dialog = (id: string): HTMLDialogElement | null => document.getElementById(id) as HTMLDialogElement | null;
export const when = (at: string | Wall): string => spoken(typeof at === "string" ? at : `${at.date}T${at.time}Z`, typeof at === "string" ? here : UTC, language);
export const today = (): string => wall(Date.now(), here).date;

const UTC = zoneOf("UTC", "");

/** A sentence of the page, its {places} filled. */
export function word(name: string, places: Record<string, string | number> = {}): string {
  return (told[`${name}Word`] ?? "").replace(/\{(\w+)\}/g, (_, place: string) => String(places[place] ?? ""));
}

export const days = (from: string, to: string): number => Math.round((Date.parse(`${to}T00:00Z`) - Date.parse(`${from}T00:00Z`)) / 86_400_000);
