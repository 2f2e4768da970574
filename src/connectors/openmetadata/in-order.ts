/**
 * Works on some items at once and gives the results in the items' order; no more than so many results wait to be taken.
 * @throws the first failure in that order; what is under way then is given up
 */
export async function* inOrder<T, R>(
  items: Iterable<T>,
  atOnce: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R, void, void> {
  const underWay: Promise<R>[] = [];
  for (const item of items) {
    const result = work(item);
    // It is awaited in its turn, or given up with the rest.
    result.catch(() => undefined);
    underWay.push(result);
    if (underWay.length >= atOnce) yield await underWay.shift()!;
  }
  for (const result of underWay) yield await result;
}
