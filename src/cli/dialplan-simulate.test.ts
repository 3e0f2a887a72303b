import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dialplanSimulate } from './dialplan-simulate.js';
import { WrongUse } from './errors.js';
import { shipped } from './shipped.js';
import { terminal } from './terminal.fixture.js';

let dir = '';
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'strowger-cli-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const MENU = `version: 1
entries: [ { number: "1", flow: main } ]
flows:
  main:
    - ask: { prompt: { zh-CN: 请按一或二。, en: Press one or two. }, keys: { "1": look, "2": talk }, tries: 1, otherwise: talk }
  look:
    - http: { url: "http://127.0.0.1:PORT/v1", save: { answer: word } }
    - say: { zh-CN: "答案是 $answer。", en: "It is $answer." }
  talk: [ { queue: { name: support } }, { say: { zh-CN: 再见。, en: Goodbye. } } ]
`;
const TESTS = (heard: string) => `dialplan: ../menu.yaml
http: { "GET http://127.0.0.1:*": { json: { word: blue } } }
cases: [ { name: looks it up, call: { to: "1", language: en }, steps: [ { presses: "1" }, { hears: ${heard} }, { ends: hang_up } ] } ]
`;
function folder(heard = 'it is blue', port = 9): void {
  mkdirSync(join(dir, 'tests'), { recursive: true });
  writeFileSync(join(dir, 'menu.yaml'), MENU.replace('PORT', String(port)));
  writeFileSync(join(dir, 'tests/menu.yaml'), TESTS(heard));
}
const at = (lang: 'en' | 'zh-CN' = 'en', env: Record<string, string> = {}) => terminal({ cwd: dir, lang, env: { STROWGER_DIALPLANS: dir, STROWGER_CONFIG: join(dir, 'config'), ...env } });
async function* typing(...lines: string[]): AsyncGenerator<string> {
  for (const line of lines) yield await Promise.resolve(line);
}

describe('conversation tests', () => {
  it('run from the dialplans\' folder, and say what no test came to', async () => {
    folder();
    const t = at();
    expect(await dialplanSimulate([], t.io)).toBe(0);
    expect(t.text()).toMatch(/menu\.yaml: 3 of 5 steps reached\n.*menu\.yaml:9:13 never reached: step 1 of talk \(queue\)\n[^]*1 of 1 conversations went as they should/);
  });

  it('show where and why a conversation went wrong', async () => {
    folder('it is red');
    const t = at();
    expect(await dialplanSimulate([join(dir, 'tests/menu.yaml')], t.io)).toBe(1);
    expect(t.text()).toMatch(/✗ looks it up\n.*menu\.yaml:3:\d+ "it is red" was not heard \(said: .*It is blue\.\)/);
    expect(t.text()).toContain('» [1]');
    expect(t.text()).toContain('· GET http://127.0.0.1:9/v1 → 200');
  });

  it('are one JSON document where asked', async () => {
    folder('it is red');
    const t = at();
    expect(await dialplanSimulate(['tests', '--json'], t.io)).toBe(1);
    expect(t.json()).toMatchObject({
      passed: 0, failed: 1, cases: [{ name: 'looks it up', passed: false, faults: [{ line: 3, code: 'test.not_heard' }] }],
      coverage: [{ steps: 5, reached: 3, missed: [{ flow: 'talk', step: 1, do: 'queue', line: 9 }, { flow: 'talk', step: 2 }] }],
    });
  });

  it.each([
    [['nowhere']], [['--from', '1']], [['--json', '--to', '1']], [['--to', '1', 'tests']], [['--what']], [['--to', '99']], [['--to', '1', '--at', 'noon']], [['--to', '1', '--dialplan', 'none.yaml']],
  ])('%j is wrong use', async (args) => {
    folder();
    await expect(dialplanSimulate(args, at().io, typing())).rejects.toThrow(WrongUse);
  });
});

describe('the caller at the terminal', () => {
  it('hears, presses a key, and reaches the real service', async () => {
    const server = createServer((_, response) => void response.end('{"word":"green"}'));
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    try {
      folder('x', (server.address() as AddressInfo).port);
      const t = at('en', { STROWGER_ALLOW_HOSTS: '127.0.0.1' });
      expect(await dialplanSimulate(['--to', '1'], t.io, typing('1'))).toBe(0);
      expect(t.text()).toMatch(/« Press one or two\.[^]*» \[1\][^]*answer = "green"[^]*« It is green\.[^]*■ over: hung_up/);
      const closed = at();
      expect(await dialplanSimulate(['--to', '1'], closed.io, typing('1'))).toBe(0);
      expect(closed.text()).toMatch(/→ private_address[^]*! step 1 of look failed: http_private_address/);
    } finally {
      await new Promise((done) => server.close(done));
    }
  });

  it('may use the doubles of a test', async () => {
    folder();
    const t = at();
    expect(await dialplanSimulate(['--to', '1', '--doubles', 'tests/menu.yaml', '--dialplan', 'menu.yaml'], t.io, typing('1'))).toBe(0);
    expect(t.text()).toContain('« It is blue.');
  });

  it('is silent, waits in the queue, and goes on when the conversation is over', async () => {
    folder();
    const t = at('zh-CN');
    expect(await dialplanSimulate(['--to', '1'], t.io, typing('/vars', '', '/nonsense', '/outcome completed'))).toBe(0);
    expect(t.text()).toMatch(/« 请按一或二。[^]*· 等待 5 秒[^]*"from": "anonymous"[^]*→ 进入队列 support（优先级 5[^]*按键直接输入[^]*« 再见。[^]*■ 结束：hung_up/);
  });

  it('hangs up', async () => {
    folder();
    const t = at();
    expect(await dialplanSimulate(['--to', '1'], t.io, typing('/wait 1', '/hangup', '1'))).toBe(0);
    expect(t.text()).toMatch(/■ over: caller_gone$/);
  });

  it('is told that nobody listens where the flow takes keys', async () => {
    folder();
    const t = at();
    await dialplanSimulate(['--to', '1'], t.io, typing('hello there', '2', ''));
    expect(t.text()).toMatch(/» hello there {3}\(nobody listens\)[^]*→ the caller is in queue support[^]*« Goodbye\./);
  });
});

it('shipped: every conversation goes as it should, and every step of every example is reached', async () => {
  cpSync(shipped('dialplans'), dir, { recursive: true });
  const t = at();
  expect(await dialplanSimulate(['--json'], t.io), t.text().slice(0, 5_000)).toBe(0);
  const { passed, coverage } = t.json() as { passed: number; coverage: { dialplan: string; missed: unknown[] }[] };
  expect(passed).toBeGreaterThanOrEqual(50);
  expect(coverage.filter((c) => c.missed.length > 0)).toEqual([]);
  expect(coverage).toHaveLength(10);
}, 30_000);
