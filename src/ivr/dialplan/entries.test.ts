import { describe, expect, it } from 'vitest';
import { readCalendars } from '../hours/index.js';
import { bestEntry, type Arrival } from './entries.js';
import { parseDialplan } from './file.js';

const { calendars } = readCalendars('c.yaml', 'version: 1\ncalendars:\n  office: { weekly: { mon-fri: "09:00-18:00" } }\n');
/** Friday 10:00 and 20:00 in Shanghai. */
const [DAY, NIGHT] = [Date.UTC(2026, 10, 20, 2), Date.UTC(2026, 10, 20, 12)];

function flowFor(entries: readonly string[], arrival: Arrival): string | undefined {
  const parsed = parseDialplan('main.yaml', `version: 1\ntime_zone: Asia/Shanghai\nentries:\n${entries.map((e) => `  - ${e}\n`).join('')}flows: { a: [], b: [], c: [] }\n`, calendars);
  if (!parsed.ok) throw new Error(parsed.faults.map((f) => f.message).join());
  return bestEntry(parsed.file.entries, arrival)?.flow;
}

describe('which flow a call comes to', () => {
  it.each<[what: string, entries: string[], arrival: Arrival, flow: string | undefined]>([
    ['by its number', ['{ number: "4000", flow: a }'], { number: '4000' }, 'a'],
    ['not by another', ['{ number: "4000", flow: a }'], { number: '4001' }, undefined],
    ['by the closest pattern, wherever it stands', ['{ number: "4xxx", flow: a }', '{ number: "400x", flow: b }'], { number: '4000' }, 'b'],
    ['by its caller', ['{ number: "4000", flow: a }', '{ number: "4000", caller: ["+86138.", "1002"], flow: b }'], { number: '4000', from: '1002' }, 'b'],
    ['by its caller: not this one', ['{ number: "4000", flow: a }', '{ number: "4000", caller: "+86138.", flow: b }'], { number: '4000', from: '1001' }, 'a'],
    ['by its trunk', ['{ number: "4000", trunk: carrier-a, flow: a }', '{ number: "4000", flow: b }'], { number: '4000', trunk: 'carrier-a' }, 'a'],
    ['by its trunk: it came over none', ['{ number: "4000", trunk: carrier-a, flow: a }', '{ number: "4000", flow: b }'], { number: '4000' }, 'b'],
    ['by the time: open', ['{ number: "4000", hours: office, flow: a }', '{ number: "4000", flow: b }'], { number: '4000', atMs: DAY }, 'a'],
    ['by the time: closed', ['{ number: "4000", hours: office, flow: a }', '{ number: "4000", closed: office, flow: b }'], { number: '4000', atMs: NIGHT }, 'b'],
    ['by the time: nobody knows it', ['{ number: "4000", hours: office, flow: a }', '{ number: "4000", closed: office, flow: b }'], { number: '4000' }, undefined],
    ['by the language', ['{ number: "4000", language: en, flow: a }', '{ number: "4000", flow: b }'], { number: '4000', language: 'en' }, 'a'],
    ['by tags: all of them', ['{ number: "4000", tags: [vip, elderly], flow: a }', '{ number: "4000", flow: b }'], { number: '4000', tags: ['elderly', 'vip', 'x'] }, 'a'],
    ['by tags: not all of them', ['{ number: "4000", tags: [vip, elderly], flow: a }', '{ number: "4000", flow: b }'], { number: '4000', tags: ['vip'] }, 'b'],
    ['the more is asked, the more it is meant', ['{ number: "4000", caller: "10xx", flow: a }', '{ number: "4000", caller: "10xx", tags: vip, flow: b }'], { number: '4000', from: '1001', tags: ['vip'] }, 'b'],
    ['the number before all else', ['{ number: "4xxx", caller: "10xx", tags: vip, flow: a }', '{ number: "4000", flow: b }'], { number: '4000', from: '1001', tags: ['vip'] }, 'b'],
    ['of equals the first', ['{ number: "4000", caller: "10xx", flow: a }', '{ number: "4000", caller: "1.", flow: b }'], { number: '4000', from: '1001' }, 'a'],
  ])('%s', (_what, entries, arrival, flow) => expect(flowFor(entries, arrival)).toBe(flow));
});
