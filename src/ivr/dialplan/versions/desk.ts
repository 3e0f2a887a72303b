import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { ConfigFaults } from '../../../config/index.js';
import type { Dialplans } from '../dialplans.js';
import type { DialplanFault } from '../faults.js';
import { calendarsIn, readText, refuses } from '../folder.js';
import type { Archive, Change, DialplanVersion, Rollout } from './archive.js';
import { BadDialplanName, DialplanChanged, NoSuchDialplan, NoSuchVersion } from './errors.js';

export interface DialplanView {
  readonly name: string;
  readonly live: DialplanVersion;
  readonly rollout: Rollout | undefined;
  /** Numbers and patterns that lead into it. */
  readonly numbers: readonly string[];
  readonly flows: readonly string[];
  /** What is wrong with the file as it lies there. */
  readonly faults: readonly DialplanFault[];
  /** Changes with everything that can be published. */
  readonly etag: string;
}
export interface Edit extends Change {
  /** ETags the change was made for; `undefined` and `*`: for whatever there is. */
  readonly ifMatch?: string | undefined;
}

/** Dialplans by version: look, check, add, publish, go back. @throws StoreError */
export interface DialplanDesk {
  list(): readonly DialplanView[];
  /** @throws NoSuchDialplan */
  get(name: string): DialplanView & { readonly text: string };
  /** Works a text out beside the calls, so that what comes next with it takes no time. Never rejects. */
  ready(name: string, text: string): Promise<void>;
  /** As `ready`, with the text of a version, or of the one that `rollback` would go back to; one that is not there is none. */
  readyVersion(name: string, version?: number): Promise<void>;
  /** What would be wrong with this text in that file. @throws BadDialplanName */
  check(name: string, text: string): readonly DialplanFault[];
  /** Newest first. @throws NoSuchDialplan */
  versions(name: string, limit: number, before?: number): readonly DialplanVersion[];
  /** @throws NoSuchVersion */
  version(name: string, version: number): DialplanVersion & { readonly text: string };
  /** As `diff -u`. @throws NoSuchVersion */
  diff(name: string, from: number, to: number): string;
  /** A version that is not in force yet. @throws ConfigFaults when it has faults @throws BadDialplanName */
  add(name: string, text: string, change: Change): DialplanVersion;
  /** For all callers, or for `percent` of them by number; 0 ends a trial. @throws ConfigFaults @throws NoSuchVersion @throws DialplanChanged */
  publish(name: string, version: number, percent: number, edit: Edit): DialplanView;
  /** Back to the version before the one in force. @throws NoSuchVersion @throws DialplanChanged */
  rollback(name: string, edit: Edit): DialplanView;
}
export interface DeskOptions {
  readonly dir: string;
  readonly archive: Archive;
  readonly dialplans: Dialplans;
  readonly onPublished?: (what: { readonly file: string; readonly version: number; readonly percent: number; readonly by: string; readonly comment?: string; readonly restores?: number }) => void;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,100}\.ya?ml$/;

export function createDialplanDesk({ dir, archive, dialplans, onPublished }: DeskOptions): DialplanDesk {
  const viewOf = (name: string): (DialplanView & { readonly text: string }) | undefined => {
    const served = dialplans.served().find((one) => one.name === name);
    const live = archive.live(name);
    if (!served || !live) return undefined;
    const rollout = archive.rollout(name);
    const faults = dialplans.faults().filter((fault) => fault.file === join(dir, name)).map((fault) => ({ ...fault, file: name }));
    const etag = `"${live.version}${rollout ? `.${rollout.version}.${rollout.percent}` : ''}"`;
    return { name, live, rollout, numbers: [...new Set(served.file.entries.map((e) => e.number))], flows: [...served.file.placed.keys()], faults, etag, text: served.file.text };
  };
  const get: DialplanDesk['get'] = (name) => {
    const view = viewOf(name);
    if (!view) throw new NoSuchDialplan(`there is no dialplan "${name}"`, { hint: 'GET /v1/dialplans lists them' });
    return view;
  };
  const version: DialplanDesk['version'] = (name, number) => {
    const found = archive.get(name, number);
    if (!found) throw new NoSuchVersion(`"${name}" has no version ${number}`, { hint: `GET /v1/dialplans/${name}/versions lists them` });
    return found;
  };
  const check: DialplanDesk['check'] = (name, text) => {
    if (!NAME.test(name)) throw new BadDialplanName(`"${name}" is no name for a dialplan`, { hint: 'as orders.yaml' });
    const known = dialplans.known();
    return readText(join(dir, name), text, known, calendarsIn(dir, known).calendars, dialplans.shelf).faults.map((fault) => ({ ...fault, file: name }));
  };
  const sound = (name: string, text: string): void => {
    const faults = check(name, text);
    if (refuses(faults)) throw new ConfigFaults(faults.filter((fault) => fault.severity === 'error'));
  };
  const publish: DialplanDesk['publish'] = (name, number, percent, { by, comment, ifMatch }) => {
    const before = viewOf(name);
    if (ifMatch !== undefined && ifMatch.trim() !== '*' && !ifMatch.split(',').some((tag) => tag.trim() === before?.etag))
      throw new DialplanChanged(`"${name}" was changed meanwhile`, { hint: 'GET it again and look what changed' });
    if (!before && percent < 100) throw new NoSuchDialplan(`there is no dialplan "${name}" to try another version beside`, { hint: 'publish it for all callers' });
    const wanted = version(name, number);
    sound(name, wanted.text);
    const change = { by, ...(comment === undefined ? {} : { comment }) };
    if (percent > 0 && percent < 100) archive.setRollout(name, { version: number, percent, by });
    else if (percent === 0) archive.setRollout(name, undefined);
    else {
      write(join(dir, name), wanted.text); // first: a folder that cannot be written leaves everything as it is
      const inForce = archive.enforce(name, wanted, change);
      onPublished?.({ file: name, version: inForce.version, percent, ...change, ...(inForce.restores === null ? {} : { restores: inForce.restores }) });
    }
    if (percent < 100) onPublished?.({ file: name, version: number, percent, ...change });
    dialplans.reload();
    return get(name);
  };
  return {
    list: () => dialplans.served().flatMap(({ name }) => viewOf(name) ?? []),
    get, check, version,
    ready: (name, text) => dialplans.shelf.ahead([{ name: join(dir, name), text }]),
    async readyVersion(name, number) {
      const wanted = number ?? archive.previous(name)?.version;
      const found = wanted === undefined ? undefined : archive.get(name, wanted);
      if (found) await dialplans.shelf.ahead([{ name: join(dir, name), text: found.text }]);
    },
    versions(name, limit, before) {
      const found = archive.list(name, limit, before);
      if (found.length === 0 && before === undefined) get(name);
      return found;
    },
    diff: (name, from, to) => createTwoFilesPatch(`${name} ${from}`, `${name} ${to}`, version(name, from).text, version(name, to).text),
    add(name, text, change) {
      sound(name, text);
      return archive.add(name, text, change);
    },
    publish,
    rollback(name, edit) {
      const { live } = get(name);
      const before = archive.previous(name);
      if (!before) throw new NoSuchVersion(`"${name}" has no version before ${live.version}`, { hint: 'there is nothing to go back to' });
      return publish(name, before.version, 100, edit);
    },
  };
}

/** Whole or not at all: the application may be reading. */
function write(path: string, text: string): void {
  const beside = `${path}.new`;
  writeFileSync(beside, text);
  renameSync(beside, path);
}
