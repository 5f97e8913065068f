/**
 * No jump that leaves a `switch` inside a loop but by its own `break`: XS leaks a stack slot each time
 * (`continue`, or a labelled `break` or `continue`), and a device dies of it after a day.
 */
import { finding, isFunction, isLoop, walk, type Finding, type Source } from "./source.js";

export function jumpsOutOfSwitch(source: Source): Finding[] {
  const found: Finding[] = [];
  walk(source.program, (node, ancestors) => {
    if (node.type !== "ContinueStatement" && !(node.type === "BreakStatement" && node.label)) return;
    for (let index = ancestors.length - 1; index >= 0; index--) {
      const around = ancestors[index]!;
      if (isFunction(around)) return;
      if (node.label ? around.type === "LabeledStatement" && around.label.name === node.label.name : isLoop(around)) return;
      if (around.type === "SwitchStatement" && !isLabelled(ancestors[index - 1], node)) {
        const jump = node.type === "ContinueStatement" ? "continue" : "a labelled break";
        found.push(finding(source, node, `${jump} leaves a switch: XS leaks stack; use if, or move the switch into a function`));
        return;
      }
    }
  });
  return found;
}

/** `label: switch … break label` ends the switch as a plain break does. */
function isLabelled(parent: { type: string; [field: string]: unknown } | undefined, jump: { [field: string]: unknown }): boolean {
  const label = jump["label"] as { name: string } | null;
  return label !== null && parent?.type === "LabeledStatement" && (parent["label"] as { name: string }).name === label.name;
}
