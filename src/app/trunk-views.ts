import type { ExtensionReader, ExtensionView, TrunkReader, TrunkView } from '../api/index.js';
import type { Config, ExtensionConfig } from '../config/index.js';
import type { Location, Trunks } from '../sip/index.js';

export function extensionReader(config: () => Config, location: Location): ExtensionReader {
  const view = ({ number, name }: ExtensionConfig): ExtensionView => ({
    number, name,
    registrations: location.lookup(number).map((b) => ({ contact: b.uri, source: `${b.proto}:${b.address}:${b.port}`, userAgent: b.userAgent ?? null, expiresAt: b.expiresAt })),
  });
  return {
    extensions: () => config().extensions.map(view),
    extension(number) {
      const found = config().extensions.find((e) => e.number === number);
      return found && view(found);
    },
  };
}

export const trunkReader = (config: () => Config, trunks: Trunks): TrunkReader => ({
  trunks: () =>
    trunks.list().map((trunk): TrunkView => {
      const anyUp = trunk.hosts.some((h) => h.up);
      return {
        name: trunk.name,
        health: anyUp && trunk.registered !== false ? 'up' : 'down',
        registered: trunk.registered ?? null,
        hosts: trunk.hosts.map(({ uri, up, checkedAt, why }) => ({ uri, state: checkedAt === undefined ? 'unknown' : up ? 'up' : 'down', checkedAt: checkedAt ?? null, why: why ?? null })),
        calls: trunk.calls,
        maxCalls: trunk.maxCalls ?? null,
        maxCps: config().trunks.find((t) => t.name === trunk.name)?.maxCps ?? null,
      };
    }),
});
