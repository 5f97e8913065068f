/** A module's text and syntax tree, and a walk over it: what every rule of the structure test looks at. */
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "@babel/parser";

/** A node as @babel/parser makes it; a rule knows which fields its types have. */
export interface Node {
  readonly type: string;
  readonly loc?: { readonly start: { readonly line: number } } | null;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly [field: string]: any;
}

export interface Import {
  readonly from: string;
  readonly line: number;
  /** Names of values; types are left out. */
  readonly names: readonly string[];
}

export interface Source {
  /** From the repository's root, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly program: Node;
  readonly imports: readonly Import[];
}

/** One finding: place, what is wrong, what would be right. */
export type Finding = string;

export const root = fileURLToPath(new URL("../../", import.meta.url));

export function source(path: string, text: string): Source {
  const program = parse(text, { sourceType: "module", plugins: ["typescript"] }).program as unknown as Node;
  return { path, text, program, imports: importsOf(program) };
}

/** All TypeScript modules below a folder, sorted; declarations (`.d.ts`) are left out. */
export function sourcesIn(folder: string): Source[] {
  return filesIn(folder)
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".d.ts"))
    .map((path) => source(path, readFileSync(join(root, path), "utf8")));
}

export function filesIn(folder: string): string[] {
  const paths: string[] = [];
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) paths.push(join(entry.parentPath, entry.name).slice(root.length).replaceAll("\\", "/"));
  }
  return paths.sort();
}

export function finding(where: Source, node: Node | number, what: string): Finding {
  const line = typeof node === "number" ? node : (node.loc?.start.line ?? 1);
  return `${where.path}:${line}: ${what}`;
}

/** The path that a relative import means, with the extension it has on disk. */
export function target(where: Source, from: string): string {
  return posix.join(posix.dirname(where.path), from).replace(/\.js$/, ".ts");
}

/** Visits every node after its ancestors; `ancestors` ends with the parent. Types are not visited: they are gone at run time. */
export function walk(node: Node, visit: (node: Node, ancestors: readonly Node[]) => void, ancestors: Node[] = []): void {
  visit(node, ancestors);
  ancestors.push(node);
  for (const field of Object.keys(node)) {
    if (field === "loc" || field === "extra" || field.endsWith("Comments")) continue;
    const value: unknown = node[field];
    if (Array.isArray(value)) {
      for (const each of value) if (isRuntimeNode(each)) walk(each, visit, ancestors);
    } else if (isRuntimeNode(value)) walk(value, visit, ancestors);
  }
  ancestors.pop();
}

/** TypeScript nodes that only wrap an expression. */
const wrappers = ["TSAsExpression", "TSNonNullExpression", "TSSatisfiesExpression", "TSTypeAssertion", "TSInstantiationExpression"];
const wrapped = [...wrappers, "TSParameterProperty", "TSEnumDeclaration", "TSExportAssignment"];

function isRuntimeNode(value: unknown): value is Node {
  if (typeof value !== "object" || value === null || typeof (value as Node).type !== "string") return false;
  const { type } = value as Node;
  return !type.startsWith("TS") || wrapped.includes(type);
}

/** What an expression is once `as`, `!` and `satisfies` are taken off. */
export function bare(node: Node): Node {
  return wrappers.includes(node.type) ? bare(node.expression) : node;
}

export const isFunction = (node: Node): boolean =>
  /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|ObjectMethod|ClassMethod|ClassPrivateMethod)$/.test(node.type);

export const isLoop = (node: Node): boolean => /^(For|ForIn|ForOf|While|DoWhile)Statement$/.test(node.type);

/** Names that a pattern binds. */
export function namesIn(pattern: Node | null): string[] {
  if (pattern === null) return [];
  if (pattern.type === "Identifier") return [pattern.name];
  if (pattern.type === "AssignmentPattern") return namesIn(pattern.left);
  if (pattern.type === "RestElement") return namesIn(pattern.argument);
  if (pattern.type === "TSParameterProperty") return namesIn(pattern.parameter);
  if (pattern.type === "ArrayPattern") return (pattern.elements as (Node | null)[]).flatMap(namesIn);
  if (pattern.type === "ObjectPattern") return (pattern.properties as Node[]).flatMap((each) => namesIn(each.value ?? each));
  return [];
}

function importsOf(program: Node): Import[] {
  const found: Import[] = [];
  for (const statement of program.body as Node[]) {
    if (!("source" in statement) || !statement.source) continue;
    const typeOnly = statement.importKind === "type" || statement.exportKind === "type";
    const names = typeOnly
      ? []
      : ((statement.specifiers ?? []) as Node[])
          .filter((each) => each.importKind !== "type" && each.exportKind !== "type")
          .map((each) => (each.imported ?? each.local)?.name ?? "*");
    found.push({ from: statement.source.value, line: statement.loc?.start.line ?? 1, names });
  }
  return found;
}
