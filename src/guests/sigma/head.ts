/** What a rule says of itself before its detection: id, title, level, ATT&CK techniques, and the log it is for. */

import type { Head, LogSource, Place, Related } from './rule.ts';
import { Unusable } from './rule.ts';
import { entryOf, type TreeMap, textOf, textsOf } from './tree.ts';

const LEVELS: readonly string[] = ['informational', 'low', 'medium', 'high', 'critical'];
const STATUSES: readonly string[] = ['stable', 'test', 'experimental', 'deprecated', 'unsupported'];
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
const TECHNIQUE = /^attack\.(t\d{4}(?:\.\d{3})?)$/i;

export function headOf(map: TreeMap, place: Place): Head {
  const text = (key: string) => textOf(entryOf(map, key)?.value);
  const title = text('title');
  const name = text('name');
  const id = text('id');
  const status = text('status');
  const level = text('level');
  const tags = textsOf(entryOf(map, 'tags')?.value);
  return {
    ...place,
    id: id ?? name ?? title ?? `${place.file}:${place.line}`,
    name,
    title: title ?? name ?? '(no title)',
    status,
    level,
    tags,
    attack: tags.flatMap((tag) => TECHNIQUE.exec(tag)?.[1]?.toUpperCase() ?? []),
    falsePositives: textsOf(entryOf(map, 'falsepositives')?.value),
    related: relatedOf(map),
    fields: textsOf(entryOf(map, 'fields')?.value),
    notes: [
      ...(title === null ? ['it has no title'] : []),
      ...(id !== null && !UUID.test(id) ? [`its id “${id.slice(0, 60)}” is no UUID`] : []),
      ...(level !== null && !LEVELS.includes(level.toLowerCase()) ? [`its level “${level.slice(0, 40)}” is not known`] : []),
      ...(status !== null && !STATUSES.includes(status.toLowerCase()) ? [`its status “${status.slice(0, 40)}” is not known`] : []),
      ...(status === 'deprecated' || status === 'unsupported' ? [`its author calls it ${status}`] : []),
    ],
  };
}

function relatedOf(map: TreeMap): Related[] {
  const list = entryOf(map, 'related')?.value;
  if (list?.is !== 'list') return [];
  return list.items.flatMap((item) => {
    const id = item.is === 'map' ? textOf(entryOf(item, 'id')?.value) : null;
    return item.is !== 'map' || id === null ? [] : [{ id, type: textOf(entryOf(item, 'type')?.value) ?? 'related' }];
  });
}

export function logSourceOf(map: TreeMap): LogSource {
  const entry = entryOf(map, 'logsource');
  if (entry === undefined) throw new Unusable('the rule has no logsource', map.line);
  const { value } = entry;
  if (value.is !== 'map') throw new Unusable('the logsource is no map', entry.line);
  const text = (key: string) => textOf(entryOf(value, key)?.value)?.toLowerCase() ?? null;
  const source = { category: text('category'), product: text('product'), service: text('service') };
  if (source.category === null && source.product === null && source.service === null)
    throw new Unusable('the logsource names neither category, product nor service', entry.line);
  return source;
}
