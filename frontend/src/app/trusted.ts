/** What may become part of a page (Trusted Types): markup that htmx fetched from ourselves; never a script;
 * and of scripts' addresses that of the service worker only. */

interface Rules { createHTML(markup: string): string; createScriptURL(url: string): string }
interface Policies { createPolicy(name: string, rules: Rules): unknown }

const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
policies?.createPolicy("default", { createHTML: (markup) => markup, createScriptURL: ours });

function ours(url: string): string {
  if (url !== "/worker.js") throw new TypeError("not a script of ours");
  return url;
}

export {};
