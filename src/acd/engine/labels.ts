import type { FactData } from './events.js';
import type { AttributeValue, Attributes } from './types.js';

const LONGEST = 100;
const MOST_TAGS = 10;
const list = (value: AttributeValue | undefined): readonly string[] => (value === undefined ? [] : typeof value === 'object' ? value : [String(value)]);
const one = (value: AttributeValue | undefined): string | undefined => list(value)[0]?.trim().slice(0, LONGEST);

/** What reports tell contacts apart by, of what is known of one: `tags` with commas between, `product`, `region`. */
export function labels({ tags, product, region }: Attributes): FactData {
  const words = list(tags).slice(0, MOST_TAGS).map((tag) => tag.slice(0, LONGEST).replaceAll(',', ' ')).join(',');
  const [ofProduct, ofRegion] = [one(product), one(region)];
  return { ...(words === '' ? {} : { tags: words }), ...(ofProduct ? { product: ofProduct } : {}), ...(ofRegion ? { region: ofRegion } : {}) };
}
