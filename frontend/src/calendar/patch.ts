/** Makes a piece of the page like a newer one and touches only what differs: whatever stays keeps focus, scroll and words. */

const OWN = new Set(["open", "tabindex"]); // as the person left it

export function patch(old: Element, fresh: Element): void {
  if (old.isEqualNode(fresh) || (old.id && old.hasAttribute("hx-preserve"))) return;
  if (old.localName !== fresh.localName) return old.replaceWith(fresh);
  attributes(old, fresh);
  const [before, after] = [[...old.childNodes], [...fresh.childNodes]];
  if (before.length !== after.length) return old.replaceChildren(...after);
  before.forEach((node, n) => {
    const next = after[n]!;
    if (node instanceof Element && next instanceof Element) patch(node, next);
    else if (!node.isEqualNode(next)) node.replaceWith(next);
  });
}

function attributes(old: Element, fresh: Element): void {
  for (const { name } of [...old.attributes]) if (!OWN.has(name) && !fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (!OWN.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
}
