/**
 * What the real servers did, measured on 2026-11-20: 2 cores (AMD EPYC Zen 4, 2.6 GHz), 23 GB, Debian 12, Node 20, loopback, generators on
 * the same machine; drachtio-server 0.9.10 and FreeSWITCH 1.11.3-dev (both -O2), drachtio-srf 5.0.29, drachtio-fsmrf 4.1.2. They drift with
 * the machine: they tell the order of magnitude, and only a real server in the same run gives a ratio.
 */
export const SOURCE = 'drachtio-server 0.9.10, FreeSWITCH 1.11.3-dev; 2026-11-20, 2 cores Zen 4 2.6 GHz';

/** A figure, or the range it was seen in. */
export type Yardstick = { readonly text: string; readonly value: number };
const at = (text: string, value: number): Yardstick => ({ text, value });

/** Rates a second; times in ms at 1 200 INVITE/s, 2 000 others/s; CPU seconds per 1 000; MB. */
export const SIGNALLING = {
  invite: { rate: at('2600', 2600), p50: at('0.9–1.2', 1.05), p99: at('3.7–6.5', 5.1), server: at('0.48–0.51', 0.5), app: at('0.21', 0.21) },
  invite_tcp: { rate: at('≥ 2400', 2400), p50: at('1.3', 1.3), p99: at('8.4', 8.4), server: at('0.58', 0.58), app: at('0.22', 0.22) },
  options: { rate: at('≥ 6000', 6000), p50: at('0.6', 0.6), p99: at('6.5', 6.5), server: at('0.21', 0.21), app: at('0.07', 0.07) },
  register: { rate: at('5500', 5500), p50: at('0.6', 0.6), p99: at('5.9', 5.9), server: at('0.19', 0.19), app: at('0.07', 0.07) },
  memoryMb: at('640–1450', 640),
} as const;

/** Of one G.711 call, bridged and recorded on two channels. Core, ms, MB. */
export const MEDIA = {
  core: at('0.0064–0.0077', 0.007),
  delayP50: at('9–11', 10), delayP99: at('20–33', 26),
  jitterP50: at('0.03', 0.03), jitterP99: at('0.11', 0.11),
  answerP50: at('10', 10), answerP99: at('33', 33),
  bridgedP50: at('154', 154), bridgedP99: at('189', 189),
  memoryMb: at('4.3', 4.3),
  setUpCpuMs: at('50–60', 55),
} as const;

/** mod_callcenter alone, 100 agents. */
export const QUEUE = {
  offerP50: at('55', 55), offerP99: at('105', 105),
  callsPerSecond: at('50', 50),
  cpuMs: at('14–28', 21),
  /** Talk of 0.1 s. */
  shortCallsPerSecond: at('100', 100), shortCpuMs: at('14', 14),
} as const;

/** @nlpjs/basic 4.27, threshold 0.5: accuracy on the test items of the corpora of Braun et al.; 253 of 274 in all. */
export const NLPJS = { chatbot: at('0.991', 0.991), askUbuntu: at('0.908', 0.908), webApplications: at('0.831', 0.831), all: at('0.923', 0.923) } as const;
