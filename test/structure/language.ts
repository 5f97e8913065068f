/**
 * What the language offers and Mote does without: in the firmware everything that differs between
 * engines or that a stripped device lacks; in the simulated world everything that knows real time or
 * chance.
 */
import { bare, finding, isFunction, namesIn, walk, type Finding, type Node, type Source } from "./source.js";

const firmwareGlobals: Record<string, string> = {
  Date: "take device.clock",
  Promise: "use callbacks: engines run promise jobs at different times",
  WeakRef: "collection times differ between engines",
  FinalizationRegistry: "collection times differ between engines",
  Intl: "XS has none",
  eval: "a stripped device has none",
  Function: "a stripped device has none",
  console: "XS has none",
  globalThis: "the firmware keeps no global state",
  setTimeout: "take device.timers",
  setInterval: "take device.timers",
  queueMicrotask: "use callbacks",
  process: "that is Node's",
  Buffer: "that is Node's",
  performance: "take device.clock",
};

const worldGlobals: Record<string, string> = {
  Date: "take the virtual clock",
  performance: "take the virtual clock",
  setTimeout: "use the scheduler",
  setInterval: "use the scheduler",
  setImmediate: "use the scheduler",
  queueMicrotask: "use the scheduler",
  process: "the world knows no machine",
  crypto: "draw from the seed",
  fetch: "the world has its own network",
};

/** IEEE 754 operations and integer arithmetic: the same bits on every engine. */
const exactMath = ["abs", "ceil", "clz32", "floor", "fround", "imul", "max", "min", "round", "sign", "sqrt", "trunc"];
/** Methods whose result depends on the engine or its locale. */
const engineMethods = ["toLocaleString", "toLocaleUpperCase", "toLocaleLowerCase", "localeCompare", "toPrecision"];

export function firmwareLanguage(source: Source): Finding[] {
  const found: Finding[] = [];
  const globals = without(firmwareGlobals, source);
  walk(source.program, (node, ancestors) => {
    const say = (what: string) => found.push(finding(source, node, what));
    const parent = ancestors[ancestors.length - 1];
    const banned = bannedGlobal(node, parent, globals);
    if (banned !== undefined) say(banned);
    if (isReference(node, parent, "Math")) {
      const name = parent !== undefined && isMember(parent) && parent.object === node ? memberName(parent) : undefined;
      const constant = name !== undefined && /^[A-Z][A-Z0-9_]*$/.test(name);
      if (name === undefined || !(constant || exactMath.includes(name))) {
        say(`Math.${name ?? "…"} differs between engines: use base/math.ts`);
      }
    }
    if ((node.type === "BinaryExpression" && node.operator === "**") || (node.type === "AssignmentExpression" && node.operator === "**=")) {
      say("** differs between engines: multiply, write the constant, or use base/math.ts");
    }
    if (node.type === "AwaitExpression" || node.async === true || node.await === true) say("async: use callbacks and state machines");
    if (node.type === "ImportExpression" || (node.type === "CallExpression" && node.callee.type === "Import")) {
      say("import(): every module is linked before the board runs");
    }
    if (isMember(node)) {
      const name = memberName(node);
      if (name !== undefined && engineMethods.includes(name)) say(`${name} differs between engines`);
    }
    if (node.type === "CallExpression" && isMember(bare(node.callee)) && memberName(bare(node.callee)) === "toFixed") {
      const [digits] = node.arguments as Node[];
      if (digits === undefined || digits.value === 0) say("toFixed(0) differs between engines: use Math.round");
    }
    if (
      (node.type === "NewExpression" || node.type === "CallExpression") &&
      node.callee.type === "Identifier" &&
      node.callee.name === "Array"
    ) {
      say("new Array(n) is slow on XS when filled by index: start from [] and push");
    }
  });
  return found;
}

export function worldLanguage(source: Source): Finding[] {
  const found: Finding[] = [];
  const globals = without(worldGlobals, source);
  walk(source.program, (node, ancestors) => {
    const parent = ancestors[ancestors.length - 1];
    const banned = bannedGlobal(node, parent, globals);
    if (banned !== undefined) found.push(finding(source, node, banned));
    if (isMember(node) && node.object.type === "Identifier" && node.object.name === "Math" && memberName(node) === "random") {
      found.push(finding(source, node, "Math.random: draw from the seed"));
    }
    if (node.type === "ImportExpression" || (node.type === "CallExpression" && node.callee.type === "Import")) {
      found.push(finding(source, node, "import(): the world's imports stand at the top"));
    }
  });
  return found;
}

/** Leaves out the names that the module itself declares somewhere: `crypto` may be a parameter. */
function without(globals: Record<string, string>, source: Source): Record<string, string> {
  const left = { ...globals };
  walk(source.program, (node) => {
    const patterns: Node[] =
      node.type === "VariableDeclarator"
        ? [node.id]
        : /^Import.*Specifier$/.test(node.type)
          ? [node.local]
          : isFunction(node)
            ? node.params
            : [];
    for (const name of patterns.flatMap(namesIn)) delete left[name];
  });
  return left;
}

function bannedGlobal(node: Node, parent: Node | undefined, globals: Record<string, string>): string | undefined {
  if (node.type !== "Identifier" || !Object.hasOwn(globals, node.name)) return undefined;
  return isReference(node, parent, node.name) ? `${node.name}: ${globals[node.name]}` : undefined;
}

/** True when an identifier stands for a variable, not for a property or a label of that name. */
function isReference(node: Node, parent: Node | undefined, name: string): boolean {
  if (node.type !== "Identifier" || node.name !== name) return false;
  if (parent === undefined) return true;
  if (isMember(parent)) return parent.object === node || parent.computed === true;
  if (/^(ObjectProperty|ObjectMethod|ClassProperty|ClassMethod|ClassAccessorProperty)$/.test(parent.type)) {
    return parent.key !== node || parent.computed === true;
  }
  return !/^(ImportSpecifier|ExportSpecifier|LabeledStatement)$/.test(parent.type);
}

function isMember(node: Node): boolean {
  return node.type === "MemberExpression" || node.type === "OptionalMemberExpression";
}

function memberName(node: Node): string | undefined {
  if (node.computed !== true) return node.property.name;
  return node.property.type === "StringLiteral" ? node.property.value : undefined;
}
