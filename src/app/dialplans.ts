import { formatFault, queueFlows, type Config } from '../config/index.js';
import { checkDialplans, loadDialplans, type Archive, type Dialplans, type Known } from '../ivr/index.js';
import type { DialplanDoor } from '../acd/index.js';
import { calendarsOf } from './calendars.js';
import type { Ground } from './rooms.js';

/** What dialplans may refer to. */
export const knownTo = ({ queues, extensions, trunks, tickets }: Pick<Config, 'queues' | 'extensions' | 'trunks' | 'tickets'>): Known => ({
  queues: queues.map((q) => q.name), extensions: extensions.map((e) => e.number), trunks: trunks.map((t) => t.name), queueFlows: queueFlows(queues),
  tickets: Object.fromEntries(tickets.types.map((type) => [type.name, type.fields.map((field) => field.name)])),
});

/** The same as it is now, and the calendars of the API. */
export const knownNow = ({ live, objects }: Pick<Ground, 'live' | 'objects'>): Known => ({ ...knownTo(live.now()), calendars: calendarsOf(objects.now()) });

export function openDialplans(ground: Ground, archive?: Archive, more: Known = {}): Dialplans {
  const { settings, events, log } = ground;
  return loadDialplans({
    dir: settings.folders.dialplans,
    known: { ...knownNow(ground), ...more },
    watch: true,
    ...(archive ? { archive } : {}),
    onTrouble: (error) => log.error({ err: error }, 'versions of dialplans cannot be kept'),
    onLoaded({ files, refused, faults }) {
      for (const fault of faults) log[fault.severity === 'error' ? 'error' : 'warn']({ code: fault.code }, formatFault(fault));
      if (refused.length > 0) events.publish('dialplan.refused', 'system', { faults: faults.map(formatFault) });
      events.publish('dialplan.loaded', 'system', { files: [...files] });
    },
  });
}

/** Queues and flows name each other: neither may change behind the other's back. */
export const dialplanDoor = (ground: Ground, dialplans: () => Dialplans): DialplanDoor => ({
  flows: () => dialplans().flows(),
  faults: (known) => checkDialplans(ground.settings.folders.dialplans, { ...knownNow(ground), ...known }).filter((fault) => fault.severity === 'error'),
});
