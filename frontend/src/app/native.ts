/** What tus-js-client takes two packages for and every browser of today has itself; tools/build.mjs puts this in their place. */

export const Base64 = {
  encode: (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text))),
};

/** An address seen from another one, which may be a mere path of ours. */
export default class extends URL {
  constructor(link: string, from: string) {
    super(link, new URL(from, location.href));
  }
}
