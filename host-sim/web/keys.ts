/** The page's keys. Where somebody types or chooses, they are left alone. */

export function onKeys(keys: Readonly<Record<string, (event: KeyboardEvent) => void>>): void {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]") !== null) return;
    const target = event.target as HTMLElement;
    if (target.matches("input:not([type=radio], [type=checkbox], [type=range]), select, textarea")) return;
    // What these do by themselves is what somebody meant who stands on them.
    if (event.key === " " && target.matches("button, a, input:not([type=range])")) return;
    if (event.key.startsWith("Arrow") && target.matches("input:not([type=checkbox]), #wire")) return;
    const action = keys[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action(event);
  });
}
