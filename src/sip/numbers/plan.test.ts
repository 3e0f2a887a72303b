import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../config/index.js';
import { configOf } from '../testing/house.js';
import { readNumber, writeNumber } from './e164.js';
import { byPriorityAndWeight } from './order.js';
import { explain, explainOutbound, resolve, type Caller, type PlanContext, type Resolution } from './plan.js';
import { goesOn, hostFailed } from './verdict.js';

const trunks = `trunks:
  - name: a
    register: { username: me, password: "\${PW}" }
    hosts: [ { uri: "sip:a1.example", priority: 1 }, { uri: "sip:a2.example:5070;transport=tcp", priority: 2 } ]
    numbers: { "+867551234xxxx": { entry: "4000" }, "+8675512341111": { extension: "1201" }, "me": { entry: "4000" } }
    outbound: [ { pattern: "+86x.", priority: 1, caller_id: "+8675512340000" }, { pattern: "+44x.", priority: 1 } ]
  - name: b
    peers: [203.0.113.0/24]
    hosts: [ { uri: "sip:b.example" } ]
    numbers: { "5xxx": { entry: "9999" }, "6000": { entry: "4000" } }
    outbound: [ { pattern: "+86x.", priority: 2, format: national, prepend: "9" }, { pattern: "1[0-9]xxx", priority: 1 } ]
`.replace(', "me": { entry: "4000" }', '');
const base = { 'trunks.yaml': trunks };
const configured = (files: Record<string, string> = {}): Config => configOf({ ...base, ...files }, { PW: 'x' });
const config = configured();
const context = (over: Partial<PlanContext> = {}): PlanContext => ({ config, entries: ['4000', '41xx'], up: () => true, random: () => 0, ...over });
const extension = (c: Config = config, number = '1001'): Caller => ({ kind: 'extension', extension: c.extensions.find((e) => e.number === number)! });
const trunk = (name: string): Caller => ({ kind: 'trunk', trunk: config.trunks.find((t) => t.name === name)!, from: '+8613900000000' });
const short = (r: Resolution): string => {
  switch (r.to) {
    case 'entry': return `entry ${r.number}${r.did === undefined ? '' : ` for ${r.did}`}`;
    case 'extension': return `extension ${r.extension.number}${r.did === undefined ? '' : ` for ${r.did}`}`;
    case 'feature': return r.feature;
    case 'outbound': return r.attempts.map((a) => a.uri).join(' then ');
    case 'refused': return String(r.status);
  }
};
const uris = { national: 'sip:913800138000@b.example' };

describe('an extension dials', () => {
  it.each<[dialled: string, leads: string]>([
    ['4000', 'entry 4000'],
    ['4123', 'entry 41xx'],
    ['1002', 'extension 1002'],
    ['*45', 'available'],
    ['*46', 'away'],
    ['*47', 'training'],
    ['*48', 'extend_wrap_up'],
    ['*49', 'end_wrap_up'],
    ['13800138000', `sip:+8613800138000@a1.example then sip:+8613800138000@a2.example:5070;transport=tcp then ${uris.national}`],
    ['013800138000', `sip:+8613800138000@a1.example then sip:+8613800138000@a2.example:5070;transport=tcp then ${uris.national}`],
    ['+86 138 0013 8000', `sip:+8613800138000@a1.example then sip:+8613800138000@a2.example:5070;transport=tcp then ${uris.national}`],
    ['10086', 'sip:10086@b.example'],
    ['7777', '404'],
    ['', '484'],
    ['+442079460958', '403'],
    ['00442079460958', '403'],
    ['00999', '404'],
    ['+999123', '404'],
    ['0119991234567890123', '404'],
  ])('%s → %s', (dialled, leads) => expect(short(resolve(dialled, extension(), context()))).toBe(leads));

  it('hears why, step by step', () => {
    const { steps } = explain('00442079460958', extension(), context());
    expect(steps).toEqual([
      '00442079460958 is no feature, extension or entry: a number outside', 'read as +442079460958, abroad',
      'refused with 403: calls outside CN are refused: system.yaml, international.allowed',
    ]);
    expect(explain('13800138000', extension(), context({ up: (_t, host) => host !== 'sip:a1.example' })).steps.at(-1)).toBe('by a via a1.example as sip:+8613800138000@a1.example, caller +8675512340000 (host is down)');
  });

  it('reaches no one abroad by any spelling, until it is allowed', () => {
    fc.assert(fc.property(fc.constantFrom('+', '00'), fc.constantFrom('44', '1', '39', '881', '882', '852'), fc.stringMatching(/^[0-9]{3,12}$/), (prefix, country, rest) =>
      resolve(`${prefix}${country}${rest}`, extension(), context({ config: configured({ 'trunks.yaml': 'trunks: [{ name: all, hosts: [{ uri: "sip:h" }], outbound: [{ pattern: "+x." }, { pattern: "x." }] }]' }) })).to === 'refused'), { numRuns: 40 });
  });

  it('reaches only the countries that are allowed', () => {
    const open = configured({ 'system.yaml': 'international: { allowed: true, prefixes: ["+44"] }' });
    expect(short(resolve('+442079460958', extension(open), context({ config: open })))).toContain('sip:+442079460958@a1.example');
    expect(short(resolve('+12125550123', extension(open), context({ config: open })))).toBe('403');
  });

  it('is held to its own rights', () => {
    const own = configured({ 'system.yaml': 'international: { allowed: true }', 'extensions.yaml': 'extensions: [{ number: "1001", password: x, may_call: { international: false } }, { number: "1002", password: x, may_call: { outside: false } }]' });
    const as = (number: string, dialled: string) => short(resolve(dialled, extension(own, number), context({ config: own })));
    expect([as('1001', '+442079460958'), as('1002', '13800138000'), as('1002', '1001'), as('1003', '+442079460958')]).toEqual(['403', '403', 'extension 1001', expect.stringContaining('a1.example')]);
  });
});

describe('an emergency call', () => {
  const emergency = (yaml: string, files: Record<string, string> = {}): Resolution => {
    const c = configured({ 'trunks.yaml': yaml, ...files });
    return resolve('110', extension(c), context({ config: c, entries: ['110', 'xxx'] }));
  };
  it('goes before an entry and an extension of that number, and past every right', () => {
    const r = emergency('trunks: [{ name: a, hosts: [{ uri: "sip:h" }], outbound: [{ pattern: "x." }] }]', { 'extensions.yaml': 'extensions: [{ number: "1001", password: x, may_call: { outside: false } }, { number: "110", password: x }]' });
    expect(r).toMatchObject({ to: 'outbound', emergency: true, attempts: [{ uri: 'sip:110@h', emergency: true }] });
  });
  it('prefers the trunk named for it, and is sent as it was dialled', () => {
    expect(short(emergency('trunks: [{ name: a, hosts: [{ uri: "sip:a" }], outbound: [{ pattern: "x.", prepend: "9" }] }, { name: e, emergency: true, hosts: [{ uri: "sip:e" }] }]'))).toBe('sip:110@e then sip:110@a');
  });
  it('is refused only where no trunk takes it', () => expect(emergency('trunks: []')).toMatchObject({ to: 'refused', status: 503 }));
});

describe('a trunk calls', () => {
  it.each<[name: string, dialled: string, leads: string]>([
    ['a', '+8675512345678', 'entry 4000 for +8675512345678'],
    ['a', '8675512345678', 'entry 4000 for +8675512345678'],
    ['a', '075512345678', 'entry 4000 for +8675512345678'],
    ['a', '+8675512341111', 'extension 1201 for +8675512341111'],
    ['a', '4000', '404'],
    ['a', '1001', '404'],
    ['a', '+442079460958', '404'],
    ['a', '110', '404'],
    ['b', '6000', 'entry 4000 for 6000'],
    ['b', '5123', '404'],
  ])('%s: %s → %s', (name, dialled, leads) => expect(short(resolve(dialled, trunk(name), context()))).toBe(leads));
});

describe('attempts', () => {
  const attempts = (over: Partial<PlanContext> = {}) => {
    const r = resolve('13800138000', extension(), context(over));
    return r.to === 'outbound' ? r.attempts : [];
  };
  it('carry caller ID, credentials and headers of their trunk', () => {
    const [first, , third] = attempts();
    expect(first).toMatchObject({ trunk: 'a', callerId: '+8675512340000', label: 'a via a1.example', headers: { From: '<sip:+8675512340000@a1.example>' }, credentials: { username: 'me' } });
    expect(third).toMatchObject({ trunk: 'b', callerId: '1001', headers: { From: '<sip:1001@localhost>' }, credentials: undefined });
  });
  it('try hosts believed down last, but try them', () => {
    expect(attempts({ up: (t) => t !== 'a' }).map((a) => a.trunk)).toEqual(['b', 'a', 'a']);
  });
  it('take the caller ID of the extension before that of the route', () => {
    const own = configured({ 'extensions.yaml': 'extensions: [{ number: "1001", password: x, caller_id: "+8675512349999" }]' });
    expect(resolve('13800138000', extension(own), context({ config: own }))).toMatchObject({ attempts: [{ callerId: '+8675512349999' }, {}, {}] });
  });
  it('of a flow keep to the policy of the system', () => {
    expect(short(explainOutbound('13800138000', context()).resolution)).toContain('a1.example');
    expect(short(explainOutbound('+442079460958', context()).resolution)).toBe('403');
    expect(short(explainOutbound('110', context()).resolution)).toBe('503');
  });
});

describe('order', () => {
  it('keeps priorities, and loses or doubles nothing', () => {
    const item = fc.record({ priority: fc.nat(3), weight: fc.nat(5) });
    fc.assert(fc.property(fc.array(item), fc.infiniteStream(fc.double({ min: 0, max: 0.999, noNaN: true })), (items, draws) => {
      const drawn = byPriorityAndWeight(items, (i) => i, () => draws.next().value as number);
      return drawn.length === items.length && items.every((i) => drawn.includes(i)) && drawn.every((d, i) => i === 0 || (drawn[i - 1]?.priority ?? 0) <= d.priority);
    }));
  });
  it('draws by weight: 3 of 4 go to the heavier', () => {
    const items = [{ id: 'light', priority: 1, weight: 1 }, { id: 'heavy', priority: 1, weight: 3 }];
    const firsts = Array.from({ length: 100 }, (_, i) => byPriorityAndWeight(items, (x) => x, () => i / 100)[0]?.id);
    expect(firsts.filter((f) => f === 'heavy')).toHaveLength(75);
  });
});

describe('numbers', () => {
  it.each<[dialled: string, e164: string | undefined, abroad: boolean, broken: boolean]>([
    ['02188881234', '+862188881234', false, false], ['95588', undefined, false, false], ['+85221234567', '+85221234567', true, false], ['#21#', undefined, false, false],
    ['+', undefined, true, true], ['00', undefined, true, true],
  ])('%s', (dialled, e164, abroad, broken) => expect(readNumber(dialled, 'CN')).toMatchObject({ e164, abroad, broken }));
  it('are written as the route wants', () => {
    const reading = readNumber('+862188881234', 'CN');
    const written = (['e164', 'national', 'dialled'] as const).map((format) => writeNumber(reading, { format, strip: 0, prepend: '' }));
    expect(written).toEqual(['+862188881234', '02188881234', '+862188881234']);
    expect(writeNumber(reading, { format: 'e164', strip: 3, prepend: '0' })).toBe('02188881234');
  });
});

it.each<[status: number, next: boolean, host: boolean]>([
  [0, true, true], [408, true, true], [500, true, false], [502, true, false], [503, true, true], [504, true, false], [580, true, false], [401, true, false], [403, true, false], [407, true, false], [302, true, false],
  [404, false, false], [410, false, false], [480, false, false], [484, false, false], [486, false, false], [487, false, false], [488, false, false], [600, false, false], [603, false, false], [604, false, false], [606, false, false],
])('%i: another attempt %s, host in trouble %s', (status, next, host) => expect([goesOn(status), hostFailed(status)]).toEqual([next, host]));
