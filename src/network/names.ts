import { OptionError } from "../check/errors.js";
import { siteOf } from "../check/site.js";
import type { Layer, Node } from "../layers/layer.js";

/**
 * Names each layer once: as the user did, else `dense`, `dense_2`, … in order. Layers of a network that was called as
 * a layer keep the names that they have there, behind its own: `encoder/dense`.
 *
 * @throws OptionError when two layers have one name
 */
export function nameLayers(who: string, nodes: readonly Node[]): Map<Layer, string> {
  const taken = new Map<string, Node>();
  const given = new Map<Layer, string>();
  const prefixes = new Map<object, string>();
  const claim = (name: string, node: Node) => {
    const other = taken.get(name);
    if (other !== undefined) {
      throw new OptionError(
        `${who}: two layers are named "${name}"${siteOf(other)} and${siteOf(node)}; needs a name of its own for each.`,
      );
    }
    taken.set(name, node);
  };
  for (const node of nodes) {
    const { layer, scope } = node;
    if (layer.label === undefined || scope !== undefined || given.has(layer)) continue;
    claim(layer.label, node);
    given.set(layer, layer.label);
  }
  const counts = new Map<string, number>();
  const free = (kind: string) => {
    for (;;) {
      const index = (counts.get(kind) ?? 0) + 1;
      counts.set(kind, index);
      const name = index === 1 ? kind : `${kind}_${index}`;
      if (!taken.has(name)) return name;
    }
  };
  const names = new Map<Layer, string>();
  for (const node of nodes) {
    const { layer, scope } = node;
    if (names.has(layer)) continue;
    let name = given.get(layer);
    if (name === undefined && scope !== undefined) {
      let prefix = prefixes.get(scope.network);
      if (prefix === undefined) {
        prefix = scope.label ?? free("network");
        claim(prefix, node);
        prefixes.set(scope.network, prefix);
      }
      name = `${prefix}/${scope.name}`;
      claim(name, node);
    }
    if (name === undefined) {
      name = free(layer.kind);
      claim(name, node);
    }
    names.set(layer, name);
  }
  return names;
}
