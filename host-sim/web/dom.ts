/** The page's elements: found by their id, made with their content. */

export function byId<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found as Kind;
}

type Content = Node | string;
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** Attributes that are undefined or false are left out. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...content: readonly Content[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...content);
  return element;
}

/** Writes only what is new: layout is expensive. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

let fading: ReturnType<typeof setTimeout> | undefined;

/** A short word about what was done. */
export function toast(text: string, wrong = false): void {
  const place = byId("toast");
  place.textContent = text;
  place.classList.toggle("wrong", wrong);
  place.classList.add("shown");
  clearTimeout(fading);
  fading = setTimeout(() => place.classList.remove("shown"), wrong ? 6000 : 2500);
}
