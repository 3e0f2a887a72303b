import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { compileRooms } from '../../test/kit/compile.js';
import { zip } from '../../test/kit/zip.js';
import { ModelRefused } from '../speech/asr/index.js';
import { WrongUse } from './errors.js';
import { modelsAdd } from './models-add.js';
import { terminal } from './terminal.fixture.js';

const small = join(import.meta.dirname, '../../test/models/en');
let rooms = '';
let script = '';
let dir = '';
const servers: Server[] = [];
beforeAll(() => {
  rooms = compileRooms('base', 'audio', 'speech/asr');
  script = join(rooms, 'speech/asr/vosk/recogniser.js');
});
afterAll(() => rmSync(rooms, { recursive: true }));
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'models-'));
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  rmSync(dir, { recursive: true });
});

const filesOf = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((f) => join(folder, f)).filter((f) => statSync(f).isFile());
const archiveOf = (around: string, ...leaveOut: string[]): Buffer =>
  zip(Object.fromEntries(filesOf(small).filter((f) => !leaveOut.some((name) => f.endsWith(name))).map((f) => [join(around, relative(small, f)), readFileSync(f)])));
const sha256 = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');
const file = (name: string, data: Uint8Array | string): string => {
  writeFileSync(join(dir, name), data);
  return join(dir, name);
};
const add = (args: readonly string[], env: Record<string, string> = {}, lang: 'en' | 'zh-CN' = 'en') => {
  const term = terminal({ env: { STROWGER_MODELS: join(dir, 'models'), ...env }, lang });
  return { ...term, code: modelsAdd(args, term.io, script) };
};
const models = (): string[] => readdirSync(join(dir, 'models')).sort();
async function serve(listener: RequestListener): Promise<{ url: string; host: string }> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  return { url: `http://${host}`, host };
}

describe('a model is installed', () => {
  it('from a folder', async () => {
    const { code, json } = add([small, '--language', 'en', '--json']);
    expect(await code).toBe(0);
    expect(json()).toEqual({ name: 'en', language: 'en', source: small, added_at: expect.any(String), folder: join(dir, 'models/en'), rate_hz: 8_000, grammar: true });
    expect(models()).toEqual(['en']);
    expect(readFileSync(join(dir, 'models/en/strowger-model.json'), 'utf8')).toContain('"language": "en"');
  });

  it('from an archive with a folder around it; the name tells the language; the one before is replaced', async () => {
    await add([small, '--language', 'zh-CN']).code;
    const archive = archiveOf('vosk-model-small-cn-0.22');
    const { code, text } = add([file('vosk-model-small-cn-0.22.zip', archive), '--sha256', sha256(archive).toUpperCase()], {}, 'zh-CN');
    expect(await code).toBe(0);
    expect(text()).toContain('已安装 zh-CN 语音模型 vosk-model-small-cn-0.22');
    expect(text()).toContain(sha256(archive));
    expect(models()).toEqual(['zh-CN']);
  });

  it('from an address, over redirects, where the host is allowed', async () => {
    const archive = archiveOf('m');
    const { url, host } = await serve((req, res) => (req.url === '/en-us.zip' ? res.writeHead(302, { Location: '/files/x.zip' }).end() : res.end(archive)));
    const { code, json } = add([`${url}/en-us.zip`, '--json'], { STROWGER_ALLOW_HOSTS: host });
    expect(await code).toBe(0);
    expect(json()).toMatchObject({ name: 'en-us', language: 'en', sha256: sha256(archive) });
  });
});

describe('a model is refused, and what was there stays', () => {
  it.each<[what: string, args: () => string[] | Promise<string[]>, message: RegExp]>([
    ['a wrong checksum', () => [file('en.zip', archiveOf('')), '--sha256', '0'.repeat(64)], /checksum is [0-9a-f]{64}, not 0{64}/],
    ['no archive', () => [file('en.zip', 'hello')], /no zip archive/],
    ['an archive without a model', () => [file('en.zip', zip({ 'a/readme.txt': 'hi' }))], /no Vosk model: there is no am\/final.mdl/],
    ['an archive that leads out of its folder', () => [file('en.zip', zip({ '../evil.txt': 'x' }))], /cannot be unpacked/],
    ['a model that libvosk cannot load', () => [file('en.zip', archiveOf('', 'final.mdl', 'HCLr.fst').length > 0 ? zip({ 'am/final.mdl': 'nonsense', 'conf/mfcc.conf': '' }) : '')], /libvosk cannot use it/],
    ['a name that says no language', () => [file('mystery.zip', archiveOf(''))], /cannot be told by its name/],
    ['nothing there', () => [join(dir, 'nowhere')], /there is nothing at/],
    ['a checksum of a folder', () => [small, '--sha256', '0'.repeat(64)], /a folder has no checksum/],
    ['a private address', async () => [`${(await serve((_q, r) => r.end())).url}/en.zip`], /127\.0\.0\.1 is a private address/],
    ['nobody there', () => ['http://nobody.invalid/en.zip'], /no host nobody\.invalid/],
  ])('%s', async (_what, args, message) => {
    await add([small, '--language', 'en']).code;
    const before = readFileSync(join(dir, 'models/en/strowger-model.json'), 'utf8');
    const refused = await add(await args()).code.catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ModelRefused);
    expect((refused as Error).message).toMatch(message);
    expect([models(), readFileSync(join(dir, 'models/en/strowger-model.json'), 'utf8')]).toEqual([['en'], before]);
  });

  it.each<[what: string, listener: RequestListener, message: RegExp]>([
    ['a redirect to a private host that is not allowed', (_q, r) => r.writeHead(302, { Location: 'http://[::1]:9/en.zip' }).end(), /::1 is a private address/],
    ['a redirect without end', (_q, r) => r.writeHead(302, { Location: '/en.zip' }).end(), /leads on and on/],
    ['not found', (_q, r) => r.writeHead(404).end(), /answered 404/],
    ['a page instead of an archive', (_q, r) => r.end('<html>'), /no zip archive/],
    ['a download that breaks off', (_q, r) => { r.writeHead(200, { 'Content-Length': '1000' }); r.write('x'); setImmediate(() => r.destroy()); }, /broke off/],
  ])('from an address: %s', async (_what, listener, message) => {
    const { url, host } = await serve(listener);
    await expect(add([`${url}/en.zip`], { STROWGER_ALLOW_HOSTS: host }).code).rejects.toThrow(message);
    expect(models()).toEqual([]);
  });
});

it.each<[args: string[]]>([[[]], [['a', 'b']], [['a', '--language', 'fr']], [['a', '--sha256', 'xyz']]])('wrong use: %j', async (args) => {
  await expect(add(args).code).rejects.toThrow(WrongUse);
});
