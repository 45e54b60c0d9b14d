/** What every event has in common in the Elastic Common Schema: values, and who is at the other end. */

export type EcsValue = string | number | boolean | readonly string[];
export type Ecs = Readonly<Record<string, EcsValue>>;

/** Fields before what is not known is left out. */
export type Loose = Readonly<Record<string, EcsValue | null | undefined>>;

/** What is not known is left out: an absent field matches nothing, an empty one might. */
export function known(fields: Loose): Ecs {
  const kept: Record<string, EcsValue> = {};
  for (const [name, value] of Object.entries(fields)) if (value !== null && value !== undefined && value !== '') kept[name] = value;
  return kept;
}

/** A host name may stand where the address is missing (UseDNS). */
export function peer(host: string | null, port: number | null = null): Loose {
  const address = host !== null && (/^[\d.]+$/.test(host) || host.includes(':'));
  return { 'source.ip': address ? host : null, 'source.address': host, 'source.port': port };
}
