import type { Config, ExtensionConfig } from '../config/index.js';

const indexes = new WeakMap<Config, ReadonlyMap<string, ExtensionConfig>>();

/** The extension of a number, by an index made once for each configuration. */
export function extensionOf(config: Config, number: string): ExtensionConfig | undefined {
  let index = indexes.get(config);
  if (!index) {
    index = new Map(config.extensions.map((e) => [e.number, e]));
    indexes.set(config, index);
  }
  return index.get(number);
}
