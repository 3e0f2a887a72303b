import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Jimp } from 'jimp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../../store/index.js';
import { createFiles, FILE_LIMITS, type FileLimits, type Files } from './files.js';
import { redraw } from './picture.js';

let store: Store;
let folder: string;
let files: Files;
const open = (limits: FileLimits = FILE_LIMITS): Files => createFiles({ store, folder, limits, log: { error: (fields) => { throw new Error(JSON.stringify(fields)); } }, pictures: { run: redraw }, now: () => 1_000 });
beforeEach(async () => {
  store = await openStore({ path: ':memory:' });
  folder = mkdtempSync(join(tmpdir(), 'strowger-files-'));
  files = open();
});
afterEach(async () => {
  files.close();
  rmSync(folder, { recursive: true, force: true });
  await store.close();
});
async function* stream(...chunks: (Buffer | string)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield Buffer.from(chunk as string, 'latin1');
}
const add = (name: string, ...chunks: (Buffer | string)[]) => files.add({ content: stream(...chunks), name, by: 'agent:lin' });
const code = async (what: Promise<unknown>): Promise<string> => what.then(() => 'taken', (error: unknown) => (error as { code?: string }).code ?? (error as Error).message);
const left = (): string[] => readdirSync(folder, { recursive: true }).map(String).filter((name) => !/^[0-9a-f]{2}$/.test(name));
/** A JPEG with an EXIF block that says where it was taken. */
async function photo(): Promise<Buffer> {
  const plain = await new Jimp({ width: 40, height: 20, color: 0xff0000ff }).getBuffer('image/jpeg');
  const exif = Buffer.concat([Buffer.from('Exif\0\0II*\0\x08\0\0\0\0\0\0\0\0\0', 'latin1'), Buffer.from('SECRET-PLACE 31.2304N 121.4737E')]);
  const header = Buffer.alloc(4);
  header.writeUInt16BE(0xffe1, 0);
  header.writeUInt16BE(exif.length + 2, 2);
  return Buffer.concat([plain.subarray(0, 2), header, exif, plain.subarray(2)]);
}
/** A PNG header that claims to be huge. */
const claims = (width: number, height: number): Buffer => {
  const head = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\0\0\x08\x06\0\0\0', 'latin1');
  head.writeUInt32BE(width, 16);
  head.writeUInt32BE(height, 20);
  return head;
};
/** A ZIP whose directory says that one packed byte becomes `bytes`. */
function zip(bytes: number): Buffer {
  const local = Buffer.from('PK\x03\x04\x14\0\0\0\0\0\0\0\0\0', 'latin1');
  const name = Buffer.from('a.txt');
  const sizes = (b: Buffer, at: number): Buffer => (b.writeUInt32LE(1, at), b.writeUInt32LE(bytes, at + 4), b);
  const first = Buffer.concat([local, sizes(Buffer.alloc(16), 4), name, Buffer.from('x')]);
  first.writeUInt16LE(name.length, 26);
  const entry = Buffer.alloc(46);
  entry.write('PK\x01\x02', 0, 'latin1');
  sizes(entry, 20);
  entry.writeUInt16LE(8, 10);
  entry.writeUInt16LE(name.length, 28);
  const central = Buffer.concat([entry, name]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(first.length, 16);
  return Buffer.concat([first, central, end]);
}

describe('a file', () => {
  it('is what its content says, whatever it is called, and lies under its hash', async () => {
    const kept = await add('../../etc/passwd.exe', '%PDF-1.7 and so on');
    expect(kept).toMatchObject({ name: 'passwd.exe.pdf', type: 'application/pdf', kind: 'document', bytes: 18, about: null });
    expect(files.path(kept.id)).toMatch(new RegExp(`^${folder}/[0-9a-f]{2}/[0-9a-f]{64}$`));
    expect(readFileSync(files.path(kept.id), 'utf8')).toBe('%PDF-1.7 and so on');
  });

  it.each([
    ['a program', '\x7fELF\x02\x01\x01\0'], ['a web page', '<!DOCTYPE html><script>alert(1)</script>'], ['an SVG', '<?xml version="1.0"?><svg onload="x()"/>'], ['a script', '#!/bin/sh\nrm -rf /'],
  ])('that is %s is refused and leaves nothing', async (_what, text) => {
    expect(await code(add('x.png', text))).toBe('files.type_refused');
    expect(left()).toEqual([]);
  });

  it('too large is refused while it comes, an empty one too', async () => {
    files.close();
    files = open({ ...FILE_LIMITS, maxBytes: { image: 10, video: 10, audio: 10, document: 10, archive: 10, text: 5 } });
    expect(await code(add('a.txt', '12345', '67890', 'x'))).toBe('files.too_large');
    expect(await code(add('a.txt', '123456'))).toBe('files.too_large');
    expect(await code(add('a.txt'))).toBe('files.empty');
    expect(left()).toEqual([]);
  });

  it('that breaks off leaves nothing', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('hello');
      throw new Error('the line broke');
    }
    expect(await code(files.add({ content: broken(), name: 'a.txt', by: 'x' }))).toBe('the line broke');
    expect(left()).toEqual([]);
  });

  it('twice the same lies there once, until the last of them goes', async () => {
    const [a, b] = [await add('a.txt', 'same'), await add('b.txt', 'same')];
    expect(files.path(a.id)).toBe(files.path(b.id));
    files.remove(a.id);
    expect(readFileSync(files.path(b.id), 'utf8')).toBe('same');
    const path = files.path(b.id);
    files.remove(b.id);
    expect(() => readFileSync(path)).toThrow('ENOENT');
  });

  it('belongs to one thing, and is used by none but its sender', async () => {
    const kept = await add('a.txt', 'mine');
    expect(() => files.attach(kept.id, 'conversation:c1', 'visitor:v')).toThrow('there is no file');
    expect(files.attach(kept.id, 'conversation:c1', 'agent:lin').about).toBe('conversation:c1');
    expect(files.attach(kept.id, 'conversation:c1', 'agent:lin').about).toBe('conversation:c1');
    expect(() => files.attach(kept.id, 'ticket:t1', 'agent:lin')).toThrow('there is no file');
    expect(files.of('conversation:c1').map((f) => f.id)).toEqual([kept.id]);
  });

  it('too many unused ones of one sender are refused', async () => {
    files.close();
    files = open({ ...FILE_LIMITS, mostLoose: 2 });
    await add('a.txt', 'a');
    await add('b.txt', 'b');
    expect(await code(add('c.txt', 'c'))).toBe('files.too_many');
  });
});

describe('a picture', () => {
  it('is drawn anew: its EXIF is gone, its pixels are there', async () => {
    const given = await photo();
    expect(given.includes('SECRET-PLACE')).toBe(true);
    const kept = await add('me.jpg', given);
    expect(kept).toMatchObject({ type: 'image/jpeg', kind: 'image', width: 40, height: 20 });
    const now = readFileSync(files.path(kept.id));
    expect(now.includes('SECRET-PLACE')).toBe(false);
    expect((await Jimp.read(now)).getPixelColor(5, 5) >>> 24).toBeGreaterThan(240);
  });

  it('with something hidden behind it loses that', async () => {
    const kept = await add('p.jpg', Buffer.concat([await photo(), Buffer.from('PK\x03\x04 hidden')]));
    expect(readFileSync(files.path(kept.id)).includes('hidden')).toBe(false);
  });

  it('that claims more pixels than anybody needs is refused before it is unpacked', async () => {
    expect(await code(add('bomb.png', claims(50_000, 50_000)))).toBe('files.bomb');
    expect(await code(add('broken.png', claims(10, 10)))).toBe('files.damaged');
    expect(left()).toEqual([]);
  });
});

describe('an archive', () => {
  it('is taken as it is, unless it would burst', async () => {
    expect(await add('a.docx', zip(100))).toMatchObject({ kind: 'archive', type: expect.stringContaining('wordprocessingml') as string });
    expect(await code(add('bomb.zip', zip(2_000_000_000)))).toBe('files.bomb');
    expect(await code(add('half.zip', zip(100).subarray(0, 40)))).toBe('files.damaged');
  });
});

it('a link opens one file until its time is over', () => {
  const { links } = files;
  const token = links.sign('file_1', 2_000);
  expect(links.valid('file_1', token, 1_999)).toBe(true);
  expect(links.valid('file_1', token, 2_000)).toBe(false);
  expect(links.valid('file_2', token, 1_999)).toBe(false);
  expect(links.valid('file_1', token.replace('2000', '9000'), 1_999)).toBe(false);
  expect(open().links.valid('file_1', token, 1_999)).toBe(true);
  for (const wrong of ['', '.', '9000', `9000.${'a'.repeat(43)}`]) expect(links.valid('file_1', wrong, 0)).toBe(false);
});
