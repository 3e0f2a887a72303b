import { widthOf, wrap } from '../../base/index.js';
import { createGraph, layOut, type Spot } from './dagre.js';
import type { Arrow, Drawing } from './drawing.js';

/** In pixels. */
export const LETTER = 13;
const ROW_WIDTH = 260;
const ROW_GAP = 10;
const LINE = 18;
const TITLE = 30;
const LABEL = 12;

export type Point = Spot;
export interface Box extends Point {
  /** The middle is `x`, `y`. */
  readonly width: number;
  readonly height: number;
}
export interface PlacedRow {
  readonly kind: string;
  readonly lines: readonly string[];
  /** From the top of the card. */
  readonly top: number;
  readonly height: number;
  readonly visited: boolean;
}
export interface PlacedCard extends Box {
  readonly title: string;
  readonly entry: boolean;
  readonly visited: boolean;
  readonly rows: readonly PlacedRow[];
}
export interface PlacedArrow {
  readonly points: readonly Point[];
  readonly style: Arrow['style'];
  readonly visited: boolean;
  readonly labels: readonly string[];
  readonly label: Box;
}
export interface Placed {
  readonly width: number;
  readonly height: number;
  readonly cards: readonly PlacedCard[];
  readonly arrows: readonly PlacedArrow[];
}

/** In layers, from where calls come in to where they leave. */
export function place(drawing: Drawing): Placed {
  const graph = createGraph();
  graph.setGraph({ rankdir: 'TB', nodesep: 36, ranksep: 64, edgesep: 18, marginx: 24, marginy: 24 });
  const cards = new Map<string, Card>([
    ...drawing.entries.map((entry, i) => [`entry ${i}`, entryCard(entry.label, entry.visited)] as const),
    ...drawing.cards.map((card) => [`flow ${card.flow}`, flowCard(card)] as const),
  ]);
  for (const [id, { width, height }] of cards) graph.setNode(id, { width, height });
  for (const [i, entry] of drawing.entries.entries()) graph.setEdge(`entry ${i}`, `flow ${entry.flow}`, { width: 0, height: 0, labelpos: 'c' }, 'entry');
  const arrows = together(drawing.arrows);
  for (const [name, { from, to, labels }] of arrows)
    graph.setEdge(`flow ${from}`, `flow ${to}`, { width: Math.max(...labels.map(widthOf)) * LABEL + 8, height: labels.length * (LABEL + 4), labelpos: 'c' }, name);
  layOut(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width, height,
    cards: [...cards].map(([id, card]) => ({ ...card, x: graph.node(id).x, y: graph.node(id).y })),
    arrows: graph.edges().map((edge): PlacedArrow => {
      const drawn = graph.edge(edge);
      const arrow = arrows.get(edge.name ?? '');
      const visited = arrow?.visited ?? cards.get(edge.v)?.visited ?? false;
      return { points: drawn.points ?? [], style: arrow?.style ?? 'way', visited, labels: arrow?.labels ?? [], label: { x: drawn.x ?? 0, y: drawn.y ?? 0, width: drawn.width ?? 0, height: drawn.height ?? 0 } };
    }),
  };
}

type Card = Omit<PlacedCard, 'x' | 'y'>;

const entryCard = (label: string, visited: boolean): Card => ({ title: `☎ ${label}`, entry: true, visited, rows: [], width: widthOf(`☎ ${label}`) * LETTER + 40, height: TITLE });

function flowCard({ flow, rows, visited }: Drawing['cards'][number]): Card {
  let top = TITLE;
  const placed = rows.map((row): PlacedRow => {
    const lines = wrap(row.text, (ROW_WIDTH - 76) / LETTER, 3);
    const height = Math.max(1, lines.length) * LINE + ROW_GAP;
    const here = { kind: row.kind, lines, top, height, visited: row.visited };
    top += height;
    return here;
  });
  return { title: flow, entry: false, visited, rows: placed, width: Math.max(ROW_WIDTH, widthOf(flow) * LETTER + 32), height: top + 6 };
}

interface Bundle {
  readonly from: string;
  readonly to: string;
  readonly style: Arrow['style'];
  readonly visited: boolean;
  readonly labels: readonly string[];
}
/** Ways between the same two cards are one arrow with several labels. */
function together(arrows: readonly Arrow[]): Map<string, Bundle> {
  const bundles = new Map<string, Bundle>();
  for (const { from, to, style, visited, label } of arrows) {
    const name = `${style} ${from} ${to}`;
    const before = bundles.get(name);
    const labels = [...new Set([...(before?.labels ?? []), ...wrap(label, 22, 3)])];
    bundles.set(name, { from, to, style, labels, visited: visited || (before?.visited ?? false) });
  }
  return bundles;
}
