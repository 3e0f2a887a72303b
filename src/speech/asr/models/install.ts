import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import type { Ms } from '../../../base/index.js';
import type { AsrLanguage } from '../ports.js';
import { libraryFile } from '../vosk/library.js';
import { modelRate, notAModel, runtimeGraph } from '../vosk/model-files.js';
import { startProcess } from '../vosk/process.js';
import { download } from './download.js';
import { ModelRefused } from './errors.js';
import { CARD, type ModelCard } from './find.js';
import { unpack } from './unpack.js';

export interface InstallOptions {
  /** A folder, a zip archive, or the http(s) address of one. */
  readonly from: string;
  /** Told by the name of the model where it is left out. */
  readonly language?: AsrLanguage | undefined;
  /** Of the archive, hex; what differs is refused. */
  readonly sha256?: string | undefined;
  /** The models folder; the model becomes `zh-CN/` or `en/` in it. */
  readonly models: string;
  readonly allowHosts: readonly string[];
  readonly now: () => number;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The compiled `recogniser.js`; that of the program unless told. */
  readonly script?: string;
  readonly loadMs?: Ms;
}
export interface Installed extends ModelCard {
  readonly folder: string;
  readonly rate_hz: number;
  /** Whether a flow's word lists can be used with it. */
  readonly grammar: boolean;
}

const LIMITS = { maxBytes: 16e9, maxFiles: 10_000 };
const MAX_ARCHIVE = 8e9;
const SCRIPT = fileURLToPath(new URL('../vosk/recogniser.js', import.meta.url));

/**
 * Installs a model: fetched, checked against its checksum, unpacked, loaded once by libvosk, and only then put in its place. A
 * model of that language that was there before is replaced. @throws ModelRefused
 */
export async function installModel(options: InstallOptions): Promise<Installed> {
  const { models, script = SCRIPT, loadMs = 120_000 } = options;
  await mkdir(models, { recursive: true });
  const work = await mkdtemp(join(models, '.incoming-'));
  try {
    const { folder, name, sha256 } = await bring(options, work);
    const language = options.language ?? languageOf(name);
    if (!language) throw new ModelRefused(`the language of ${name} cannot be told by its name`, { hint: 'say --language zh-CN or --language en' });
    await verify(folder, script, libraryFile(options.env), loadMs);
    const card: ModelCard = { name, language, source: options.from, ...(sha256 === undefined ? {} : { sha256 }), added_at: new Date(options.now()).toISOString() };
    await writeFile(join(folder, CARD), `${JSON.stringify(card, undefined, 2)}\n`);
    const place = join(models, language);
    if (existsSync(place)) await rename(place, join(work, 'before'));
    await rename(folder, place);
    return { ...card, folder: place, rate_hz: modelRate(place), grammar: runtimeGraph(place) };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

interface Brought {
  readonly folder: string;
  readonly name: string;
  readonly sha256: string | undefined;
}

async function bring({ from, sha256: wanted, allowHosts }: InstallOptions, work: string): Promise<Brought> {
  const folder = join(work, 'model');
  const remote = /^https?:\/\//i.test(from) ? new URL(from) : undefined;
  const source = remote ? undefined : await stat(from).catch((cause: unknown) => { throw new ModelRefused(`there is nothing at ${from}`, { cause }); });
  if (source?.isDirectory()) {
    if (wanted !== undefined) throw new ModelRefused('a folder has no checksum', { hint: 'checksums are of archives' });
    await cp(from, folder, { recursive: true, dereference: true });
    return { folder: await rootOf(folder), name: basename(from), sha256: undefined };
  }
  const archive = remote ? join(work, 'archive.zip') : from;
  const sha256 = remote ? await download(remote, archive, { allowHosts, maxBytes: MAX_ARCHIVE }) : await hashOf(archive);
  if (wanted !== undefined && wanted.toLowerCase() !== sha256) throw new ModelRefused(`the checksum is ${sha256}, not ${wanted.toLowerCase()}`, { hint: 'the archive is damaged, or another' });
  await mkdir(folder);
  await unpack(archive, folder, LIMITS);
  return { folder: await rootOf(folder), name: basename(remote ? remote.pathname : from).replace(/\.zip$/i, ''), sha256 };
}

/** The model itself: archives mostly have one folder around it. */
async function rootOf(folder: string): Promise<string> {
  const fault = notAModel(folder);
  if (fault === undefined) return folder;
  const entries = await readdir(folder, { withFileTypes: true });
  const inner = entries.filter((e) => e.isDirectory()).map((e) => join(folder, e.name)).find((dir) => notAModel(dir) === undefined);
  if (inner === undefined) throw new ModelRefused(`this is no Vosk model: ${fault}`, { hint: 'models: https://alphacephei.com/vosk/models' });
  return inner;
}

function languageOf(name: string): AsrLanguage | undefined {
  const words = name.toLowerCase().split(/[^a-z]+/);
  if (words.includes('cn') || words.includes('zh')) return 'zh-CN';
  return words.includes('en') ? 'en' : undefined;
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

async function verify(model: string, script: string, library: string | undefined, startMs: Ms): Promise<void> {
  if (library === undefined) throw new ModelRefused('libvosk is not installed, so the model cannot be tried', { hint: 'npm install --ignore-scripts vosk, or name it in STROWGER_LIBVOSK' });
  let judge: (why: string | undefined) => void = () => undefined;
  const judged = new Promise<string | undefined>((resolve) => (judge = resolve));
  const process = startProcess({ script, library, model, startMs }, { ready: () => judge(undefined), ended: judge, free: () => undefined });
  const why = await judged;
  await process.end('tried');
  if (why !== undefined) throw new ModelRefused(`libvosk cannot use it: ${why}`);
}
