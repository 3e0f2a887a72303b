import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { StrowgerError } from '../base/index.js';

export class BadKeyFile extends StrowgerError {
  readonly code = 'access.bad_key_file';
}

/** 32 random bytes in a file of their own, readable by us alone; made where it is missing. @throws BadKeyFile */
export function keyFile(path: string): { readonly key: Buffer; readonly made: boolean } {
  if (existsSync(path)) return { key: readKey(path), made: false };
  const key = randomBytes(32);
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'wx', 0o600);
  writeSync(file, `${key.toString('hex')}\n`);
  fsyncSync(file);
  closeSync(file);
  return { key, made: true };
}

/** @throws BadKeyFile */
export function readKey(path: string): Buffer {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw new BadKeyFile(`${path} cannot be read`, { hint: 'it lies beside the database; a backup brings it along', cause });
  }
  if (!/^[0-9a-f]{64}$/.test(text)) throw new BadKeyFile(`${path} holds no key`, { hint: 'it has 64 hexadecimal digits; restore it from a backup' });
  return Buffer.from(text, 'hex');
}
