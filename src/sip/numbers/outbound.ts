import { matches, type Config, type ExtensionConfig, type TrunkConfig, type TrunkCredentials, type TrunkRoute } from '../../config/index.js';
import { parseUri, hostPort } from '../uri.js';
import { readNumber, writeNumber, type Reading } from './e164.js';
import { byPriorityAndWeight, type Random } from './order.js';

/** One INVITE to try, complete but for SDP. */
export interface OutboundAttempt {
  readonly trunk: string;
  /** The host's URI as configured, for health and log. */
  readonly host: string;
  readonly uri: string;
  readonly callerId: string;
  /** From and P-Asserted-Identity; `localhost` is replaced by the SIP server's own address. */
  readonly headers: Readonly<Record<string, string>>;
  readonly credentials: TrunkCredentials | undefined;
  /** Passes whatever the limits of its trunk. */
  readonly emergency: boolean;
  /** `carrier-a via sip1.carrier.example` */
  readonly label: string;
}
/** Whether a host is believed to answer. */
export type HostUp = (trunk: string, host: string) => boolean;

interface Chosen {
  readonly trunk: TrunkConfig;
  readonly route: TrunkRoute | undefined;
}

/** Trunks that take this number: by priority, then cost, then weight; each once, with the best of its routes. */
function chooseTrunks(config: Config, reading: Reading, emergency: boolean, random: Random): Chosen[] {
  const fits = (route: TrunkRoute): boolean => [reading.e164, reading.dialled].some((n) => n !== undefined && matches(route.pattern, n));
  const offers = config.trunks.flatMap((trunk): Chosen[] => {
    const [route] = trunk.outbound.filter(fits).sort((a, b) => a.priority - b.priority || a.cost - b.cost);
    if (route) return [{ trunk, route }];
    return emergency && trunk.emergency ? [{ trunk, route: undefined }] : [];
  });
  // A trunk named for emergencies goes before one that merely happens to match.
  const special = (c: Chosen): boolean => emergency && c.trunk.emergency;
  const cost = (c: Chosen): number => c.route?.cost ?? 0;
  const drawn = byPriorityAndWeight(offers, ({ route }) => ({ priority: route?.priority ?? 0, weight: route?.weight ?? 1 }), random);
  return drawn.sort((a, b) => Number(special(b)) - Number(special(a)) || (a.route?.priority ?? 0) - (b.route?.priority ?? 0) || cost(a) - cost(b));
}

export interface OutboundCall {
  readonly dialled: string;
  readonly from: ExtensionConfig | undefined;
  readonly emergency: boolean;
}

/** Every attempt worth making, in order; hosts believed down come last, for belief may be wrong. */
export function outboundAttempts(config: Config, call: OutboundCall, up: HostUp, random: Random): OutboundAttempt[] {
  const reading = readNumber(call.dialled, config.system.homeCountry);
  const attempts = chooseTrunks(config, reading, call.emergency, random).flatMap(({ trunk, route }) => {
    const number = call.emergency ? reading.dialled : writeNumber(reading, route ?? { format: 'dialled', strip: 0, prepend: '' });
    const hosts = byPriorityAndWeight(trunk.hosts, (h) => h, random);
    return hosts.flatMap((h) => attempt(trunk, route, h.uri, number, call) ?? []);
  });
  return [...attempts.filter((a) => up(a.trunk, a.host)), ...attempts.filter((a) => !up(a.trunk, a.host))];
}

function attempt(trunk: TrunkConfig, route: TrunkRoute | undefined, host: string, number: string, call: OutboundCall): OutboundAttempt | undefined {
  const uri = parseUri(host);
  if (!uri) return undefined;
  const transport = uri.params.get('transport');
  const callerId = call.from?.callerId ?? route?.callerId ?? trunk.callerId ?? trunk.register?.username ?? call.from?.number ?? 'anonymous';
  const user = encodeURIComponent(callerId).replaceAll('%2B', '+');
  const domain = trunk.register ? hostPort(uri.host, undefined) : 'localhost';
  return {
    trunk: trunk.name,
    host,
    uri: `${uri.scheme}:${encodeURI(number).replaceAll('#', '%23')}@${hostPort(uri.host, uri.port)}${transport === undefined ? '' : `;transport=${transport}`}`,
    callerId,
    headers: { From: `<sip:${user}@${domain}>`, 'P-Asserted-Identity': `<sip:${user}@${domain}>` },
    credentials: trunk.credentials,
    emergency: call.emergency,
    label: `${trunk.name} via ${hostPort(uri.host, uri.port)}`,
  };
}
