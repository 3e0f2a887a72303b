import type { LoadReport } from '../test/kit/load.js';
import { percentile } from '../test/kit/percentile.js';
import { row, withGoal, type Row } from './report.js';
import { MEDIA, type Yardstick } from './yardsticks.js';

export type MediaFigures = {
  readonly load: LoadReport;
  /** Of a call that stands: cores, and MB over the idle process; null where the process cannot be seen. */
  readonly core: number | null;
  readonly memoryMb: number | null;
  readonly setUpCpuMs: number | null;
  /** As the application saw it, ms after the INVITE. */
  readonly bridgedMs: readonly number[];
  readonly recordingMs: readonly number[];
};

const share = (values: readonly number[], p: number): number | null => (values.length === 0 ? null : percentile(values, p));

export function mediaRows(ours: MediaFigures, real: MediaFigures | undefined): Row[] {
  const both = (figure: string, unit: string, of: (f: MediaFigures) => number | null, stick: Yardstick | null = null): Row =>
    row(figure, unit, of(ours), real === undefined ? null : of(real), stick);
  return [
    withGoal(both('CPU of a bridged, recorded call', 'core', (f) => f.core, MEDIA.core), '< 0.007', (core) => core < 0.007),
    withGoal(both('one-way delay p50', 'ms', (f) => f.load.delayMs.p50, MEDIA.delayP50), '< 5', (ms) => ms < 5),
    both('one-way delay p99', 'ms', (f) => f.load.delayMs.p99, MEDIA.delayP99),
    both('jitter (RFC 3550) p50', 'ms', (f) => f.load.jitterMs.p50, MEDIA.jitterP50),
    both('jitter (RFC 3550) p99', 'ms', (f) => f.load.jitterMs.p99, MEDIA.jitterP99),
    withGoal(both('packets lost', '', (f) => f.load.lost), '0', (lost) => lost === 0),
    withGoal(both('gaps of 60 ms or more', '', (f) => f.load.gaps), '0', (gaps) => gaps === 0),
    both('INVITE → 200 p50', 'ms', (f) => f.load.answerMs.p50, MEDIA.answerP50),
    both('INVITE → 200 p99', 'ms', (f) => f.load.answerMs.p99, MEDIA.answerP99),
    withGoal(both('INVITE → bridged p50', 'ms', (f) => share(f.bridgedMs, 50), MEDIA.bridgedP50), '< 60', (ms) => ms < 60),
    both('INVITE → bridged p99', 'ms', (f) => share(f.bridgedMs, 99), MEDIA.bridgedP99),
    both('INVITE → agent heard p50', 'ms', (f) => f.load.bridgeMs.p50),
    both('INVITE → agent heard p99', 'ms', (f) => f.load.bridgeMs.p99),
    both('INVITE → recording p50', 'ms', (f) => share(f.recordingMs, 50)),
    withGoal(both('memory of a call', 'MB', (f) => f.memoryMb, MEDIA.memoryMb), '< 1', (mb) => mb < 1),
    both('CPU to set a call up and end it', 'ms', (f) => f.setUpCpuMs, MEDIA.setUpCpuMs),
  ];
}
