import { z } from 'zod';
import { patternField, nameField, timeZoneField } from '../../config/index.js';
import type { StepKind } from '../machine/index.js';
import { calendarName, FLOW_HINT, FLOW_NAME, flowName, mapOf } from './fields.js';
import type { StepParams } from './params.js';
import { askStep, languageStep } from './steps/asking.js';
import { collectStep, surveyStep } from './steps/collecting.js';
import { branchStep, callStep, gotoStep, hoursStep, setStep } from './steps/deciding.js';
import { messageStep, ticketStep } from './steps/desk.js';
import { dialStep, hangUpStep, recordStep, transferStep } from './steps/leaving.js';
import { httpStep, scriptStep } from './steps/outside.js';
import { playStep, sayStep } from './steps/saying.js';
import { callbackStep, queueStep } from './steps/waiting.js';

const oneOrMore = <T extends z.ZodType>(one: T) => z.union([one, z.array(one).min(1).max(100)]);
/** Which calls come to which flow; all that is given must fit. */
const entry = z.strictObject({
  number: patternField,
  flow: flowName,
  caller: oneOrMore(patternField).optional(),
  trunk: oneOrMore(nameField).optional(),
  /** While this calendar is open. */
  hours: calendarName.optional(),
  /** While it is not. */
  closed: calendarName.optional(),
  /** What is known of the caller. */
  language: z.enum(['zh-CN', 'en']).optional(),
  tags: oneOrMore(nameField).optional(),
});
export type EntryParams = z.output<typeof entry>;

export const fileSchema = z.strictObject({
  version: z.literal(1),
  /** Where 0 and "人工" lead. */
  person: flowName.optional(),
  time_zone: timeZoneField.optional(),
  entries: z.array(entry).max(10_000).prefault([]),
  flows: mapOf(FLOW_NAME, 'name for a flow', FLOW_HINT, z.array(z.unknown()).max(500)).refine((flows) => Object.keys(flows).length <= 2_000, 'at most 2000 flows in a file'),
});
export type FileParams = z.infer<typeof fileSchema>;

/** What a designer may write in each step, in seconds, and what it becomes. A step whose room does not exist yet is not here. */
export const stepSchemas: Readonly<Record<StepKind, z.ZodType<StepParams>>> = {
  say: sayStep, play: playStep, ask: askStep, collect: collectStep, branch: branchStep, hours: hoursStep, http: httpStep, set: setStep, queue: queueStep, dial: dialStep, transfer: transferStep,
  record: recordStep, survey: surveyStep, callback: callbackStep, language: languageStep, call: callStep, goto: gotoStep, script: scriptStep, ticket: ticketStep, message: messageStep, hang_up: hangUpStep,
};
export const STEP_KINDS = Object.keys(stepSchemas);
