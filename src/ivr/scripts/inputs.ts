import type { z } from 'zod';
import type { askStep, languageStep } from '../dialplan/steps/asking.js';
import type { collectStep, surveyStep } from '../dialplan/steps/collecting.js';
import type { setStep } from '../dialplan/steps/deciding.js';
import type { messageStep, ticketStep } from '../dialplan/steps/desk.js';
import type { dialStep, hangUpStep, recordStep, transferStep } from '../dialplan/steps/leaving.js';
import type { httpStep } from '../dialplan/steps/outside.js';
import type { playStep, sayStep } from '../dialplan/steps/saying.js';
import type { callbackStep, queueStep } from '../dialplan/steps/waiting.js';

/** What may be written in each step, as in YAML. */
export interface StepInputs {
  say: z.input<typeof sayStep>;
  play: z.input<typeof playStep>;
  ask: z.input<typeof askStep>;
  collect: z.input<typeof collectStep>;
  http: z.input<typeof httpStep>;
  set: z.input<typeof setStep>;
  queue: z.input<typeof queueStep>;
  dial: z.input<typeof dialStep>;
  transfer: z.input<typeof transferStep>;
  record: z.input<typeof recordStep>;
  survey: z.input<typeof surveyStep>;
  callback: z.input<typeof callbackStep>;
  language: z.input<typeof languageStep>;
  ticket: z.input<typeof ticketStep>;
  message: z.input<typeof messageStep>;
  hang_up: z.input<typeof hangUpStep>;
}

/** The same list for those who run: a script may do these. */
export const SCRIPT_STEPS = [
  'say', 'play', 'ask', 'collect', 'http', 'set', 'queue', 'dial', 'transfer', 'record', 'survey', 'callback', 'language', 'ticket', 'message', 'hang_up',
] as const satisfies readonly (keyof StepInputs)[];
