import { execFileSync } from 'node:child_process';

export type Nat = {
  /** Run the phone farm in here: `startFarm(nat.inside)`. */
  readonly inside: string;
  /** The private address of the phone; from outside it looks like `publicAddress`. */
  readonly privateAddress: string;
  readonly publicAddress: string;
  /** An address of this machine (the server side) that the phone reaches through the NAT. */
  readonly serverAddress: string;
  /** Always call it, also after a failure. */
  readonly remove: () => void;
};

/** The reason why namespaces cannot be made here, or undefined. */
export function natImpossible(): string | undefined {
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  return undefined;
}

const run = (command: string, ...args: readonly string[]): void => {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
};
const quietly = (command: string, ...args: readonly string[]): void => {
  try {
    run(command, ...args);
  } catch {
    // it was not there
  }
};
let made = 0;

/**
 * phone namespace ── router namespace with MASQUERADE ── this machine. The server listens on `serverAddress`, which is one
 * end of a link of its own; only the router's outer address can reach it.
 */
export function createNat(): Nat {
  made += 1;
  const id = `${String(process.pid % 10_000)}${String(made)}`;
  const [phone, router] = [`sw-ph-${id}`, `sw-rt-${id}`];
  // With real servers, which must listen there beforehand, the network is not ours to choose: STROWGER_TEST_NAT_NET says it.
  const net = Number(process.env['STROWGER_TEST_NAT_NET'] ?? 64 + ((process.pid + made) % 190));
  const outer = `10.${String(net)}.1`;
  const inner = `192.168.${String(net)}`;
  const remove = (): void => {
    quietly('ip', 'netns', 'del', phone);
    quietly('ip', 'netns', 'del', router);
    quietly('ip', 'link', 'del', `swo${id}`);
  };
  const inRouter = (...args: readonly string[]): void => run('ip', 'netns', 'exec', router, ...args);
  try {
    run('ip', 'netns', 'add', phone);
    run('ip', 'netns', 'add', router);
    run('ip', 'link', 'add', `swo${id}`, 'type', 'veth', 'peer', 'name', 'out', 'netns', router);
    run('ip', 'link', 'add', 'in', 'netns', router, 'type', 'veth', 'peer', 'name', 'eth', 'netns', phone);
    run('ip', 'addr', 'add', `${outer}.1/24`, 'dev', `swo${id}`);
    run('ip', 'link', 'set', `swo${id}`, 'up');
    run('ip', '-n', router, 'addr', 'add', `${outer}.2/24`, 'dev', 'out');
    run('ip', '-n', router, 'addr', 'add', `${inner}.1/24`, 'dev', 'in');
    run('ip', '-n', phone, 'addr', 'add', `${inner}.2/24`, 'dev', 'eth');
    for (const [space, device] of [[router, 'out'], [router, 'in'], [router, 'lo'], [phone, 'eth'], [phone, 'lo']] as const) run('ip', '-n', space, 'link', 'set', device, 'up');
    run('ip', '-n', phone, 'route', 'add', 'default', 'via', `${inner}.1`);
    inRouter('sysctl', '-qw', 'net.ipv4.ip_forward=1');
    // Random ports, or the NAT would keep the phone's own port number and hide what rport is for.
    inRouter('iptables', '-t', 'nat', '-A', 'POSTROUTING', '-o', 'out', '-j', 'MASQUERADE', '--random');
    inRouter('iptables', '-P', 'FORWARD', 'DROP');
    inRouter('iptables', '-A', 'FORWARD', '-i', 'in', '-j', 'ACCEPT');
    inRouter('iptables', '-A', 'FORWARD', '-m', 'state', '--state', 'ESTABLISHED,RELATED', '-j', 'ACCEPT');
  } catch (error) {
    remove();
    throw error;
  }
  return { inside: phone, privateAddress: `${inner}.2`, publicAddress: `${outer}.2`, serverAddress: `${outer}.1`, remove };
}
