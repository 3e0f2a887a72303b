import { linkSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Where servers of one run of the tests leave each other their prompts (scripts/test.mjs): rendering them takes a core for seconds. */
const shelf = process.env['STROWGER_TEST_PROMPTS'];
/** Named by what they say and how, and never written in place: a link is as good as a copy. */
const PROMPT = /^[0-9a-f]{2}\/[0-9a-f]{64}\.wav$/;

/** What others of this run have rendered, for a data folder that has no prompts yet. */
export function lendPrompts(data: string): void {
  if (shelf !== undefined) linkAll(shelf, join(data, 'prompts'));
}
/** To be called before the data folder goes. */
export function returnPrompts(data: string): void {
  if (shelf !== undefined) linkAll(join(data, 'prompts'), shelf);
}

function linkAll(from: string, to: string): void {
  mkdirSync(from, { recursive: true });
  for (const name of readdirSync(from, { recursive: true }).map(String).filter((one) => PROMPT.test(one))) {
    mkdirSync(dirname(join(to, name)), { recursive: true });
    try {
      linkSync(join(from, name), join(to, name));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EXDEV') return; // on a file system of its own it renders its own
      // There already, or cleared away by the other side meanwhile: both are fine.
      if (code !== 'EEXIST' && code !== 'ENOENT') throw error;
    }
  }
}
