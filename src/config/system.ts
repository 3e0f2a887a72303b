import { isSupportedCountry, type CountryCode } from 'libphonenumber-js';
import { z } from 'zod';
import type { Ms } from '../base/index.js';
import { apiForm, webhooksForm, type ApiConfig, type WebhooksConfig } from './api.js';
import { number, plainSeconds, seconds, timeZone, toMs, type SecretLookup } from './fields.js';
import { machineZone } from '../base/index.js';
import { ttsForm, type TtsConfig } from './voices.js';

/** How long bindings and nonces live (RFC 3261 §10.3, RFC 7616 §3.3). */
export interface RegistrationConfig {
  readonly minExpiresMs: Ms;
  readonly maxExpiresMs: Ms;
  readonly defaultExpiresMs: Ms;
  readonly maxContacts: number;
  readonly nonceMs: Ms;
}
/** What a stranger may do before answers become cheap refusals. Known phones and trunks are never counted. */
export interface ThrottleConfig {
  /** Requests a second one unknown address may send, and how many at once. */
  readonly perSecond: number;
  readonly burst: number;
  /** Wrong passwords of one source for one user within the window; then refused for the block. */
  readonly wrongPasswords: number;
  readonly windowMs: Ms;
  readonly blockMs: Ms;
}
export interface SystemConfig {
  readonly drainMs: Ms;
  readonly rtpTimeoutMs: Ms;
  /** How long a trunk host may give no provisional answer before the next one is tried. */
  readonly provisionalTimeoutMs: Ms;
  /** How long a phone or the far end rings. */
  readonly ringTimeoutMs: Ms;
  readonly homeCountry: CountryCode;
  /** Where the house's days begin and its clocks tell the time: an IANA name. */
  readonly timeZone: string;
  readonly emergencyNumbers: readonly string[];
  /** Numbers outside the home country: refused unless allowed; with `prefixes` only those, as "+44". */
  readonly international: { readonly allowed: boolean; readonly prefixes: readonly string[] };
  readonly features: Readonly<Record<'available' | 'away' | 'training' | 'extend_wrap_up' | 'end_wrap_up', string>>;
  readonly maskNumbers: boolean;
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error';
  readonly synchronous: 'normal' | 'full';
  readonly registration: RegistrationConfig;
  readonly throttle: ThrottleConfig;
  readonly queues: QueueRoomConfig;
  readonly speech: SpeechConfig;
  readonly api: ApiConfig;
  readonly webhooks: WebhooksConfig;
}
/** How callers are listened to, and spoken to. */
export interface SpeechConfig {
  /** Most recogniser processes a language; each has the model in memory. */
  readonly processes: number;
  /** Vosk WebSocket servers, instead of a model of our own. */
  readonly servers: Readonly<Partial<Record<'zh-CN' | 'en', string>>>;
  readonly tts: TtsConfig;
}
/** How the queue engine is looked after. */
export interface QueueRoomConfig {
  /** How often it is asked whether the contacts that agents are busy with are still there; missing twice frees the agent. */
  readonly leaseMs: Ms;
  /** How far back its log reaches: so long it can be told why a contact went where it went. */
  readonly logMs: Ms;
}

const country = z
  .string()
  .refine((c) => isSupportedCountry(c), { error: 'a country of two capital letters, as CN' })
  .transform((c) => c);

/** How long phones stay registered, as people write it. `nonce_seconds` is read at the start only. */
export const registrationForm = z.strictObject({
  min_expires_seconds: plainSeconds(1, 86_400).prefault(30),
  max_expires_seconds: plainSeconds(1, 86_400).prefault(3600),
  default_expires_seconds: plainSeconds(1, 86_400).prefault(3600),
  max_contacts: z.int().min(1).max(50).prefault(5),
  nonce_seconds: plainSeconds(1, 3600).prefault(300),
});
type RegistrationForm = z.output<typeof registrationForm>;

export const toRegistration = (r: RegistrationForm): RegistrationConfig => ({
  minExpiresMs: toMs(r.min_expires_seconds),
  maxExpiresMs: toMs(Math.max(r.min_expires_seconds, r.max_expires_seconds)),
  defaultExpiresMs: toMs(r.default_expires_seconds),
  maxContacts: r.max_contacts,
  nonceMs: toMs(r.nonce_seconds),
});

const throttle = z
  .strictObject({
    requests_per_second: z.number().min(0.1).max(10_000).prefault(50),
    burst: z.int().min(1).max(100_000).prefault(500),
    wrong_passwords: z.int().min(1).max(1000).prefault(10),
    window_seconds: seconds(1, 86_400).prefault(60),
    block_seconds: seconds(1, 86_400).prefault(60),
  })
  .prefault({})
  .transform((t): ThrottleConfig => ({ perSecond: t.requests_per_second, burst: t.burst, wrongPasswords: t.wrong_passwords, windowMs: t.window_seconds, blockMs: t.block_seconds }));

const queues = z
  .strictObject({ lease_seconds: seconds(1, 3600).prefault(15), log_hours: z.number().min(1).max(24 * 366).prefault(48) })
  .prefault({})
  .transform((q): QueueRoomConfig => ({ leaseMs: q.lease_seconds, logMs: Math.round(q.log_hours * 3_600_000) }));

const voskServer = z.string().regex(/^wss?:\/\/[^\s]+$/, 'an address as ws://host:2700');
const speech = (lookup: SecretLookup) => z
  .strictObject({ processes: z.int().min(1).max(64).prefault(1), servers: z.strictObject({ 'zh-CN': voskServer.optional(), en: voskServer.optional() }).prefault({}), tts: ttsForm(lookup) })
  .prefault({})
  .transform((s): SpeechConfig => ({
    processes: s.processes,
    servers: { ...(s.servers['zh-CN'] === undefined ? {} : { 'zh-CN': s.servers['zh-CN'] }), ...(s.servers.en === undefined ? {} : { en: s.servers.en }) },
    tts: s.tts,
  }));

/** How numbers are read, and which may be called. */
export const numberPlanForm = z.strictObject({
  home_country: country.prefault('CN'),
  emergency_numbers: z.array(number).max(100).prefault(['110', '119', '120', '122', '112', '911', '999']),
  international: z
    .strictObject({ allowed: z.boolean().prefault(false), prefixes: z.array(z.string().regex(/^\+[1-9]\d{0,6}$/, 'a prefix as +44')).max(300).prefault([]) })
    .prefault({}),
  features: z
    .strictObject({
      available: number.prefault('*45'), away: number.prefault('*46'), training: number.prefault('*47'), extend_wrap_up: number.prefault('*48'), end_wrap_up: number.prefault('*49'),
    })
    .prefault({}),
});
/** How long things may take. */
export const timingForm = z.strictObject({
  drain_seconds: plainSeconds(0, 3600).prefault(30),
  provisional_timeout_seconds: plainSeconds(0.1, 60).prefault(3),
  ring_timeout_seconds: plainSeconds(1, 600).prefault(60),
});
/** What the log may show. */
export const privacyForm = z.strictObject({ mask_numbers: z.boolean().prefault(true) });

/** system.yaml as it is written, defaults filled in. */
export const systemFile = (lookup: SecretLookup) =>
  z.strictObject({
    ...timingForm.shape,
    ...numberPlanForm.shape,
    ...privacyForm.shape,
    rtp_timeout_seconds: plainSeconds(1, 86_400).prefault(60),
    time_zone: timeZone.optional(),
    log_level: z.enum(['trace', 'debug', 'info', 'warn', 'error']).prefault('info'),
    synchronous: z.enum(['normal', 'full']).prefault('normal'),
    registration: registrationForm.prefault({}),
    throttle,
    queues,
    speech: speech(lookup),
    api: apiForm,
    webhooks: webhooksForm,
  });
export type SystemForm = z.output<ReturnType<typeof systemFile>>;
/** The parts of it that may change at run time. */
export type NumberPlanForm = z.output<typeof numberPlanForm>;
export type TimingForm = z.output<typeof timingForm>;
export type PrivacyForm = z.output<typeof privacyForm>;

export const toNumberPlan = (n: NumberPlanForm) => ({ homeCountry: n.home_country, emergencyNumbers: n.emergency_numbers, international: n.international, features: n.features });
export const toTiming = (t: TimingForm) => ({ drainMs: toMs(t.drain_seconds), provisionalTimeoutMs: toMs(t.provisional_timeout_seconds), ringTimeoutMs: toMs(t.ring_timeout_seconds) });

export const toSystem = (s: SystemForm): SystemConfig => ({
  ...toTiming(s),
  ...toNumberPlan(s),
  rtpTimeoutMs: toMs(s.rtp_timeout_seconds),
  timeZone: s.time_zone ?? machineZone(),
  maskNumbers: s.mask_numbers,
  logLevel: s.log_level,
  synchronous: s.synchronous,
  registration: toRegistration(s.registration),
  throttle: s.throttle,
  queues: s.queues,
  speech: s.speech,
  api: s.api,
  webhooks: s.webhooks,
});
