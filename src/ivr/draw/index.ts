import { drawingOf, type DrawOptions } from './drawing.js';
import { toMermaid } from './mermaid.js';
import { toSvg } from './svg.js';

export type { DrawOptions } from './drawing.js';
export const DRAW_FORMATS = ['svg', 'mermaid'] as const;
export type DrawFormat = (typeof DRAW_FORMATS)[number];

/** Draws the flows of a dialplan, as a picture or as text for Mermaid. */
export const draw = (options: DrawOptions, format: DrawFormat): string => (format === 'svg' ? toSvg : toMermaid)(drawingOf(options));
