import type { z } from 'zod';
import { conversationsForm, recordingForm, toConversations, toRecordings, type ConversationsConfig, type ConversationsForm, type RecordingForm, type RecordingsConfig } from './recordings.js';
import { numberPlanForm, privacyForm, registrationForm, timingForm, toNumberPlan, toRegistration, toTiming, type SystemConfig, type SystemForm } from './system.js';

const registrationLimits = registrationForm.omit({ nonce_seconds: true });

/** What holds for the whole house and may change while it works, by name. Each is a part of system.yaml, or recordings.yaml. */
export const sectionForms = { numbers: numberPlanForm, timing: timingForm, registration: registrationLimits, privacy: privacyForm, recording: recordingForm, conversations: conversationsForm } as const;
export type SectionName = keyof typeof sectionForms;
export type SectionForms = { readonly [S in SectionName]: z.output<(typeof sectionForms)[S]> };
export const SECTIONS = Object.keys(sectionForms) as readonly SectionName[];
export const isSection = (name: string): name is SectionName => name in sectionForms;

type Section = z.ZodObject;
/** The keys of a section out of a form that has more. */
const part = <T extends Section>(form: T, of: object): z.output<T> => Object.fromEntries(Object.entries(of).filter(([key]) => key in form.shape)) as z.output<T>;

export const sectionsOf = (system: SystemForm, { recording, conversations }: { readonly recording: RecordingForm; readonly conversations: ConversationsForm }): SectionForms => ({
  numbers: part(numberPlanForm, system), timing: part(timingForm, system), registration: part(registrationLimits, system.registration), privacy: part(privacyForm, system), recording, conversations,
});

/** Lays sections over a configuration. */
export const withSections = <C extends { readonly system: SystemConfig; readonly recordings: RecordingsConfig; readonly conversations: ConversationsConfig }>(config: C, { numbers, timing, registration, privacy, recording, conversations }: Partial<SectionForms>): C => ({
  ...config,
  system: {
    ...config.system, ...(numbers ? toNumberPlan(numbers) : {}), ...(timing ? toTiming(timing) : {}), ...(privacy ? { maskNumbers: privacy.mask_numbers } : {}),
    ...(registration ? { registration: { ...toRegistration({ ...registration, nonce_seconds: 0 }), nonceMs: config.system.registration.nonceMs } } : {}),
  },
  recordings: recording ? toRecordings(recording) : config.recordings, conversations: conversations ? toConversations(conversations) : config.conversations,
});
