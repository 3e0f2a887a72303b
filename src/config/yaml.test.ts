import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { formatFault } from './faults.js';
import { checkYaml, parseYaml, readYaml } from './yaml.js';

const step = z.union([z.strictObject({ say: z.string() }), z.strictObject({ queue: z.strictObject({ name: z.string(), priority: z.int().optional() }) })]);
const schema = z.strictObject({
  version: z.literal(1),
  flows: z.record(z.string(), z.array(step)).prefault({}),
  limits: z.strictObject({ max: z.number().max(10), per_caller: z.number().optional() }).optional(),
  list: z.array(z.strictObject({ id: z.string(), kind: z.enum(['a', 'b']).prefault('a') })).optional(),
});
const faults = (text: string): string[] => {
  const read = readYaml('f.yaml', text, schema);
  return read.ok ? [] : read.faults.map(formatFault);
};

describe('places', () => {
  it.each<[why: string, text: string, fault: string]>([
    ['a value in block style', 'version: 2\n', 'f.yaml:1:10 "version": must be one of 1'.replace('"version": ', '"version": ')],
    ['a value deep in flow style', 'version: 1\nlimits: { max: 11 }\n', 'f.yaml:2:16 "max": too big: expected number to be <=10'],
    ['an item of a list', 'version: 1\nlist:\n  - id: x\n  - id: y\n    kind: c\n', 'f.yaml:5:11 "kind": must be one of a, b'],
    ['what is missing, at its parent', 'version: 1\nlist:\n  - kind: a\n', 'f.yaml:3:5 "id" is missing (it must be of type string)'],
    ['a key behind an alias, where it was written', 'version: 1\nlimits: &l { max: 1, par_caller: 2 }\n', 'f.yaml:2:22 unknown key "par_caller" (did you mean "per_caller"?)'],
    ['a key unlike any other, with all that are known', 'version: 1\nlimits: { max: 1, colour: 2 }\n', 'f.yaml:2:19 unknown key "colour" (known here: max, per_caller)'],
    ['a whole file of the wrong kind', '- 1\n', 'f.yaml:1:1 the file must be of type object'],
    ['text where a list should be', 'version: 1\nlist: x\n', 'f.yaml:2:7 "list" must be of type array'],
  ])('%s', (_why, text, fault) => expect(faults(text)).toEqual([fault]));

  it('are of the form that was meant, among several', () => {
    expect(faults('version: 1\nflows:\n  main:\n    - queue: { name: s, priorty: 3 }\n')).toEqual(['f.yaml:4:25 unknown key "priorty" (did you mean "priority"?)']);
  });
  it('are right after Chinese text and Windows line ends', () => {
    expect(faults('version: 1 # 您好，欢迎致电\r\nlimits: { max: "十" }\r\n')[0]).toBe('f.yaml:2:16 "max" must be of type number');
  });
  it('are all there, not only the first', () => {
    expect(faults('version: 2\nx: 1\ny: 2\nlimits: { max: 99 }\n')).toHaveLength(4);
  });
});

describe('syntax', () => {
  it.each<[why: string, text: string, at: string]>([
    ['a bracket left open', 'a: [1, 2\nb: 3\n', 'f.yaml:'],
    ['a bad indent', 'a:\n  b: 1\n c: 2\n', 'f.yaml:3:'],
    ['an unknown tag', 'a: !nope 1\n', 'f.yaml:1:4'],
    ['an alias of nothing', 'a: *nobody\n', 'f.yaml:1:'],
    ['a key twice, deep inside', 'a:\n  - b: { c: 1, d: 2, c: 3 }\n', 'f.yaml:2:22 Map keys must be unique'],
    ['two documents', 'a: 1\n---\nb: 2\n', 'f.yaml:'],
  ])('%s is a fault with its place', (_why, text, at) => {
    const parsed = parseYaml('f.yaml', text);
    expect(parsed.ok ? [] : parsed.faults.map(formatFault).map((f) => f.slice(0, at.length))).toContain(at);
  });
  it('does not blow up a file of aliases', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]', ...'bcdefghi'.split('').map((k, i) => `${k}: &${k} [${Array(9).fill(`*${'abcdefgh'[i]!}`).join(', ')}]`)].join('\n');
    expect(parseYaml('f.yaml', bomb).ok).toBe(false);
  });
});

it('takes an empty file for one without keys', () => {
  for (const text of ['', '# nothing\n', 'null\n', '---\n']) {
    const parsed = parseYaml('f.yaml', text);
    expect(parsed.ok && checkYaml(parsed.value, z.strictObject({ a: z.string().prefault('x') }))).toEqual({ ok: true, value: { a: 'x' } });
  }
});

it('lets a schema give its own fault a code, a hint and the place of the key', () => {
  const own = z.object({ a: z.string() }).superRefine((_v, ctx) => ctx.addIssue({ code: 'custom', path: ['a'], message: 'no', params: { code: 'x.y', hint: 'do z', key: true } }));
  const read = readYaml('f.yaml', 'a: b\n', own);
  expect(read.ok ? [] : read.faults).toEqual([{ file: 'f.yaml', line: 1, column: 1, code: 'x.y', message: 'no', hint: 'do z' }]);
});

it('hands out the source, so that others can point into it', () => {
  const read = readYaml('f.yaml', 'version: 1\nflows: { main: [ { say: hi } ] }\n', schema);
  expect(read.source && formatFault(read.source.fault(['flows', 'main', 0, 'say'], 'c', 'here'))).toBe('f.yaml:2:25 here');
  expect(read.source && formatFault(read.source.fault(['flows', 'none', 'x'], 'c', 'here'))).toBe('f.yaml:2:8 here');
});
