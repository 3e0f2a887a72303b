import type { Language } from '../../speech/tts/index.js';
import type { Plan } from '../machine/index.js';
import { stepText, kindText, wayText } from './words.js';
import { waysOf, type WayBy } from './ways.js';

/** A dialplan as a picture has it: cards with rows, and arrows between them. */
export interface Drawing {
  readonly title: string;
  readonly entries: readonly { readonly label: string; readonly flow: string; readonly visited: boolean }[];
  readonly cards: readonly Card[];
  readonly arrows: readonly Arrow[];
}
export interface Card {
  readonly flow: string;
  readonly rows: readonly { readonly kind: string; readonly text: string; readonly visited: boolean }[];
  readonly visited: boolean;
}
export interface Arrow {
  readonly from: string;
  /** Row of the card, from 0. */
  readonly row: number;
  readonly to: string;
  readonly label: string;
  readonly style: 'way' | 'back' | 'error';
  readonly visited: boolean;
}

export interface DrawOptions {
  readonly entries: readonly { readonly number: string; readonly flow: string }[];
  readonly plan: Plan;
  /** Only this flow and what it leads to. */
  readonly flow?: string | undefined;
  /** Of the words that are ours, and of texts where there are several. */
  readonly language: Language;
  /** Steps that a call has come to, in that order; `index` from 0. */
  readonly visited?: readonly { readonly flow: string; readonly index: number }[] | undefined;
}

export function drawingOf({ entries, plan, flow, language, visited = [] }: DrawOptions): Drawing {
  // What the server adds by itself has a name that nobody can write.
  const shown = (flow === undefined ? [...plan.flows.keys()] : reachedFrom(plan, flow)).filter((name) => !name.startsWith('('));
  const steps = new Set(visited.map((v) => `${v.flow}/${v.index}`));
  const passages = new Set(visited.slice(1).flatMap((v, i) => (v.index === 0 && visited[i] ? [`${visited[i].flow}>${v.flow}`] : [])));
  const cards = shown.map((name): Card => {
    const rows = (plan.flows.get(name) ?? []).map((step, i) => ({ kind: kindText(step.do, language), text: stepText(step, language), visited: steps.has(`${name}/${i}`) }));
    return { flow: name, rows, visited: rows.some((row) => row.visited) };
  });
  const arrows = shown.flatMap((name) => (plan.flows.get(name) ?? []).flatMap((step, row) =>
    waysOf(step).filter((way) => plan.flows.has(way.flow)).map((way): Arrow => ({
      from: name, row, to: way.flow, label: wayText(way.by, language), style: styleOf(way.by, way.comesBack), visited: steps.has(`${name}/${row}`) && passages.has(`${name}>${way.flow}`),
    }))));
  const first = visited[0]?.flow;
  return {
    title: flow ?? plan.file, cards, arrows,
    entries: flow === undefined ? entries.map((e) => ({ label: e.number, flow: e.flow, visited: e.flow === first })) : [],
  };
}

const styleOf = (by: WayBy, comesBack: boolean): Arrow['style'] => (by.on === 'error' ? 'error' : comesBack ? 'back' : 'way');

function reachedFrom(plan: Plan, first: string): string[] {
  const reached = new Set<string>();
  const toVisit = [first];
  for (let name = toVisit.shift(); name !== undefined; name = toVisit.shift()) {
    if (reached.has(name) || !plan.flows.has(name)) continue;
    reached.add(name);
    for (const step of plan.flows.get(name) ?? []) toVisit.push(...waysOf(step).map((way) => way.flow));
  }
  return [...reached];
}
