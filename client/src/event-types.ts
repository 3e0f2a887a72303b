import type { components } from './catalogue.js';

type Catalogue = components['schemas'];
/** Every kind of event there is: `call.ended`, `agent.state_changed`, … */
export type EventType = keyof Catalogue;

/** One event as /asyncapi.json describes it. `switch (event.type)` tells what `data` is. */
export type StrowgerEvent<T extends EventType = EventType> = {
  readonly [K in T]: { readonly id: string; readonly seq: number; readonly type: K; readonly at: string; readonly subject: string; readonly data: Catalogue[K] };
}[T];
