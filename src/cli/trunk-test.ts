import { readSettings, type TrunkConfig } from '../config/index.js';
import {
  createRequest, createResponse, createStack, locate, newCallId, newTag, parseUri, TransportError, type Proto, type Remote, type Stack,
} from '../sip/stack/index.js';
import type { ExitCode } from './command.js';
import { WrongUse } from './errors.js';
import type { Io } from './io.js';
import { houseOf } from './known.js';
import { readOptions } from './options.js';

const USAGE = 'trunk test [NAME] [--json]';

export type HostReport = { readonly trunk: string; readonly host: string; readonly address: string | null; readonly status: number | null; readonly ms: number | null; readonly why: string | null };

/** Sends OPTIONS to every host of the trunks; exit code 1 when one does not answer or says it is out of service. */
export async function trunkTest(args: readonly string[], io: Io): Promise<ExitCode> {
  const { json, rest: [name, ...more] } = readOptions(args, { json: 'flag' }, USAGE);
  if (more.length > 0) throw new WrongUse('one trunk at most', { hint: `usage: strowger ${USAGE}` });
  const settings = readSettings(io.env);
  const all = (await houseOf(settings, io)).trunks;
  const trunks = all.filter((trunk) => name === undefined || trunk.name === name);
  if (trunks.length === 0) throw new WrongUse(name === undefined ? 'no trunk is configured' : `there is no trunk "${name}"`, { hint: `trunks: ${all.map((t) => t.name).join(', ') || 'none, see trunks.yaml'}` });
  const listen = (['udp', 'tcp'] as const).map((proto: Proto) => ({ proto, address: settings.sip.host, port: 0, advertise: settings.publicAddress }));
  const stack = await createStack({ listen, onRequest: (tx) => void tx.respond(createResponse(tx.request, 501)), onAck: () => undefined });
  try {
    const reports = (await Promise.all(trunks.map((trunk) => testHosts(stack, trunk, settings.publicAddress)))).flat();
    if (json) io.out(JSON.stringify(reports));
    else for (const report of reports) io.out(lineOf(report, io.lang));
    return reports.every(answers) ? 0 : 1;
  } finally {
    await stack.close();
  }
}

const answers = ({ status }: HostReport): boolean => status !== null && status !== 503 && status !== 408;

const testHosts = (stack: Stack, trunk: TrunkConfig, own: string): Promise<HostReport[]> =>
  Promise.all(trunk.hosts.map(({ uri }) => testHost(stack, uri, own, trunk.health.timeoutMs).then((result) => ({ trunk: trunk.name, host: uri, ...result }))));

async function testHost(stack: Stack, text: string, own: string, timeoutMs: number): Promise<Omit<HostReport, 'trunk' | 'host'>> {
  const uri = parseUri(text);
  if (uri.kind !== 'sip') return { address: null, status: null, ms: null, why: 'not a sip: URI' };
  const proto = uri.params.get('transport') === 'tcp' ? 'tcp' : 'udp';
  try {
    const [remote] = await locate({ proto, host: uri.host, port: uri.port });
    if (!remote) return { address: null, status: null, ms: null, why: 'the name leads to no address' };
    return { address: `${remote.proto}:${remote.address}:${remote.port}`, ...(await options(stack, text, remote, own, timeoutMs)) };
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return { address: null, status: null, ms: null, why: error.message };
  }
}

/** RFC 3261 §11: any final answer shows that somebody is there. */
function options(stack: Stack, uri: string, to: Remote, own: string, timeoutMs: number): Promise<Pick<HostReport, 'status' | 'ms' | 'why'>> {
  const request = createRequest({
    method: 'OPTIONS', uri, from: `<sip:ping@${own}>;tag=${newTag()}`, to: `<${uri}>`, callId: newCallId(), cseq: 1, headers: [['Accept', 'application/sdp']],
  });
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const silent = (why: string) => resolve({ status: null, ms: null, why });
    const late = setTimeout(() => silent(`no answer within ${timeoutMs} ms`), timeoutMs);
    stack.transactions.request(request, to, {
      onResponse: ({ status, reason }) => {
        if (status < 200) return;
        clearTimeout(late);
        resolve({ status, ms: Math.round(performance.now() - startedAt), why: status === 200 ? null : reason });
      },
      onTimeout: () => silent('no answer'),
      onTransportError: (error) => silent(error.message),
    });
  });
}

function lineOf(report: HostReport, lang: Io['lang']): string {
  const { trunk, host, address, status, ms, why } = report;
  const verdict = answers(report) ? (lang === 'en' ? 'answers' : '应答') : (lang === 'en' ? 'DOES NOT ANSWER' : '无应答');
  return `${trunk}  ${host}${address === null ? '' : ` (${address})`}: ${verdict}${status === null ? '' : ` ${status}`}${ms === null ? '' : ` ${ms} ms`}${why === null ? '' : `, ${why}`}`;
}
