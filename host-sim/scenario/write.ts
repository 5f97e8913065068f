/**
 * Plans into scenario files that a person can read and that parse back into equal plans: boards of a kind
 * become one entry with a count again, and what is as by default is left out.
 */
import { relative } from "node:path";
import { Document, Scalar } from "yaml";
import { faultForms, type FaultForm } from "../faults/catalogue.js";
import { writtenBoards } from "./write-boards.js";
import { writtenConsumer } from "./write-history.js";
import { writtenEnvironment } from "./write-signals.js";
import { writtenNetwork, writtenVisit } from "./write-visits.js";
import type { Condition, Expectation, FaultPlan, Plan } from "./plan.js";
import { rangeText } from "./schema-range.js";
import { rounded, timeText } from "./schema-time.js";

/** A table, list or value as it will be written. */
export type Written = unknown;

const flowCharactersMax = 80;

export interface Writer {
  /** In braces or brackets where that fits a line, and what is in it too where it does not. */
  flow(value: Written): Written;
  path(file: string): string;
}

/** With a `folder`, files in it are named relative to it; all others by their whole path. */
export function writeScenario(plan: Plan, folder?: string): string {
  const document = new Document();
  const writer: Writer = {
    flow(value) {
      if (typeof value !== "object" || value === null) return value;
      if (JSON.stringify(value).length <= flowCharactersMax) return document.createNode(value, { flow: true });
      if (Array.isArray(value)) return value.map((each) => writer.flow(each));
      return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, writer.flow(each)]));
    },
    path(file) {
      const near = folder === undefined ? file : relative(folder, file).replaceAll("\\", "/");
      return near.startsWith("../") ? file : near;
    },
  };
  const { boards, groups } = writtenBoards(writer, plan.boards);
  const conditions = (all: readonly Expectation[]): Written[] => together(all, groups).map((each) => writtenExpectation(writer, each));
  const written: Record<string, Written> = { name: plan.name };
  if (plan.about !== "") written["about"] = story(plan.about);
  if (plan.seed !== 1) written["seed"] = plan.seed;
  written["duration"] = timeText(plan.durationMs);
  if (boards !== undefined) written["boards"] = boards;
  const environment = writtenEnvironment(writer, plan.environment);
  if (environment !== undefined) written["environment"] = environment;
  const faults = together(plan.faults, groups).map((fault) => writtenFault(writer, fault, plan.durationMs));
  if (faults.length > 0) written["faults"] = faults;
  if (plan.consumer !== undefined) written["consumer"] = writtenConsumer(writer, plan.consumer);
  const { visits = [], networks = [] } = plan;
  if (visits.length > 0) written["visits"] = together(visits, groups).map((visit) => writtenVisit(writer, visit));
  if (networks.length > 0) written["networks"] = networks.map((network) => writtenNetwork(writer, network));
  if (plan.expect.length > 0) written["expect"] = conditions(plan.expect);
  if (plan.never.length > 0) written["never"] = conditions(plan.never);
  document.contents = document.createNode(written, { aliasDuplicateObjects: false }) as never;
  return document.toString({ lineWidth: 100 });
}

/** A folded block where that reads back as it was: paragraphs of plain text. */
function story(about: string): Written {
  if (!/^[^\s\p{C}][^\p{C}]*$/u.test(about) || /\s$|\s{2}/.test(about)) return about;
  const scalar = new Scalar(about);
  scalar.type = Scalar.BLOCK_FOLDED;
  return scalar;
}

function writtenFault(writer: Writer, fault: FaultPlan, durationMs: number): Written {
  const form: FaultForm = faultForms[fault.kind];
  const written: Record<string, Written> = {};
  const { at } = fault;
  if (at.kind === "once") written["at"] = timeText(at.atMs);
  else {
    written["every"] = timeText(at.everyMs);
    if (at.fromMs !== 0) written["from"] = timeText(at.fromMs);
    if (at.untilMs < durationMs) written["until"] = timeText(at.untilMs);
    if (at.chance !== 1) written["chance"] = at.chance;
  }
  if (form.lasts && fault.forMs !== Infinity) written["for"] = timeText(fault.forMs);
  written["fault"] = fault.kind;
  if (fault.board !== undefined) written["board"] = fault.board;
  if (fault.sensor !== undefined) written["sensor"] = fault.sensor;
  const given: Record<string, Written> = {};
  for (const [name, parameter] of Object.entries(form.parameters)) {
    const value = fault.parameters[name];
    if (value === undefined || value === parameter.byDefault) continue;
    given[name] = typeof value === "number" && "unit" in parameter && parameter.unit === "ms" ? timeText(value) : value;
  }
  if (Object.keys(given).length > 0) written["with"] = writer.flow(given);
  return written;
}

function writtenExpectation(writer: Writer, expectation: Expectation): Written {
  const { afterMs, untilMs, board } = expectation;
  const written = writtenCondition(writer, expectation.condition);
  if (board !== undefined) written["board"] = board;
  if (afterMs !== 0) written["after"] = timeText(afterMs);
  if (untilMs !== Infinity) written["within"] = timeText(rounded(untilMs - afterMs));
  return written;
}

function writtenCondition(writer: Writer, condition: Condition): Record<string, Written> {
  if (condition.kind === "state") return { state: writer.flow({ [condition.of]: condition.is }) };
  if (condition.kind === "count") return { count: writer.flow({ [condition.of]: rangeText(condition.within) }) };
  const { topic, text, value, error } = condition;
  return {
    message: topic,
    ...(text === undefined ? {} : { text }),
    ...(value === undefined ? {} : { value: rangeText(value) }),
    ...(error === undefined ? {} : { error }),
  };
}

/** What stands in a row for each board of a group, equal but for the board, becomes one entry for the group. */
function together<Item extends { readonly board?: string }>(
  items: readonly Item[],
  groups: ReadonlyMap<string, readonly string[]>,
): Item[] {
  if (groups.size === 0) return [...items];
  const groupOf = new Map([...groups].map(([name, [first]]) => [first!, name]));
  const written: Item[] = [];
  for (let index = 0; index < items.length;) {
    const item = items[index]!;
    const group = item.board === undefined ? undefined : groupOf.get(item.board);
    const names = group === undefined ? [] : groups.get(group)!;
    const row = items.slice(index, index + names.length);
    const whole = row.length === names.length && names.every((name, at) => row[at]!.board === name && sameBut(row[at]!, item));
    if (names.length > 0 && whole) {
      written.push({ ...item, board: group! });
      index += names.length;
    } else {
      written.push(item);
      index++;
    }
  }
  return written;
}

function sameBut(one: object, other: object): boolean {
  const text = (item: object): string =>
    JSON.stringify({ ...item, board: "", place: "" }, (_, value: unknown) =>
      value === Infinity ? "∞" : value === -Infinity ? "-∞" : value,
    );
  return one === other || text(one) === text(other);
}
