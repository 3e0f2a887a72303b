import { phoneOf } from './identities.js';
import type { CountryCode } from 'libphonenumber-js';
import type { Room } from './service.js';
import type { Known } from './types.js';

/** What flows and queues are told of a customer: one indexed read of each table. */
export function knownOf(room: Room, root: string): Known | undefined {
  const view = room.view(root);
  if (!view) return undefined;
  const attributes = Object.fromEntries(Object.entries(view.attributes).flatMap(([name, { value }]) => (value === null ? [] : [[name, value] as const])));
  const queueAttributes = Object.fromEntries(room.form().attributes.filter((a) => a.queue).flatMap(({ name }) => {
    const value = attributes[name];
    return value === undefined ? [] : [[name, typeof value === 'boolean' ? String(value) : value] as const];
  }));
  return {
    id: view.id, name: view.name, language: view.language, tags: view.tags.map((t) => t.tag), attributes, queueAttributes,
    adviser: view.adviser, lastAgent: view.lastAgent, verified: view.verified !== null,
  };
}

/** A number as it is kept, however it was written. */
export const numberOf = (text: string, country: () => CountryCode): string | undefined => phoneOf(text, country());
