/**
 * No module-level mutable state. Preloaded modules lie in flash: a write through a top-level name throws
 * there, or copies the object into RAM for good, and one machine's state would leak into the next on the
 * desktop. Writes while the module itself is evaluated (a table filled by a loop at the top) come before
 * that and are fine.
 */
import { bare, finding, isFunction, namesIn, walk, type Finding, type Node, type Source } from "./source.js";

const mutators =
  /^(push|pop|shift|unshift|splice|sort|reverse|fill|copyWithin|set|add|delete|clear|setU?[Ii]nt(8|16|32)|setFloat(32|64)|setBig(U?)[Ii]nt64)$/;

export function moduleState(source: Source): Finding[] {
  const found: Finding[] = [];
  const held = new Set<string>();
  for (const statement of source.program.body as Node[]) {
    const declared = statement.declaration ?? statement;
    if (declared.type === "VariableDeclaration" && declared.kind !== "const" && declared.declare !== true) {
      found.push(finding(source, declared, `top-level ${declared.kind}: a preloaded module lies in flash; keep state in a closure`));
    }
    for (const name of namesDeclaredBy(statement)) held.add(name);
    if (declared.type === "VariableDeclaration") for (const name of namesDeclaredBy(declared)) held.add(name);
  }

  walk(source.program, (node, ancestors) => {
    const place = writtenPlace(node);
    if (place === undefined || !ancestors.some(isFunction)) return;
    const name = rootOf(place);
    if (name === undefined || !held.has(name) || isShadowed(name, ancestors)) return;
    found.push(finding(source, node, `writes through the top-level "${name}": a preloaded module lies in flash; keep state in a closure`));
  });
  return found;
}

/** What a node writes to: the left of an assignment, the operand of ++ or delete, the object of a mutating call. */
function writtenPlace(node: Node): Node | undefined {
  if (node.type === "AssignmentExpression") return bare(node.left);
  if (node.type === "UpdateExpression" || (node.type === "UnaryExpression" && node.operator === "delete")) return bare(node.argument);
  if (node.type === "CallExpression" || node.type === "OptionalCallExpression") {
    const callee = bare(node.callee);
    if (isMember(callee) && callee.computed !== true && mutators.test(callee.property.name)) {
      // `Timer.set(…)` is a static method of a class, not a write to a container.
      return /^[A-Z]/.test(callee.object.name ?? "") ? undefined : { type: "Mutated", object: callee.object };
    }
    if (isMember(callee) && callee.object.name === "Object" && /^(assign|defineProperty)$/.test(callee.property.name)) {
      return { type: "Mutated", object: node.arguments[0] };
    }
  }
  return undefined;
}

/** The variable at the root of `name.a[i].b`; undefined when the root is a call or `this`. */
function rootOf(place: Node): string | undefined {
  let node = bare(place);
  if (node.type === "Identifier") return node.name;
  while (isMember(node) || node.type === "Mutated") node = bare(node.object);
  return node.type === "Identifier" ? node.name : undefined;
}

function isMember(node: Node): boolean {
  return node.type === "MemberExpression" || node.type === "OptionalMemberExpression";
}

function isShadowed(name: string, ancestors: readonly Node[]): boolean {
  return ancestors.some((node) => {
    if (isFunction(node) && (node.params as Node[]).some((each) => namesIn(each).includes(name))) return true;
    if (node.type === "CatchClause" && node.param && namesIn(node.param).includes(name)) return true;
    const head = node.init ?? node.left;
    if (node.type.startsWith("For") && head?.type === "VariableDeclaration" && namesDeclaredBy(head).includes(name)) return true;
    if (node.type !== "BlockStatement" && node.type !== "SwitchStatement") return false;
    const statements: Node[] =
      node.type === "BlockStatement" ? node.body : (node.cases as Node[]).flatMap((each) => each.consequent as Node[]);
    return statements.some((each) => namesDeclaredBy(each).includes(name));
  });
}

/** Names that a statement declares in its own block. */
function namesDeclaredBy(statement: Node): string[] {
  const declared = statement.declaration ?? statement;
  if (declared.type === "VariableDeclaration") return (declared.declarations as Node[]).flatMap((each) => namesIn(each.id));
  if (/^(Function|Class)Declaration$/.test(declared.type)) return declared.id ? [declared.id.name] : [];
  if (declared.type === "ImportDeclaration") return (declared.specifiers as Node[]).map((each) => each.local.name);
  return [];
}
