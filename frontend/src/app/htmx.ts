/** The htmx that app.js loaded; other scripts use that one instead of carrying their own. */

interface Htmx { process(element: Element): void }

const found = (): Htmx | undefined => (globalThis as { htmx?: Htmx }).htmx;

export default {
  /** Heed the attributes of what was put into the page. */
  process: (element: Element): void => found()?.process(element),
};
