import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Description, Lang } from './describe.js';
import { page } from './page.js';

/** What the API says of itself, for programs and for people, as it is served. */
export interface Documents {
  readonly openapi: string;
  readonly pages: Readonly<Record<Lang, string>>;
}

export const makeDocuments = async (description: Description): Promise<Documents> => ({
  openapi: JSON.stringify(description), pages: { en: await page(description, 'en'), 'zh-CN': await page(description, 'zh-CN') },
});

/** Written when the program is built (`scripts/build.mjs`): to make them takes half a second, in which no call would be served. */
const WRITTEN = new URL('./documents.json', import.meta.url);

/** Where nothing was built, as in the tests of the sources, they are made when they are first asked for. */
export function documents(describe: () => Description): () => Promise<Documents> {
  const get = async (): Promise<Documents> => (existsSync(WRITTEN) ? (JSON.parse(await readFile(WRITTEN, 'utf8')) as Documents) : makeDocuments(describe()));
  let known: Promise<Documents> | undefined;
  return () => (known ??= get());
}
