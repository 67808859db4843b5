/** What may become part of a page (Trusted Types): markup that htmx fetched from ourselves; never a script or its address. */

interface Policies { createPolicy(name: string, rules: { createHTML(markup: string): string }): unknown }

const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
policies?.createPolicy("default", { createHTML: (markup) => markup });

export {};
