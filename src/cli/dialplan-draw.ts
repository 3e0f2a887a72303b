import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readSettings, type Settings } from '../config/index.js';
import { dialplanAt, draw, DRAW_FORMATS, type DrawFormat } from '../ivr/index.js';
import type { ExitCode } from './command.js';
import { WrongUse } from './errors.js';
import { isLang, type Io } from './io.js';
import { readOptions } from './options.js';

const USAGE = 'dialplan draw [FILE] [--format svg|mermaid] [--flow NAME] [--lang zh-CN|en] [--visited FLOW/STEP,…] [--out FILE]';
const KINDS = { format: 'value', flow: 'value', lang: 'value', visited: 'value', out: 'value' } as const;

/** Draws a dialplan; to the terminal, or into a file. */
export async function dialplanDraw(args: readonly string[], io: Io): Promise<ExitCode> {
  const { format = 'svg', flow, lang = io.lang, visited, out, rest } = readOptions(args, KINDS, USAGE);
  if (!isFormat(format)) throw wrong(`"${format}" is neither svg nor mermaid`);
  if (!isLang(lang)) throw wrong(`"${lang}" is not a language`);
  const name = fileOf(rest, readSettings(io.env), io);
  const found = dialplanAt(name);
  if ('why' in found) throw new WrongUse(found.why, { hint: 'strowger dialplan check names every fault' });
  const { entries, plan } = found.file;
  if (flow !== undefined && !plan.flows.has(flow)) throw wrong(`there is no flow "${flow}"; flows: ${[...plan.flows.keys()].join(', ')}`);
  const drawn = draw({ entries, plan, flow, language: lang, visited: visitsOf(visited) }, format);
  if (out === undefined) io.out(drawn.trimEnd());
  else {
    writeFileSync(resolve(io.cwd, out), drawn);
    io.out(`${lang === 'en' ? 'written' : '已写入'}: ${resolve(io.cwd, out)}`);
  }
  return Promise.resolve(0);
}

const wrong = (what: string): WrongUse => new WrongUse(what, { hint: `usage: strowger ${USAGE}` });
const isFormat = (format: string): format is DrawFormat => DRAW_FORMATS.some((one) => one === format);

/** The file named; of a folder, its only dialplan. */
function fileOf(written: readonly string[], { folders }: Settings, io: Io): string {
  if (written.length > 1) throw wrong('one dialplan at a time');
  const place = resolve(io.cwd, written[0] ?? folders.dialplans);
  if (!existsSync(place)) throw wrong(`there is no ${place}`);
  if (!statSync(place).isDirectory()) return place;
  const [only, ...more] = readdirSync(place).filter((name) => /\.ya?ml$/.test(name)).sort();
  if (only === undefined) throw wrong(`there is no dialplan in ${place}`);
  if (more.length > 0) throw wrong(`which one? ${[only, ...more].join(', ')}`);
  return join(place, only);
}

/** `welcome/1,menu/2`, steps counted from 1. */
function visitsOf(written: string | undefined): { readonly flow: string; readonly index: number }[] | undefined {
  return written?.split(',').map((one) => {
    const [, flow, step] = /^([\w-]+)\/(\d+)$/.exec(one.trim()) ?? [];
    if (flow === undefined) throw wrong(`"${one}" is not FLOW/STEP`);
    return { flow, index: Number(step) - 1 };
  });
}
