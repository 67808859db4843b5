/** What the values of look-ups are called, remembered in this browser: a draft keeps the value alone. */

const name = (channel: string, option: string, value: string): string => `tidings:label:${channel}:${option}:${value}`;

export function remember(channel: string, option: string, value: string, label: string): void {
  try {
    localStorage.setItem(name(channel, option, value), label);
  } catch { /* full or forbidden: it is looked up again */ }
}

export function remembered(channel: string, option: string, value: string): string {
  try {
    return localStorage.getItem(name(channel, option, value)) ?? "";
  } catch {
    return "";
  }
}
