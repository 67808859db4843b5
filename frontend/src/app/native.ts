/** What tus-js-client takes two packages for and every browser of today has itself; tools/build.mjs puts this in their place. */

export const Base64 = {
  encode: (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text))),
};

export default globalThis.URL;
