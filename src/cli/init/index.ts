import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { ExitCode } from '../command.js';
import { WrongUse } from '../errors.js';
import { isLang, type Io } from '../io.js';
import { readOptions } from '../options.js';
import { exampleFiles } from './templates.js';

const USAGE = 'init [FOLDER] [--lang zh-CN|en]';

/** Writes the example where nothing is yet; a file that exists is left as it is. */
export async function init(args: readonly string[], io: Io): Promise<ExitCode> {
  const { lang = io.lang, rest } = readOptions(args, { lang: 'value' }, USAGE);
  if (!isLang(lang) || rest.length > 1) throw new WrongUse(isLang(lang) ? 'one folder at most' : `"${lang}" is not a language`, { hint: `usage: strowger ${USAGE}` });
  const folder = resolve(io.cwd, rest[0] ?? '.');
  const zh = lang === 'zh-CN';
  for (const { path, text } of exampleFiles(lang)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    io.out(`${writeNew(file, text) ? (zh ? '已写入' : 'written') : (zh ? '已存在，未改动' : 'is there, left as it is')}: ${file}`);
  }
  io.out(zh ? `下一步：cd ${folder} && strowger doctor && strowger start` : `Next: cd ${folder} && strowger doctor && strowger start`);
  return Promise.resolve(0);
}

function writeNew(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
