import { FONTS, xml } from '../../base/index.js';
import type { Drawing } from './drawing.js';
import { LETTER, place, type PlacedArrow, type PlacedCard, type Point } from './layout.js';

const STYLE = `
text { font: ${LETTER}px ${FONTS}; fill: #1f2933; }
.title { font-weight: 600; } .kind { fill: #52606d; } .label { font-size: 12px; fill: #334e68; }
.card { fill: #ffffff; stroke: #9fb3c8; } .head { fill: #e8eef5; } .entry { fill: #fff3d6; stroke: #d9a21b; } .row { fill: none; }
.way { stroke: #52606d; } .back { stroke: #52606d; stroke-dasharray: 2 4; } .error { stroke: #b44d4d; stroke-dasharray: 6 4; } path { fill: none; stroke-width: 1.4; }
.behind { fill: #ffffff; opacity: 0.88; }
.visited.card, .visited.entry { stroke: #1a7f4b; stroke-width: 2.5; } .visited.row { fill: #d9f2e3; } path.visited { stroke: #1a7f4b; stroke-width: 3; }`;

/** A picture that needs nothing but itself: no script, no font, no other file. */
export function toSvg(drawing: Drawing): string {
  const { width, height, cards, arrows } = place(drawing);
  const size = `width="${Math.ceil(width)}" height="${Math.ceil(height)}" viewBox="0 0 ${Math.ceil(width)} ${Math.ceil(height)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="${xml(drawing.title)}">`,
    `<style>${STYLE}</style>`,
    ...['way', 'error', 'visited'].map((kind) => `<marker id="${kind}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse"><path d="M0 0 L8 4 L0 8" style="fill:none;stroke:${COLOURS[kind] ?? '#000'}"/></marker>`),
    `<rect width="100%" height="100%" fill="#f7f9fb"/>`,
    ...arrows.map(arrowSvg), ...cards.map(cardSvg), ...arrows.map(labelSvg),
    '</svg>', '',
  ].join('\n');
}
const COLOURS: Readonly<Record<string, string>> = { way: '#52606d', error: '#b44d4d', visited: '#1a7f4b' };

function cardSvg(card: PlacedCard): string {
  const [left, top] = [card.x - card.width / 2, card.y - card.height / 2];
  const seen = card.visited ? ' visited' : '';
  if (card.entry)
    return `<rect class="entry${seen}" x="${n(left)}" y="${n(top)}" width="${n(card.width)}" height="${n(card.height)}" rx="${n(card.height / 2)}"/>${words('title', card.x, top + 20, card.title, 'middle')}`;
  const rows = card.rows.map((row) => [
    row.visited ? `<rect class="row visited" x="${n(left + 1)}" y="${n(top + row.top)}" width="${n(card.width - 2)}" height="${n(row.height)}"/>` : '',
    words('kind', left + 12, top + row.top + 19, row.kind),
    ...row.lines.map((line, i) => words('text', left + 68, top + row.top + 19 + i * 18, line)),
  ].join(''));
  return [
    `<rect class="card${seen}" x="${n(left)}" y="${n(top)}" width="${n(card.width)}" height="${n(card.height)}" rx="8"/>`,
    `<path class="head" style="fill:#e8eef5" d="M${n(left + 1)} ${n(top + 29)} V${n(top + 9)} q0 -8 8 -8 H${n(left + card.width - 9)} q8 0 8 8 V${n(top + 29)} Z"/>`,
    words('title', left + 12, top + 20, card.title), ...rows,
  ].join('\n');
}

function arrowSvg({ points, style, visited }: PlacedArrow): string {
  const seen = visited ? ' visited' : '';
  const end = visited ? 'visited' : style === 'error' ? 'error' : 'way';
  return `<path class="${style}${seen}" d="${curve(points)}" marker-end="url(#${end})"${style === 'back' ? ' marker-start="url(#way)"' : ''}/>`;
}

/** Over its arrow, on a patch of background. */
function labelSvg({ labels, label }: PlacedArrow): string {
  if (labels.length === 0) return '';
  const [left, top] = [label.x - label.width / 2, label.y - label.height / 2];
  return `<rect class="behind" x="${n(left)}" y="${n(top)}" width="${n(label.width)}" height="${n(label.height)}" rx="3"/>${labels.map((one, i) => words('label', label.x, top + 12 + i * 16, one, 'middle')).join('')}`;
}

const ROUND = 16;

/** From point to point, with round corners. */
function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  const bends = rest.slice(0, -1).map((corner, i) => {
    const from = toward(corner, points[i] ?? corner);
    const to = toward(corner, points[i + 2] ?? corner);
    return `L${n(from.x)} ${n(from.y)} Q${n(corner.x)} ${n(corner.y)} ${n(to.x)} ${n(to.y)}`;
  });
  const last = rest.at(-1) ?? first;
  return [`M${n(first.x)} ${n(first.y)}`, ...bends, `L${n(last.x)} ${n(last.y)}`].join(' ');
}

/** A little way from one point to the other, half of it at most. */
function toward(from: Point, to: Point): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const share = length === 0 ? 0 : Math.min(0.5, ROUND / length);
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
}

const words = (kind: string, x: number, y: number, text: string, anchor = 'start'): string =>
  `<text class="${kind}" x="${n(x)}" y="${n(y)}"${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}>${xml(text)}</text>`;
const n = (value: number): string => String(Math.round(value * 10) / 10);
