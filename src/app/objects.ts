import { join } from 'node:path';
import type { DialplanFault } from '../ivr/index.js';
import { calendarForm, calendarForms, type Dialplans } from '../ivr/index.js';
import { formatFault, nearest, pointer, secretLookup, type Config, type Environment, type Settings } from '../config/index.js';
import type { Events } from '../events/index.js';
import { createObjects, ObjectsRefused, openSecrets, rulesWith, secretFileIn, type Action, type Kind, type Laid, type Objects } from '../objects/index.js';
import type { Store } from '../store/index.js';
import type { Log } from './log.js';

/** How every kind of object is written. */
export const objectRules = rulesWith(calendarForm);

/** What they mean to the rest of the house once it stands. */
export interface ObjectsFollowers {
  wouldTake(next: Laid, changed: { readonly kind: Kind; readonly id: string; readonly action: Action; readonly gone: boolean }): void;
  onChanged(laid: Laid, changed: { readonly kind: Kind; readonly id: string; readonly action: Action; readonly by: string }): void;
}
export interface OpenObjects {
  readonly objects: Objects;
  /** From now on changes have effects. */
  readonly follow: (followers: ObjectsFollowers) => void;
}

/** @throws StoreError */
export function openObjects({ settings, env, files, store, events, log }: { readonly settings: Settings; readonly env: Environment; readonly files: Config; readonly store: Store; readonly events: Events; readonly log: Log }): OpenObjects {
  let followers: ObjectsFollowers | undefined;
  const objects = createObjects({
    files, store, events, log, rules: objectRules, realm: settings.realm, fileCalendars: calendarForms(join(settings.folders.dialplans, 'calendars')),
    secrets: openSecrets(secretFileIn(settings.folders.data)), lookup: () => secretLookup(settings.folders.config, env),
    wouldTake: (next, changed) => followers?.wouldTake(next, changed),
    onChanged: (laid, changed) => followers?.onChanged(laid, changed),
  });
  return { objects, follow: (them) => void (followers = them) };
}

/** What of the queues must hear of changes. */
interface QueuesThatFollow {
  readonly settings: { wouldKnow(extensions: Pick<Config, 'extensions'>): void; config(): { readonly queues: readonly { readonly name: string }[] } };
  adopt(config: Config, changed: { readonly extensions: boolean }): void;
  tellDialplans(): void;
}

/** Compiling dialplans takes its time: once for many changes in a row. */
const SOON_MS = 50;
const LISTS = { extension: 'extensions', trunk: 'trunks', calendar: 'calendars' } as const;

/** What a change of an object means for agents, dialplans and the SIP room. */
export function objectsFollowers({ queues, dialplans, say }: { readonly queues: QueuesThatFollow; readonly dialplans: () => Dialplans; readonly say: (config: Config) => void }): ObjectsFollowers & { close(): void } {
  let soon: NodeJS.Timeout | undefined;
  return {
    wouldTake({ config }, { kind, id, action, gone }) {
      if (kind === 'extension') queues.settings.wouldKnow(config);
      if (kind === 'alert' && action !== 'removed' && action !== 'released') mustHaveQueue(config, id, queues.settings.config().queues.map((queue) => queue.name));
      if (!gone || (kind !== 'extension' && kind !== 'trunk' && kind !== 'calendar')) return;
      const needed = dialplans().needs(kind, id);
      if (needed.length > 0) throw new ObjectsRefused(needed.map((fault) => needs(`/${LISTS[kind]}/${id}`, fault)));
    },
    onChanged(laid, { kind }) {
      queues.adopt(laid.config, { extensions: kind === 'extension' });
      if (kind === 'setting') say(laid.config);
      if (kind !== 'extension' && kind !== 'trunk' && kind !== 'calendar') return;
      soon ??= setTimeout(() => {
        soon = undefined;
        queues.tellDialplans();
      }, SOON_MS);
    },
    close: () => clearTimeout(soon),
  };
}

const needs = (place: string, fault: DialplanFault) => ({ pointer: place, code: fault.code, message: formatFault(fault), hint: 'change the dialplan first' });

/** An alert on a queue that neither the files nor the API have would never say anything. A file may name one: the API may make it later. @throws ObjectsRefused */
function mustHaveQueue({ alerts }: Pick<Config, 'alerts'>, name: string, queues: readonly string[]): void {
  const queue = alerts.find((alert) => alert.name === name)?.queue;
  if (queue === undefined || queues.includes(queue)) return;
  const meant = nearest(queue, queues);
  throw new ObjectsRefused([{ pointer: pointer(['alert-rules', name, 'queue']), code: 'config.unknown_reference', message: `there is no queue "${queue}"`, hint: meant === undefined ? 'GET /v1/queues lists them' : `did you mean "${meant}"?` }]);
}
