import type { Catalogue } from '../src/events/index.js';

export function eventCatalogue(file?: string): Catalogue;
