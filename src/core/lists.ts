/** Small acts on lists that are done millions of times. */

/** As `splice(place, 1)`, without the list that it makes of what it took. */
export function without<T>(list: T[], place: number): void {
  for (let at = place + 1; at < list.length; at += 1) list[at - 1] = list[at] as T; // below its length the list has no holes
  list.pop();
}
