import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ConfigFaults, loadConfig } from './index.js';

function load(text?: string) {
  const dir = mkdtempSync(join(tmpdir(), 'strowger-tickets-'));
  if (text !== undefined) writeFileSync(join(dir, 'tickets.yaml'), text);
  return loadConfig(dir).tickets;
}
function faultsIn(text: string): string[] {
  try {
    load(text);
  } catch (error) {
    if (error instanceof ConfigFaults) return error.faults.map((f) => `${f.line}:${f.column} ${f.message}`);
    throw error;
  }
  return [];
}

it('works without a file: one type, four priorities, a calendar that never closes', () => {
  const tickets = load();
  expect([tickets.types.map((t) => t.name), tickets.priorities.map((p) => p.name), tickets.calendar, [...tickets.hours.keys()]]).toEqual([['question'], ['low', 'normal', 'high', 'urgent'], 'always', ['always']]);
});

it('turns seconds into milliseconds, and names no calendar twice', () => {
  const { slas } = load('calendars: { office: { weekly: { mon-fri: "09:00-18:00" } } }\ncalendar: office\nslas: [ { name: a, response: { seconds: 60, warn_seconds: 10, escalate: [ { to: lead } ] } } ]\n');
  expect(slas).toEqual([{ name: 'a', active: true, when: {}, calendar: 'office', goals: { response: { targetMs: 60_000, warnMs: 10_000, escalateMs: [0] } }, escalateTo: { response: ['lead'] } }]);
});

it.each<[text: string, fault: RegExp]>([
  ['calendar: office\n', /^1:11 there is no calendar "office"/],
  ['slas: [ { name: a, when: { types: [nothing] } } ]\n', /there is no type "nothing"/],
  ['slas: [ { name: a, response: { seconds: 60, warn_seconds: 60 } } ]\n', /the warning must come before/],
  ['assignment: [ { when: {}, team: nobody } ]\n', /there is no team "nobody"/],
  ['assignment: [ { when: {}, to: { worker: nobody } } ]\n', /there is no worker "nobody"/],
  ['workers: [ { name: a, label: { zh-CN: 甲, en: a }, email: "no address" } ]\n', /[Ii]nvalid email|address/],
  ['types: [ { name: t, label: { zh-CN: 甲, en: t }, states: [ { name: new, label: { zh-CN: 新, en: new }, kind: open } ], transitions: [ { from: new, to: done } ] } ]\n', /there is no state "done"/],
  ['teams: [ { name: a, label: { zh-CN: 甲, en: a } }, { name: a, label: { zh-CN: 甲, en: a } } ]\n', /"a" is there already/],
])('refuses %s', (text, fault) => expect(faultsIn(text)[0]).toMatch(fault));
