import { z } from 'zod';
import { attributesField, clockField, nameField, skillsField, timeZoneField } from '../../../config/index.js';
import { onError } from '../fields.js';
import type { StepParams } from '../params.js';

/** What may be said of a caller who is to wait: `"$name"` is a variable's value. */
export const wish = {
  priority: z.int().min(1).max(10).prefault(5),
  attributes: attributesField.prefault({}),
  skills: skillsField.prefault({}),
};
export const needsOf = (skills: Readonly<Record<string, number>>) => Object.entries(skills).map(([skill, level]) => ({ skill, level }));
const queueName = nameField;

export const queueStep = z
  .strictObject({ name: queueName.optional(), names: z.array(queueName).min(1).max(10).optional(), ...wish, ...onError })
  .transform(({ name, names, priority, attributes, skills, on_error }, ctx): StepParams => {
    const [first, ...rest] = names ?? (name === undefined ? [] : [name]);
    if (first === undefined || (name !== undefined && names !== undefined)) {
      ctx.addIssue({ code: 'custom', message: 'give either name or names' });
      return z.NEVER;
    }
    if (new Set([first, ...rest]).size <= rest.length) ctx.addIssue({ code: 'custom', path: ['names'], message: 'the same queue is named twice' });
    return { step: { do: 'queue', names: [first, ...rest], priority, attributes, needs: needsOf(skills) }, onError: on_error };
  });

export const callbackStep = z
  .strictObject({ queue: queueName, at: clockField.optional(), time_zone: timeZoneField.optional(), ...wish, ...onError })
  .transform(({ queue, at, time_zone, priority, attributes, skills, on_error }, ctx): StepParams => {
    if (at === undefined && time_zone !== undefined) ctx.addIssue({ code: 'custom', path: ['time_zone'], message: 'a time zone needs "at"', params: { key: true } });
    const time = at === undefined ? undefined : { time: at, timeZone: time_zone };
    return { step: { do: 'callback', queue, at: time, priority, attributes, needs: needsOf(skills) }, onError: on_error };
  });
