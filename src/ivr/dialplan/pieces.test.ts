import { expect, it } from 'vitest';
import { readYamlData } from '../../config/index.js';
import { inPieces, putBack } from './pieces.js';

/** As if each piece came from another thread. */
function sentOver(text: string) {
  const { head, flows } = structuredClone(inPieces(readYamlData('', text)));
  if (head.ok) for (const piece of flows) putBack(head.value, structuredClone(piece));
  return { head, pieces: flows.length };
}
const many = `version: 1\nentries: [ { number: "4000", flow: f0 } ]\nflows:\n${Array.from({ length: 900 }, (_, i) => `  f${i}: [ { say: { en: "Hello ${i}" } }, { hang_up: {} } ]\n`).join('')}person: f1\n`;

it('a file put together of its pieces is the file, places and order included', () => {
  const { head, pieces } = sentOver(many);
  expect(head).toEqual(readYamlData('', many));
  expect(head.ok && Object.keys((head.value.value as { flows: object }).flows)).toEqual(Array.from({ length: 900 }, (_, i) => `f${i}`));
  expect(pieces).toBeGreaterThan(5);
});

it.each([
  ['no map', '- 1\n- 2\n'], ['nothing', ''], ['no flows', 'version: 1\n'], ['flows that are none', 'version: 1\nflows: 3\n'], ['a list of flows', 'flows: [ [], [] ]\n'], ['empty flows', 'flows: {}\n'],
  ['a flow that is no list', 'flows: { a: 1, b: { c: [] } }\n'], ['odd names', 'flows: { 2: [], 1: [], __proto__: [ { hang_up: {} } ] }\n'], ['what is no YAML', 'flows: [\n'],
  ['an alias', 'flows:\n  a: &a [ { hang_up: {} } ]\n  b: *a\n'],
])('so is one with %s', (_, text) => expect(sentOver(text).head).toEqual(readYamlData('', text)));
