import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseEnvFile } from '../config/index.js';

/** Passwords that came by API: in a file that only we may read, never in the database. */
export interface SecretFile {
  get(name: string): string | undefined;
  /** On disk when it returns. */
  add(secrets: ReadonlyMap<string, string>): void;
  /** Forgets what nobody refers to any more. */
  keepOnly(names: ReadonlySet<string>): void;
}
/** Names of ours, so that no two passwords of a trunk's history share one. */
export const isOurs = (name: string): boolean => name.startsWith('API_');
export const nameFor = (id: string, what: string): string => `API_${id.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')}_${what.toUpperCase()}_${randomBytes(6).toString('hex').toUpperCase()}`;

export const secretFileIn = (data: string): string => join(data, 'secrets.env');

export function openSecrets(path: string): SecretFile {
  let values: ReadonlyMap<string, string> = existsSync(path) ? parseEnvFile(readFileSync(path, 'utf8')) : new Map();
  const write = (next: ReadonlyMap<string, string>): void => {
    mkdirSync(dirname(path), { recursive: true });
    const beside = `${path}.new`;
    const file = openSync(beside, 'w', 0o600);
    try {
      writeSync(file, `# Passwords given by API. Written by Strowger.\n${[...next].map(([name, value]) => `${name}="${value}"\n`).join('')}`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
    values = next;
  };
  return {
    get: (name) => values.get(name),
    add(secrets) {
      if (secrets.size > 0) write(new Map([...values, ...secrets]));
    },
    keepOnly(names) {
      const kept = new Map([...values].filter(([name]) => names.has(name)));
      if (kept.size < values.size) write(kept);
    },
  };
}
