import { copyFileSync, constants, mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { ExitCode } from '../command.js';
import { WrongUse } from '../errors.js';
import { isLang, type Io } from '../io.js';
import { readOptions } from '../options.js';
import { shipped } from '../shipped.js';

const USAGE = 'init [FOLDER] [--lang zh-CN|en]';

/** Copies the example that comes with the package; a file that exists is left as it is. `--lang` is what it speaks to you. */
export async function init(args: readonly string[], io: Io): Promise<ExitCode> {
  const { lang = io.lang, rest } = readOptions(args, { lang: 'value' }, USAGE);
  if (!isLang(lang) || rest.length > 1) throw new WrongUse(isLang(lang) ? 'one folder at most' : `"${lang}" is not a language`, { hint: `usage: strowger ${USAGE}` });
  const target = resolve(io.cwd, rest[0] ?? '.');
  const [written, kept, next] = lang === 'en' ? ['written', 'is there, left as it is', 'Next'] : ['已写入', '已存在，未改动', '下一步'];
  for (const folder of ['config', 'dialplans']) {
    for (const path of filesUnder(shipped(folder))) {
      const to = join(target, folder, path);
      io.out(`${copyNew(join(shipped(folder), path), to) ? written : kept}: ${to}`);
    }
  }
  io.out(`${next}: cd ${target} && strowger doctor && strowger start`);
  return Promise.resolve(0);
}

/** Secrets are nobody's example. */
const filesUnder = (dir: string): readonly string[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((path) => basename(path) !== 'secrets.env' && statSync(join(dir, path)).isFile()).sort();

function copyNew(from: string, to: string): boolean {
  mkdirSync(dirname(to), { recursive: true });
  try {
    copyFileSync(from, to, constants.COPYFILE_EXCL);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
