/** The htmx that app.js loaded; other scripts use that one instead of carrying their own. */

type Ajax = (verb: string, path: string, options: { target: string; select: string; swap: string }) => Promise<void>;

const found = (): { ajax: Ajax } | undefined => (globalThis as { htmx?: { ajax: Ajax } }).htmx;

export default {
  ajax: async (...call: Parameters<Ajax>): Promise<void> => found()?.ajax(...call) ?? location.reload(),
};
