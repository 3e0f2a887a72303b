import { describe, expect, it } from 'vitest';
import { asTheyCome, type Sound } from './voice.js';

const later = (): { readonly sound: Promise<string>; readonly come: (file: string) => void; readonly fail: (error: Error) => void } => {
  let come: (file: string) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const sound = new Promise<string>((resolve, reject) => ([come, fail] = [resolve, reject]));
  return { sound, come, fail };
};
const all = async (sounds: readonly Sound[]): Promise<readonly (readonly string[])[]> => {
  const groups: (readonly string[])[] = [];
  for await (const group of asTheyCome(sounds)) groups.push(group);
  return groups;
};

describe('what is to be heard', () => {
  it('is played in one go where all of it is there', async () => expect(await all(['a', 'b', 'c'])).toEqual([['a', 'b', 'c']]));
  it('is nothing where nothing is to be said', async () => expect(await all([])).toEqual([]));

  it('begins with what is there, and goes on with whatever was made in the meantime, in order', async () => {
    const [b, c, d, e] = [later(), later(), later(), later()];
    const coming = asTheyCome(['a', b.sound, c.sound, d.sound, e.sound, 'f']);
    expect((await coming.next()).value).toEqual(['a']);
    c.come('c');
    d.come('d');
    b.come('b');
    await Promise.resolve();
    expect((await coming.next()).value).toEqual(['b', 'c', 'd']);
    e.come('e');
    expect((await coming.next()).value).toEqual(['e', 'f']);
    expect((await coming.next()).done).toBe(true);
  });

  it('waits for its first piece', async () => {
    const first = later();
    const groups = all([first.sound, 'b']);
    first.come('a');
    expect(await groups).toEqual([['a', 'b']]);
  });

  it('ends with the error of the piece that could not be made, after what came before it', async () => {
    const b = later();
    const coming = asTheyCome(['a', b.sound]);
    expect((await coming.next()).value).toEqual(['a']);
    b.fail(new Error('no voice'));
    await expect(coming.next()).rejects.toThrow('no voice');
  });
});
