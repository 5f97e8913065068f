/** Light or dark: as the system is, until somebody chooses. */

export type Colours = Readonly<Record<"ink" | "soft" | "line" | "raw" | "out" | "alarm" | "warn" | "good", string>>;

const names = ["ink", "soft", "line", "raw", "out", "alarm", "warn", "good"] as const;
const stored = "mote-theme";
const dark = matchMedia("(prefers-color-scheme: dark)");
const listeners: (() => void)[] = [];

let current = read();

/** What canvases draw with, as the style sheet has it. */
export function colours(): Colours {
  return current;
}

export function onTheme(listener: () => void): void {
  listeners.push(listener);
}

export function toggleTheme(): void {
  choose(isDark() ? "light" : "dark");
}

export function startTheme(): void {
  let chosen: string | null = null;
  try {
    chosen = localStorage.getItem(stored);
  } catch {
    // A browser that keeps nothing asks the system each time.
  }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset["theme"] = chosen;
  dark.addEventListener("change", changed);
  changed();
}

function isDark(): boolean {
  const chosen = document.documentElement.dataset["theme"];
  return chosen === undefined ? dark.matches : chosen === "dark";
}

function choose(theme: "light" | "dark"): void {
  document.documentElement.dataset["theme"] = theme;
  try {
    localStorage.setItem(stored, theme);
  } catch {
    // As above.
  }
  changed();
}

function changed(): void {
  current = read();
  for (const listener of listeners) listener();
}

/** As resolved colours: the style sheet's own values depend on the theme. */
function read(): Colours {
  const probe = document.createElement("span");
  probe.hidden = true;
  document.body.append(probe);
  const found = names.map((name) => {
    probe.style.color = `var(--${name})`;
    return [name, getComputedStyle(probe).color] as const;
  });
  probe.remove();
  return Object.fromEntries(found) as Colours;
}
