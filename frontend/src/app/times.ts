/** <time datetime data-relative> says how long ago or ahead; the exact time stays in its title. */

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600], ["month", 2_629_800], ["week", 604_800], ["day", 86_400], ["hour", 3_600], ["minute", 60],
];

export function relative(seconds: number, language: string): string {
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  for (const [unit, length] of STEPS) {
    if (Math.abs(seconds) >= length) return format.format(Math.round(seconds / length), unit);
  }
  return format.format(0, "minute");
}

export function times(root: ParentNode): void {
  const language = document.documentElement.lang || "en";
  for (const element of root.querySelectorAll<HTMLTimeElement>("time[data-relative]")) {
    element.title ||= element.textContent?.trim() ?? "";
    element.textContent = relative((Date.parse(element.dateTime) - Date.now()) / 1000, language);
  }
}
