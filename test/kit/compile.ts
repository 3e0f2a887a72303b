import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '../..');

/** Rooms of `src/` as JavaScript in a folder of their own, for tests that start a process from them. Answers that folder. */
export function compileRooms(...rooms: readonly string[]): string {
  const out = mkdtempSync(join(tmpdir(), 'strowger-rooms-'));
  writeFileSync(join(out, 'package.json'), '{"type":"module"}');
  symlinkSync(join(root, 'node_modules'), join(out, 'node_modules'));
  for (const room of rooms) {
    for (const file of sources(join(root, 'src', room))) {
      const to = join(out, relative(join(root, 'src'), file)).replace(/\.ts$/, '.js');
      mkdirSync(dirname(to), { recursive: true });
      const options = { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };
      writeFileSync(to, ts.transpileModule(readFileSync(file, 'utf8'), { compilerOptions: options, fileName: file }).outputText);
    }
  }
  return out;
}

const sources = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && /(?<!\.test|\.d)\.ts$/.test(e.name))
    .map((e) => join(e.parentPath, e.name));
