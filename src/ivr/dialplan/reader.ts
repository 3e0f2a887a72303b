import { Worker } from 'node:worker_threads';
import type { Ms } from '../../base/index.js';
import type { Parsed, YamlData } from '../../config/index.js';
import { putBack, type Piece, type Pieces } from './pieces.js';

/** Faults come without the name of their file. */
export type ReadYaml = (text: string) => Promise<Parsed<YamlData>>;

/** What takes longer is no dialplan: the largest that may be takes a few seconds on a busy machine. */
const LIMIT: Ms = 20_000;
/** Megabytes. */
const MEMORY = 512;

/** Reads YAML in a thread of its own, which may be as slow as it likes, and takes it over flow by flow. Never rejects. */
export const readInThread: ReadYaml = (text) =>
  new Promise((resolve) => {
    const thread = new Worker(new URL('./reader-thread.js', import.meta.url), { workerData: { text }, resourceLimits: { maxOldGenerationSizeMb: MEMORY } });
    const end = (result: Parsed<YamlData>): void => {
      clearTimeout(late);
      resolve(result);
      void thread.terminate();
    };
    const refuse = (message: string): void => end({ ok: false, faults: [{ file: '', line: 1, column: 1, code: 'dialplan.too_much', message, hint: 'split the file, and leave out what repeats itself' }] });
    const late = setTimeout(() => refuse(`it takes longer than ${LIMIT / 1_000} s to read`), LIMIT);
    thread.once('message', ({ head, pieces }: Pick<Pieces, 'head'> & { readonly pieces: number }) => {
      let missing = pieces;
      const next = (): void => (missing > 0 ? thread.postMessage('next') : end(head));
      thread.on('message', (piece: Piece) => {
        if (head.ok) putBack(head.value, piece);
        missing -= 1;
        next();
      });
      next();
    });
    thread.once('error', (cause) => refuse(`it cannot be read: ${cause.message}`));
    thread.once('exit', () => refuse('it cannot be read: its thread ended'));
  });
