import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { z } from 'zod';
import { measured } from './copy.js';
import { BackupRefused } from './errors.js';

export const MANIFEST = 'manifest.json';
/** `data/…`, `config/…` or `dialplans/…`, and nothing that leads out of there. */
const path = z.string().refine((p) => /^(data|config|dialplans)\/./.test(p) && posix.normalize(p) === p && !p.includes('\0') && !p.split('/').includes('..'), 'a path within data, config or dialplans');
const form = z.object({
  format: z.literal(1), strowger: z.string(), made_at: z.iso.datetime(), data: z.string(), migrations: z.array(z.string()),
  files: z.array(z.object({ path, bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/), mode: z.int().min(0).max(0o777) })),
  skipped: z.array(z.string()),
});
/** What a backup holds. */
export type Manifest = z.output<typeof form>;

/** @throws BackupRefused backup.not_one */
export async function readManifest(folder: string): Promise<Manifest> {
  const file = join(folder, MANIFEST);
  const hint = 'name the folder that "strowger backup" made';
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new BackupRefused('backup.not_one', `${file} cannot be read`, hint, cause);
  });
  try {
    return form.parse(JSON.parse(text));
  } catch (cause) {
    throw new BackupRefused('backup.not_one', `${file} is no manifest of a backup that this version knows`, hint, cause);
  }
}

/** Every file that is missing or not as it was made. */
export async function damagedIn(folder: string, { files }: Manifest): Promise<readonly string[]> {
  const damaged: string[] = [];
  for (const { path: name, bytes, sha256 } of files) {
    const found = await measured(join(folder, name));
    if (found?.bytes !== bytes || found.sha256 !== sha256) damaged.push(name);
  }
  return damaged;
}
