import * as dagre from '@dagrejs/dagre';

interface Size {
  readonly width: number;
  readonly height: number;
}
export interface Spot {
  readonly x: number;
  readonly y: number;
}
export interface Link {
  readonly v: string;
  readonly w: string;
  readonly name?: string;
}
/** What we need of dagre's graph. */
export interface LayoutGraph {
  setGraph(options: { readonly rankdir: 'TB'; readonly nodesep: number; readonly ranksep: number; readonly edgesep: number; readonly marginx: number; readonly marginy: number }): unknown;
  graph(): Partial<Size>;
  setNode(id: string, size: Size): unknown;
  node(id: string): Spot;
  setEdge(from: string, to: string, label: Size & { readonly labelpos: 'c' }, name: string): unknown;
  edges(): readonly Link[];
  edge(link: Link): Partial<Size & Spot> & { readonly points?: readonly Spot[] };
}

/** Its own declarations name files without their extension, which `nodenext` does not find. */
const typed = dagre as unknown as { readonly Graph: new (kind: { readonly multigraph: boolean }) => LayoutGraph; readonly layout: (graph: LayoutGraph) => unknown };

export const createGraph = (): LayoutGraph => new typed.Graph({ multigraph: true });
export const layOut = (graph: LayoutGraph): void => void typed.layout(graph);
