import type { Arrow, Drawing } from './drawing.js';

/** Text for Mermaid (mermaid.js.org), as Markdown readers show it: a box for each flow, a line for each way. */
export function toMermaid({ entries, cards, arrows }: Drawing): string {
  const flows = new Map(cards.map((card, i) => [card.flow, `f${i}`]));
  const idOf = (flow: string): string => flows.get(flow) ?? flow;
  const boxes = cards.flatMap(({ flow, rows }) => {
    const steps = rows.map((row, i) => `    ${idOf(flow)}s${i}["${quoted(row.text === '' ? row.kind : `${row.kind}: ${row.text}`)}"]`);
    const chain = rows.length > 1 ? [`    ${rows.map((_, i) => `${idOf(flow)}s${i}`).join(' --> ')}`] : [];
    const empty = rows.length === 0 ? [`    ${idOf(flow)}s0[" "]`] : [];
    return [`  subgraph ${idOf(flow)}["${quoted(flow)}"]`, '    direction TB', ...steps, ...empty, ...chain, '  end'];
  });
  const numbers = entries.map(({ label, flow }, i) => `  e${i}(["☎ ${quoted(label)}"]) --> ${idOf(flow)}s0`);
  const ways = arrows.map((arrow) => `  ${idOf(arrow.from)}s${arrow.row} ${line(arrow)}|"${quoted(arrow.label)}"| ${idOf(arrow.to)}s0`);
  const seen = cards.flatMap(({ flow, rows }) => rows.flatMap((row, i) => (row.visited ? [`${idOf(flow)}s${i}`] : [])));
  const marks = seen.length === 0 ? [] : ['  classDef visited fill:#d9f2e3,stroke:#1a7f4b,stroke-width:2px', `  class ${seen.join(',')} visited`];
  return `${['flowchart TD', ...boxes, ...numbers, ...ways, ...marks].join('\n')}\n`;
}

function line({ style, visited }: Arrow): string {
  if (style === 'error') return '-.->';
  return style === 'back' ? '<-->' : visited ? '==>' : '-->';
}

/** Mermaid reads entities with `#` for `&`; brackets and quotes end a label. */
const quoted = (text: string): string =>
  Array.from(text.length > 80 ? `${text.slice(0, 79)}…` : text, (c) => (/["#;<>&`[\]{}|\\]/.test(c) ? `#${c.codePointAt(0) ?? 0};` : c === '\n' ? ' ' : c)).join('');
