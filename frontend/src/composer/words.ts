/** The island's own words, translated by the page that carries it (partials/composer_words.html). */

let words: Record<string, string> | null = null;

/** The text in the person's language, with {names} filled in. */
export function t(text: string, values: Record<string, string | number> = {}): string {
  words ??= JSON.parse(document.getElementById("composer-words")?.textContent || "{}") as Record<string, string>;
  return (words[text] || text).replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all));
}

/** For dates; plain English is written day before month, as the 24-hour clock is. */
export function language(): string {
  const named = document.documentElement.lang;
  return !named || named === "en" || named === "en-us" ? "en-GB" : named;
}
